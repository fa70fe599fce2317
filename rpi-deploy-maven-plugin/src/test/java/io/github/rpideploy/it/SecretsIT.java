package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.it.lab.Goals;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.Marks;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UserBuild;
import io.github.rpideploy.it.lab.WatchedPi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No goal gives a secret away, whether it succeeds or fails, also with {@code -X}: not in what
 * Maven prints, not in a file on either machine, not in the process list of the Pi. Each secret is,
 * or holds, a mark that nobody else writes, and everything is searched for all marks.
 */
class SecretsIT {

  private static final String DIRECTORY = "rpi/secrets";

  /**
   * Where the secrets of the compose project may lie on the Pi, because the user put them there or
   * because Docker does: the compose file, its {@code .env} and the files that go along with it,
   * those before that we keep beside them, and what the Engine knows of containers.
   */
  private static final List<String> OF_THE_USER =
      List.of(
          "home/pi/" + DIRECTORY + "/compose.yaml: ",
          "home/pi/" + DIRECTORY + "/.compose.yaml.before: ",
          "home/pi/" + DIRECTORY + "/.env: ",
          "home/pi/" + DIRECTORY + "/files/",
          "home/pi/" + DIRECTORY + "/.rpi/before/tree/files/",
          "var/lib/docker/",
          "run/docker/");

  /** Everything that this test and the Mavens write on this machine is below. */
  @TempDir private static Path directory;

  private static final Marks MARKS = new Marks();
  private static final String COMPOSE_SECRET = "environment of the service";
  private static final String DOTENV_SECRET = ".env beside the compose file";
  private static final String FILE_SECRET = "file that goes along: ";

  /** The secrets that every build has, whether it uses them or not. */
  private static final Map<String, String> ENVIRONMENT = new HashMap<>();

  private static Lab pi;
  private static WatchedPi watch;
  private static UserBuild build;
  private static Path inputs;
  private static TestService service;
  private static Path compose;

  /**
   * A way to log in, or to fail with that.
   *
   * @param name for people
   * @param environment of Maven
   * @param arguments of Maven
   * @param says what a failure says; empty when it is to succeed
   */
  private record Way(
      String name, Map<String, String> environment, List<String> arguments, String says) {

    Way(String name, Map<String, String> environment, String says) {
      this(name, environment, List.of(), says);
    }
  }

  private static final Way KEY_TEXT = new Way("key's text", Map.of(), "");

  @BeforeAll
  static void aPiIsWatched() throws Exception {
    inputs = Files.createDirectories(directory.resolve("inputs"));
    pi = Lab.up("secrets");
    watch = new WatchedPi(pi, inputs.resolve("processes"));
    build = new UserBuild(directory.resolve("project"), inputs);
    build.pom(".", "secrets", "");
    String passphrase = MARKS.make("passphrase of the settings");
    key("key of the settings", passphrase);
    watch.put(".ssh/authorized_keys", publicKey("key of the settings") + "\n");
    build.settings(
        """
        <servers>
          <server><id>pi</id><privateKey>%s</privateKey><passphrase>%s</passphrase></server>
          <server><id>clear</id><password>%s</password></server>
        </servers>
        """
            .formatted(
                file("key of the settings"), passphrase, MARKS.make("password of the settings")));
    service = new TestService("auth-server");
    goesAlong("auth.env", "BROKER_PASSWORD=" + MARKS.make(FILE_SECRET + "env_file") + "\n");
    goesAlong("key", MARKS.make(FILE_SECRET + "secret") + "\n");
    goesAlong("limits.yml", MARKS.make(FILE_SECRET + "config") + "\n");
    goesAlong("conf/app.yml", MARKS.make(FILE_SECRET + "bind mount") + "\n");
    compose = compose("compose.yaml", MARKS.make(COMPOSE_SECRET));
    watch.put(DIRECTORY + "/.env", "FROM_DOTENV=" + MARKS.make(DOTENV_SECRET) + "\n");
    ENVIRONMENT.put("RPI_SSH_KEY", key("key of the build", ""));
    watch.put(".ssh/authorized_keys", publicKey("key of the build") + "\n");
    ENVIRONMENT.put("RPI_SSH_KEY_PASSPHRASE", MARKS.make("passphrase in the environment"));
    ENVIRONMENT.put("DEPLOY_TOKEN", MARKS.make("token in the environment"));
  }

  @AfterAll
  static void takeDown() throws Exception {
    watch.stop();
    pi.down();
  }

  static List<Way> successes() throws Exception {
    String passphrase = MARKS.make("passphrase of an encrypted key");
    String encrypted = key("encrypted key in the environment", passphrase);
    watch.put(".ssh/authorized_keys", publicKey("encrypted key in the environment") + "\n");
    return List.of(
        KEY_TEXT,
        new Way(
            "encrypted key's text and passphrase",
            Map.of("RPI_SSH_KEY", encrypted, "RPI_SSH_KEY_PASSPHRASE", passphrase),
            ""),
        new Way(
            "another variable",
            Map.of("RPI_SSH_KEY", "", "MY_KEY", encrypted, "RPI_SSH_KEY_PASSPHRASE", passphrase),
            List.of("-Drpi.identityVariable=MY_KEY"),
            ""),
        new Way(
            "settings",
            Map.of("RPI_SSH_KEY", "", "RPI_SSH_KEY_PASSPHRASE", ""),
            List.of("-Drpi.server=pi"),
            ""));
  }

  /** Every goal needs the Pi, so each of these fails it. */
  static List<Way> failures() throws Exception {
    String stranger = key("key that the Pi does not know", "");
    String passphrase = MARKS.make("passphrase of a key");
    String encrypted = key("encrypted key", passphrase);
    Path file = Files.writeString(inputs.resolve("encrypted"), encrypted);
    return List.of(
        new Way("unauthorised key", Map.of("RPI_SSH_KEY", stranger), "Cannot log in"),
        new Way(
            "damaged key",
            Map.of("RPI_SSH_KEY", stranger.substring(0, stranger.length() / 2)),
            "RPI_SSH_KEY holds no private key"),
        new Way(
            "not a key",
            Map.of("RPI_SSH_KEY", MARKS.make("text in the place of the key")),
            "RPI_SSH_KEY holds no private key"),
        new Way(
            "encrypted key",
            Map.of("RPI_SSH_KEY", encrypted),
            "is not opened by RPI_SSH_KEY_PASSPHRASE"),
        new Way(
            "encrypted key file",
            Map.of("RPI_SSH_KEY", ""),
            List.of("-Drpi.identityFile=" + file),
            "is not opened by RPI_SSH_KEY_PASSPHRASE"),
        new Way(
            "password in the clear",
            Map.of(),
            List.of("-Drpi.server=clear"),
            "is not encrypted in"),
        new Way(
            "unknown host key",
            Map.of(),
            List.of("-Drpi.knownHosts=" + Files.writeString(inputs.resolve("nobody"), "")),
            "is not known"));
  }

  static Stream<Arguments> successfulGoals() throws Exception {
    return rows(successes());
  }

  static Stream<Arguments> failingGoals() throws Exception {
    return rows(failures());
  }

  /** Every goal in the first way, and every other way with one goal. */
  private static Stream<Arguments> rows(List<Way> ways) throws Exception {
    return Stream.concat(
        Goals.all().stream().map(goal -> Arguments.of(goal, ways.get(0))),
        ways.stream().skip(1).map(way -> Arguments.of("deploy", way)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("successfulGoals")
  void a_goal_that_succeeds(String goal, Way way) throws Exception {
    if (goal.equals("rollback")) {
      // What was deployed until now is what there is to go back to.
      run("deploy", way, service.tarball(inputs, "next"), compose);
    }
    UserBuild.Outcome outcome = run(goal, way, service.tarball(inputs, way.name()), compose);
    assertThat(outcome.output()).contains("BUILD SUCCESS");
    if (goal.equals("deploy")) {
      assertThat(
              pi.ssh(
                  "cd " + DIRECTORY + "; stat -c %a files/auth.env files/key files/conf/app.yml"))
          .isEqualTo("600\n600\n600");
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("failingGoals")
  void a_goal_that_fails(String goal, Way way) throws Exception {
    UserBuild.Outcome outcome = run(goal, way, service.tarball(inputs, "live"), compose);
    assertThat(outcome.output()).contains("BUILD FAILURE").contains(way.says());
  }

  @ParameterizedTest
  @MethodSource("io.github.rpideploy.it.lab.Goals#all")
  void a_goal_that_meets_a_compose_file_that_compose_refuses(String goal) throws Exception {
    Path refused = compose("refused.yaml", MARKS.make("value that compose refuses") + "${");
    UserBuild.Outcome outcome = run(goal, KEY_TEXT, service.tarball(inputs, "live"), refused);
    if (goal.equals("deploy")) {
      assertThat(outcome.output()).contains("auth-server.environment.DATABASE_PASSWORD");
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.rpideploy.it.lab.Goals#all")
  void a_goal_that_meets_a_service_that_prints_its_secrets_and_ends(String goal) throws Exception {
    Path talkative = talkative().writeDocker(inputs.resolve("talkative.tar"));
    UserBuild.Outcome outcome = run(goal, KEY_TEXT, talkative, compose);
    if (goal.equals("deploy")) {
      assertThat(outcome.output()).contains("BUILD FAILURE").contains("I know ");
    }
  }

  /** The same searches find what is no secret: the name of a directory, which is everywhere. */
  @Test
  void what_is_given_away_is_found() throws Exception {
    Marks names = new Marks();
    String mark = names.make("the name");
    UserBuild.Outcome outcome =
        maven(
            Map.of(),
            arguments(
                "deploy",
                service.tarball(inputs, "live"),
                Files.writeString(inputs.resolve("plain.yaml"), TestService.COMPOSE),
                "-Drpi.directory=rpi/" + mark));

    assertThat(names.in(outcome.output())).containsExactly("the name");
    assertThat(names.below(directory, inputs))
        .containsExactlyInAnyOrder(
            build.project().resolve("target/rpi/deploy.json") + ": the name",
            build.project().resolve("target/rpi/TEST-rpi.xml") + ": the name");
    assertThat(names.in(watch.recorded())).containsExactly("the name");
    assertThat(watch.files(names))
        .contains("the name of a file: the name")
        .anyMatch(found -> found.startsWith("var/lib/docker/containers/"));
  }

  @Test
  void processes_are_seen() throws Exception {
    Marks seen = new Marks();
    String argument = seen.make("argument");
    String variable = seen.make("variable");
    Process process = watch.leaveRunning(argument, variable);
    Lab.await(
        "the process is seen",
        () -> seen.in(watch.sampled()).equals(List.of("argument", "variable")));
    process.destroy();
  }

  /** Runs a goal, and searches everything. */
  private static UserBuild.Outcome run(String goal, Way way, Path tarball, Path composeFile)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(arguments(goal, tarball, composeFile, "-Drpi.directory=" + DIRECTORY));
    arguments.addAll(way.arguments());
    UserBuild.Outcome outcome = maven(way.environment(), arguments);

    assertThat(MARKS.in(outcome.output())).as("the console").isEmpty();
    assertThat(MARKS.below(directory, inputs)).as("files on this machine").isEmpty();
    assertThat(watch.watches()).isTrue();
    assertThat(MARKS.in(watch.sampled())).as("processes on the Pi").isEmpty();
    assertThat(MARKS.in(watch.recorded())).as("commands on the Pi").isEmpty();
    assertThat(watch.files(MARKS)).as("files on the Pi").allMatch(SecretsIT::isTheUsersOwn);
    return outcome;
  }

  private static List<String> arguments(
      String goal, Path tarball, Path composeFile, String remoteDirectory) {
    return List.of(
        "-X",
        UserBuild.goal(goal),
        "-Drpi.imageTar=" + tarball,
        "-Drpi.composeFile=" + composeFile,
        remoteDirectory);
  }

  private static boolean isTheUsersOwn(String found) {
    return OF_THE_USER.stream().anyMatch(found::startsWith)
        && Stream.of(COMPOSE_SECRET, DOTENV_SECRET, FILE_SECRET).anyMatch(found::contains);
  }

  private static UserBuild.Outcome maven(Map<String, String> environment, List<String> arguments)
      throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "-Drpi.service=auth-server", "-Drpi.layerCache=" + directory.resolve("layers")));
    all.addAll(arguments);
    pi.properties()
        .forEach(
            (key, value) -> {
              boolean chosen = arguments.stream().anyMatch(a -> a.startsWith("-D" + key + "="));
              if (!chosen && !key.equals("rpi.identityFile")) {
                all.add("-D" + key + "=" + value);
              }
            });
    Map<String, String> both = new HashMap<>(ENVIRONMENT);
    both.putAll(environment);
    both.put(
        "MAVEN_OPTS",
        "-Djava.io.tmpdir=%s -Duser.home=%s"
            .formatted(
                Files.createDirectories(directory.resolve("tmp")),
                Files.createDirectories(directory.resolve("home"))));
    // Each kind of success and of failure once as a user has it, and the other goals more quickly.
    return arguments.contains(UserBuild.goal("deploy"))
        ? build.run(both, all)
        : build.again(both, all);
  }

  private static Path compose(String file, String secret) throws Exception {
    return Files.writeString(
        inputs.resolve(file),
        """
        services:
          auth-server:
            image: auth-server
            platform: linux/arm64
            init: true
            env_file: files/auth.env
            volumes: ["./files/conf:/conf:ro"]
            secrets: [key]
            configs: [limits]
            environment:
              DATABASE_PASSWORD: "%s"
              API_TOKEN: "${FROM_DOTENV}"
        secrets: {key: {file: files/key}}
        configs: {limits: {file: files/limits.yml}}
        """
            .formatted(secret));
  }

  /** Only its owner may read it. */
  private static void goesAlong(String name, String content) throws Exception {
    Path file = inputs.resolve("files").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static TestImages talkative() {
    return service.image(
        "talkative",
        "sh",
        "-c",
        "echo I know $DATABASE_PASSWORD, $API_TOKEN and $BROKER_PASSWORD; exit 1");
  }

  private static Path file(String secret) {
    return inputs.resolve(secret.replace(' ', '-'));
  }

  /** Makes a key pair; its comment is a mark, each line of its text is one, and so is its name. */
  private static String key(String secret, String passphrase) throws Exception {
    Path file = file(secret);
    Process keygen =
        new ProcessBuilder(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                passphrase,
                "-C",
                MARKS.make("comment of the " + secret),
                "-f",
                file.toString())
            .inheritIO()
            .start();
    assertThat(keygen.waitFor()).isZero();
    String text = Files.readString(file);
    MARKS.addKey(text, secret);
    return text;
  }

  /** Without the comment, which is a mark. */
  private static String publicKey(String secret) throws Exception {
    String[] words = Files.readString(Path.of(file(secret) + ".pub")).split(" ", -1);
    return words[0] + " " + words[1];
  }
}
