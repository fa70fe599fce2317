package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.it.lab.Pis;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UserBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same two services on several Pis; on eight with {@code -Dfleet=8}. Each test leaves good ones
 * behind.
 */
class FleetIT {

  private static final int SIZE = Integer.getInteger("fleet", 3);

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
  private static final String SETTLED = "-Drpi.settle=7s";

  private static final List<String> SERVICES = List.of("auth-server", "extension-server");

  @TempDir private static Path directory;

  private static List<String> names;
  private static Pis pis;
  private static UserBuild build;
  private static int version;

  @BeforeAll
  static void up() throws Exception {
    names = IntStream.rangeClosed(1, SIZE).mapToObj(number -> "pi" + number).toList();
    pis = Pis.up(directory, names);
    build = project();
    release(TestService.RUNS);
    succeeded(run("deploy"));
  }

  @AfterAll
  static void down() throws Exception {
    pis.down();
  }

  @Test
  void each_is_replaced_whole_before_the_next() throws Exception {
    release(TestService.RUNS);

    assertThat(succeeded(run("plan"))).contains(names.stream().map(pi -> pi + ": ").toList());
    String output = succeeded(run("deploy"));

    List<String> replaced =
        output.lines().filter(line -> line.contains("  verified")).map(FleetIT::pi).toList();
    assertThat(replaced)
        .containsExactlyElementsOf(
            names.stream().flatMap(pi -> SERVICES.stream().map(service -> pi)).toList());
    List<String> lines = output.lines().toList();
    assertThat(last(lines, "  sent")).isLessThan(first(lines, "  recreated"));
  }

  @Test
  void goals_of_the_modules_go_over_all_of_them_one_verified_before_the_next() throws Exception {
    release(TestService.RUNS);

    String output = succeeded(run(List.of("ship", "recreate", "verify")));

    assertThat(output.lines().filter(line -> line.contains("  verified")).map(FleetIT::pi))
        .containsExactlyElementsOf(SERVICES.stream().flatMap(service -> names.stream()).toList());
    assertThat(output)
        .containsSubsequence(
            names.get(0) + ": auth-server  verified", names.get(1) + ": auth-server  recreated");
  }

  @Test
  void one_that_fails_in_the_middle_stops_it_and_shows_how_all_stand() throws Exception {
    String middle = names.get(SIZE / 2);
    List<String> before = images();
    release("test -z \"$FAILS\" || exit 3; " + TestService.RUNS);
    pis.pi(middle).ssh("echo FAILS=here > rpi/home/.env");

    String output = failed(run("deploy", SETTLED));

    List<String> after = images();
    for (int i = 0; i < SIZE; i++) {
      boolean replaced = i < SIZE / 2;
      assertThat(after.get(i).equals(before.get(i))).as(names.get(i)).isEqualTo(!replaced);
    }
    assertThat(output)
        .contains(middle + ": ", "is back on ")
        .contains(SIZE / 2 + " on the new release (", "1 failed (" + middle + ")")
        .contains((SIZE - SIZE / 2 - 1) + " not touched (");
    assertThat(build.project().resolve("target/rpi/" + middle + "/auth-server.log")).exists();
    pis.pi(middle).ssh("rm rpi/home/.env");

    assertThat(succeeded(run("status"))).contains("TARGET").contains(names);
  }

  @Test
  void one_that_is_off_is_left_out_where_that_is_asked_and_seen_in_the_exit_code()
      throws Exception {
    String off = names.get(0);
    List<String> before = images();
    release(TestService.RUNS);
    pis.pi(off).cut("--hold");
    pis.pi(off).cut();

    String refused = failed(run("deploy", "-Drpi.connectTimeout=3"));
    String[] atEnd = {"-Drpi.connectTimeout=3", "-Drpi.unreachable=failAtEnd"};
    String left = failed(run(List.of("ship", "recreate", "verify"), atEnd));
    String again = failed(run("deploy", atEnd));
    pis.pi(off).link("none");

    assertThat(refused).doesNotContain("  sent");
    assertThat(left)
        .contains(names.get(1) + ": auth-server  verified")
        .contains(names.get(1) + ": extension-server  verified")
        .containsPattern("auth-server \\.+ FAILURE")
        .containsPattern("extension-server \\.+ FAILURE");
    assertThat(again).contains("unchanged");
    for (String output : List.of(left, again)) {
      assertThat(output).contains(off + " could not be reached", "-Drpi.targets=" + off);
    }
    List<String> after = images();
    assertThat(after.get(0)).isEqualTo(before.get(0));
    assertThat(after.subList(1, SIZE)).doesNotContainAnyElementsOf(before);

    String back = succeeded(run("rollback", "-Drpi.targets=" + names.get(1)));
    assertThat(back).contains("extension-server");
    assertThat(images().get(1)).isEqualTo(before.get(1));
    assertThat(succeeded(run("logs", "-Drpi.tail=5")))
        .contains(names.get(1) + "/auth-server      | runs v");
  }

  /** The Pi at the beginning of a line. */
  private static String pi(String line) {
    return line.replaceFirst("^\\[INFO\\] ", "").replaceFirst(":.*", "");
  }

  private static int first(List<String> lines, String text) {
    return IntStream.range(0, lines.size())
        .filter(i -> lines.get(i).contains(text))
        .findFirst()
        .orElseThrow();
  }

  private static int last(List<String> lines, String text) {
    return IntStream.range(0, lines.size())
        .filter(i -> lines.get(i).contains(text))
        .max()
        .orElseThrow();
  }

  /** What the last service of each Pi runs. */
  private static List<String> images() throws Exception {
    List<String> images = new ArrayList<>();
    for (String pi : names) {
      images.add(pi + " " + pis.runs(pi, "auth-server"));
    }
    return images;
  }

  private static String succeeded(UserBuild.Outcome outcome) {
    assertThat(outcome.status()).as(outcome.output()).isZero();
    return outcome.output();
  }

  private static String failed(UserBuild.Outcome outcome) {
    assertThat(outcome.status()).as(outcome.output()).isOne();
    return outcome.output();
  }

  private static UserBuild.Outcome run(String goal, String... options) throws Exception {
    return run(List.of(goal), options);
  }

  private static UserBuild.Outcome run(List<String> goals, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(goals.stream().map(UserBuild::goal).toList());
    arguments.add("-Drpi.sshConfig=" + pis.sshConfig());
    arguments.add("-Drpi.settle=1s");
    arguments.add("-Drpi.layerCache=" + directory.resolve("layers"));
    arguments.addAll(List.of(options));
    return goals.size() > 1 ? build.run(Map.of(), arguments) : build.again(Map.of(), arguments);
  }

  private static UserBuild project() throws Exception {
    UserBuild project = new UserBuild(directory.resolve("home"), directory.resolve("inputs"));
    project.settings("");
    for (String service : SERVICES) {
      project.pom(
          service,
          service,
          "<properties><rpi.service>%s</rpi.service><rpi.imageTar>%s</rpi.imageTar><rpi.targets>%s</rpi.targets></properties>"
              .formatted(service, tarball(service), String.join(",", names)));
    }
    project.pom(
        ".",
        "home",
        "<packaging>pom</packaging><modules><module>auth-server</module><module>extension-server</module></modules>");
    Files.writeString(project.project().resolve("compose.yaml"), COMPOSE);
    return project;
  }

  private static void release(String command) throws Exception {
    version++;
    for (String service : SERVICES) {
      Files.move(
          new TestService(service)
              .smallTarball(directory, "v" + version, "echo runs v" + version + "; " + command),
          tarball(service),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path tarball(String service) {
    return directory.resolve(service + ".tar");
  }
}
