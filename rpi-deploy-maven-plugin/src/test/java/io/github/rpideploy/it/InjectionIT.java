package io.github.rpideploy.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.HostileText;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UserBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real Maven is told hostile names, for a real Pi: each is taken as text or refused by name. What
 * would be executed makes a canary, on whichever machine.
 */
class InjectionIT {

  private static final String CANARY = "/tmp/pwned";

  private static final int PORTION = 5;

  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          platform: linux/arm64
          init: true
          # The Engine has networks for about thirty compose projects.
          network_mode: bridge
      """;

  @TempDir private static Path directory;

  private static Lab pi;
  private static Path tarball;

  /** The modules of the reactor: what each says, and what a refusal of it says; null: it works. */
  private record Module(Map<String, String> properties, String refusal) {}

  @BeforeAll
  static void aPiIsThere() throws Exception {
    pi = Lab.up("injection");
    tarball = new TestService("auth-server").tarball(directory, "one");
  }

  @AfterAll
  static void takeDown() throws Exception {
    pi.down();
  }

  @AfterEach
  void nothingWasExecuted() throws Exception {
    assertThat(canaries()).isEmpty();
  }

  private static List<String> canaries() throws Exception {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("/tmp"))) {
      files.map(Path::toString).filter(file -> file.startsWith(CANARY)).forEach(found::add);
    }
    found.addAll(pi.asRoot("find / -xdev -type f -name 'pwned*'").lines().toList());
    return found;
  }

  @Test
  void what_names_things_is_refused_when_nothing_can_be_called_so() throws Exception {
    Map<String, Module> modules = new LinkedHashMap<>();
    for (String text : HostileText.inXml("touch " + CANARY + "-refused")) {
      if (!text.matches("[-.a-z]+")) {
        add(modules, "rpi.service", text, "rpi.service");
      }
      if (!List.of("~", "~root", "..", "../../up", "*", "?", "[a-z]*", "%h", "#", "!!", "é€😀")
          .contains(text)) {
        if (!text.contains(",")) { // which separates routes
          add(modules, "rpi.host", text, "rpi.host");
        }
        add(modules, "rpi.user", text, "rpi.user");
      }
      add(modules, "rpi.platform", text, "platform");
      if (text.contains("\n")) {
        add(modules, "rpi.directory", text, "rpi.directory");
      }
    }
    UserBuild.Outcome outcome = run(modules, "ship");
    assertRefusedOrDone(outcome, modules);
  }

  /** Each in a build of its own: goals read the parameters of all modules. */
  @ParameterizedTest
  @ValueSource(strings = {"22; touch " + CANARY + "-port", "$(touch " + CANARY + "-port)"})
  void what_is_not_a_port_is_refused(String text) throws Exception {
    Map<String, Module> modules = new LinkedHashMap<>();
    add(modules, "rpi.port", text, "parameter port");
    assertRefusedOrDone(run(modules, "ship"), modules);
  }

  private static void add(
      Map<String, Module> modules, String property, String value, String refusal) {
    modules.put("m" + modules.size(), new Module(Map.of(property, value), refusal));
  }

  @Test
  void directories_and_files_are_what_they_are_called() throws Exception {
    Map<String, Module> modules = new LinkedHashMap<>();
    Map<String, String> directories = new LinkedHashMap<>();
    List<String> texts = new ArrayList<>(HostileText.inXml("touch " + CANARY + "-works"));
    texts.removeIf(text -> text.contains("\n"));
    // Several in a path: each deploy takes seconds. What goes up stays within the home.
    for (int from = 0; from < texts.size(); from += PORTION) {
      String name = "m" + modules.size();
      // Compose makes the project's name of letters and digits; some names have none.
      String remote =
          "rpi/a/b/c/d/e/f/"
              + String.join("/", texts.subList(from, Math.min(texts.size(), from + PORTION)))
              + "/"
              + name;
      modules.put(name, new Module(Map.of("rpi.directory", remote), null));
      directories.put(name, remote);
    }
    // A build holds a lock, and so a session, for each directory; sshd allows ten.
    assertRefusedOrDone(run(modules, "ship", "recreate", "verify"), modules);
    for (String remote : directories.values()) {
      assertThat(read(remote + "/compose.yaml")).as(remote).isEqualTo(COMPOSE.strip());
    }
  }

  private static void assertRefusedOrDone(UserBuild.Outcome outcome, Map<String, Module> modules) {
    List<String> problems = new ArrayList<>();
    modules.forEach(
        (name, module) -> {
          String failure = failure(outcome.output(), name);
          boolean asExpected =
              module.refusal() == null
                  ? failure.isEmpty() && outcome.output().contains(name + " ")
                  : failure.contains(module.refusal())
                      && module.properties().values().stream()
                          .allMatch(value -> isShown(value.strip(), failure));
          if (!asExpected) {
            problems.add(name + " " + module.properties() + ": " + failure);
          }
        });
    assertThat(problems).as(outcome.output()).isEmpty();
  }

  private static boolean isShown(String value, String failure) {
    return failure.contains(value)
        || failure.contains(value.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?"));
  }

  /** What Maven says in the end of a module's failure. */
  private static String failure(String output, String module) {
    String begin = "[ERROR] Failed to execute goal ";
    return Stream.of(output.split(Pattern.quote(begin), -1))
        .skip(1)
        .filter(text -> text.contains(" on project " + module + ": "))
        .findFirst()
        .orElse("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "deploy"})
  void goals_of_the_whole_reactor_take_them_as_they_are_too(String goal) throws Exception {
    for (String text : List.of("$(touch " + CANARY + "-all)", "'; touch " + CANARY + "-all; '")) {
      Map<String, Module> modules = new LinkedHashMap<>();
      modules.put("one", new Module(Map.of("rpi.directory", "-rf " + text + "/all"), null));
      assertThat(run(modules, goal).output()).contains("BUILD SUCCESS");
    }
  }

  private static UserBuild.Outcome run(Map<String, Module> modules, String... goals)
      throws Exception {
    UserBuild build =
        new UserBuild(Files.createTempDirectory(directory, "project"), directory.resolve("inputs"));
    build.settings("");
    Path compose = Files.writeString(directory.resolve("compose.yaml"), COMPOSE);
    Map<String, String> usual = new LinkedHashMap<>();
    pi.properties().forEach((key, value) -> usual.put(key.toString(), value.toString()));
    usual.put("rpi.service", "auth-server");
    usual.put("rpi.imageTar", tarball.toString());
    usual.put("rpi.composeFile", compose.toString());
    usual.put("rpi.layerCache", directory.resolve("layers").toString());
    build.pom(
        ".",
        "root",
        "<packaging>pom</packaging>"
            + properties(usual)
            + modules.keySet().stream()
                .map(name -> "<module>" + name + "</module>")
                .collect(Collectors.joining("", "<modules>", "</modules>")));
    for (Map.Entry<String, Module> module : modules.entrySet()) {
      build.pom(
          module.getKey(),
          module.getKey(),
          "<parent><groupId>it</groupId><artifactId>root</artifactId><version>1</version></parent>"
              + properties(module.getValue().properties()));
    }
    List<String> arguments = new ArrayList<>(List.of("-fae"));
    Stream.of(goals).map(UserBuild::goal).forEach(arguments::add);
    // One of each kind of goals as a user does it.
    return modules.size() > 1 ? build.run(Map.of(), arguments) : build.again(Map.of(), arguments);
  }

  private static String properties(Map<String, String> properties) {
    return properties.entrySet().stream()
        .map(
            property ->
                "<%1$s xml:space=\"preserve\">%2$s</%1$s>"
                    .formatted(
                        property.getKey(),
                        property.getValue().replace("&", "&amp;").replace("<", "&lt;")))
        .collect(Collectors.joining("", "<properties>", "</properties>"));
  }

  /** A file in the user's home, past every shell. */
  private static String read(String file) throws Exception {
    Process process =
        new ProcessBuilder("docker", "exec", pi.container(), "cat", "/home/pi/" + file)
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
