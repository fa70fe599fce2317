package io.github.rpideploy.it.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A reactor whose modules deploy small services to several Pis, and its builds. */
public final class PisBuild {

  /** auth-server and extension-server; the first may read {@code FAILS} from .env on its Pi. */
  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          stop_signal: SIGKILL
          environment:
            FAILS: ${FAILS:-}
        extension-server:
          image: extension-server
          platform: linux/arm64
          stop_signal: SIGKILL
      """;

  /** What ends by itself must have the time for it. */
  public static final String SETTLED = "-Drpi.settle=7s";

  /** Counts the releases of all builds of this JVM: each is another one. */
  private static int version;

  private final Path directory;
  private final Pis pis;
  private final UserBuild build;

  /**
   * Writes the project; its services have no release yet.
   *
   * @param directory where the services' tarballs are; another build may share them
   * @param name of the project's folder
   * @param where properties of a service's module that say where it goes: XML
   * @param services in the order of the modules
   */
  public PisBuild(
      Path directory, Pis pis, String name, Function<String, String> where, List<String> services)
      throws Exception {
    this.directory = directory;
    this.pis = pis;
    this.build = new UserBuild(directory.resolve(name), directory.resolve(name + "-inputs"));
    build.settings("");
    StringBuilder modules = new StringBuilder("<packaging>pom</packaging><modules>");
    for (String service : services) {
      modules.append("<module>").append(service).append("</module>");
      build.pom(
          service,
          service,
          "<properties><rpi.service>%s</rpi.service><rpi.imageTar>%s</rpi.imageTar>%s</properties>"
              .formatted(service, tarball(service), where.apply(service)));
    }
    build.pom(".", "home", modules + "</modules>");
    Files.writeString(build.project().resolve("compose.yaml"), COMPOSE);
  }

  public Path project() {
    return build.project();
  }

  /** A new release of the service, which runs a command of the shell. */
  public void release(String service, String command) throws Exception {
    version++;
    Files.move(
        new TestService(service)
            .smallTarball(directory, "v" + version, "echo runs v" + version + "; " + command),
        tarball(service),
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Runs a goal by a Maven that stays. */
  public UserBuild.Outcome run(String goal, String... options) throws Exception {
    return build.again(Map.of(), arguments(List.of(goal), options));
  }

  /** Runs goals by a Maven of their own, as a user does. */
  public UserBuild.Outcome run(List<String> goals, String... options) throws Exception {
    return build.run(Map.of(), arguments(goals, options));
  }

  /** What a build printed that must have succeeded. */
  public static String succeeded(UserBuild.Outcome outcome) {
    assertThat(outcome.status()).as(outcome.output()).isZero();
    return outcome.output();
  }

  /** What a build printed that must have failed. */
  public static String failed(UserBuild.Outcome outcome) {
    assertThat(outcome.status()).as(outcome.output()).isOne();
    return outcome.output();
  }

  private List<String> arguments(List<String> goals, String... options) {
    List<String> arguments = new ArrayList<>(goals.stream().map(UserBuild::goal).toList());
    arguments.add("-Drpi.directory=rpi/home");
    arguments.add("-Drpi.sshConfig=" + pis.sshConfig());
    arguments.add("-Drpi.settle=1s");
    arguments.add("-Drpi.layerCache=" + directory.resolve("layers"));
    arguments.addAll(List.of(options));
    return arguments;
  }

  private Path tarball(String service) {
    return directory.resolve(service + ".tar");
  }
}
