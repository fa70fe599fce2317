package io.github.rpideploy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rooms of the house and the only arrows between them; docs/architecture.md draws them. */
@AnalyzeClasses(packages = "io.github.rpideploy", importOptions = DoNotIncludeTests.class)
class HouseTest {

  private static final String ROOT = "io.github.rpideploy";

  private static final Path SOURCES = Path.of("src/main/java/io/github/rpideploy");

  /** More files than that nobody finds anything in, and longer ones want a door. */
  private static final int LARGEST_ROOM = 34;

  private static final int LONGEST_FILE = 300;

  /** Rooms below the use cases: whoever decides what happens on the Pi may use them. */
  private static final List<String> ENGINE_ROOM =
      List.of("image", "docker", "docker.file", "remote", "smoke", "report");

  /** From each room, the rooms it may use. Every room may throw {@link DeployException}. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          entry("", List.of()),
          entry(
              "maven",
              List.of(
                  "maven.console",
                  "maven.parameters",
                  "maven.origin",
                  "maven.session",
                  "deploy",
                  "deploy.spec",
                  "deploy.ship",
                  "deploy.verify",
                  "deploy.look",
                  "deploy.doctor",
                  "ssh",
                  "ssh.settings",
                  "smoke",
                  "report")),
          entry("maven.parameters", List.of("ssh.settings")),
          entry("maven.origin", List.of("deploy.spec")),
          entry("maven.session", List.of()),
          entry("maven.console", List.of("deploy.look", "ssh.settings", "report")),
          entry(
              "deploy",
              and(
                  "deploy.spec",
                  "deploy.stack",
                  "deploy.swarm",
                  "deploy.ship",
                  "deploy.verify",
                  "deploy.others",
                  "deploy.history",
                  "deploy.look",
                  "image.delta")),
          entry(
              "deploy.look",
              and("deploy.history", "deploy.ship", "deploy.stack", "deploy.spec", "deploy.verify")),
          entry("deploy.verify", and("deploy.ship", "deploy.stack", "deploy.spec")),
          entry("deploy.others", and("deploy.verify", "deploy.stack", "deploy.spec")),
          entry(
              "deploy.doctor", and("deploy.others", "deploy.stack", "deploy.spec", "docker.swarm")),
          entry("deploy.history", and("deploy.spec")),
          entry("deploy.ship", and("deploy.spec", "deploy.files", "image.delta", "image.tarball")),
          entry("deploy.swarm", and("deploy.stack", "deploy.spec", "docker.swarm")),
          entry("deploy.stack", and("deploy.spec", "deploy.files")),
          entry("deploy.files", and("deploy.spec")),
          entry("deploy.spec", and()),
          entry("docker", List.of("docker.file", "remote")),
          entry("docker.swarm", List.of("docker", "docker.file", "remote")),
          entry("docker.file", List.of()),
          entry("smoke", List.of("remote")),
          entry("ssh", List.of("ssh.settings", "ssh.hostkey", "ssh.key", "remote", "report")),
          entry("ssh.hostkey", List.of("ssh.key", "ssh.settings", "remote", "report")),
          entry("ssh.key", List.of("ssh.settings", "remote", "report")),
          entry("ssh.settings", List.of("remote", "report")),
          entry("image", List.of("image.program")),
          entry("image.delta", List.of("image", "image.program")),
          entry("image.tarball", List.of("image")),
          entry("image.program", List.of()),
          entry("remote", List.of()),
          entry("report", List.of()));

  private static List<String> and(String... rooms) {
    return Stream.concat(ENGINE_ROOM.stream(), Stream.of(rooms)).toList();
  }

  @ArchTest
  static void only_the_allowed_arrows_lead_from_room_to_room(JavaClasses house) {
    ARROWS.forEach(
        (room, allowed) ->
            classes()
                .that(resideInAPackage(packageOf(room)))
                .should()
                .onlyDependOnClassesThat(
                    not(resideInAPackage(ROOT + ".."))
                        .or(resideInAPackage(ROOT))
                        .or(resideInAPackage(packageOf(room)))
                        .or(
                            resideInAnyPackage(
                                allowed.stream().map(HouseTest::packageOf).toArray(String[]::new)))
                        .as("reside in " + (allowed.isEmpty() ? "no other room" : allowed)))
                .check(house));
  }

  @ArchTest
  static void every_room_has_its_arrows(JavaClasses house) {
    Set<String> rooms = new TreeSet<>();
    house.forEach(type -> rooms.add(type.getPackageName()));
    assertThat(rooms)
        .containsExactlyInAnyOrderElementsOf(
            ARROWS.keySet().stream().map(HouseTest::packageOf).toList());
  }

  @ArchTest
  static final ArchRule no_rooms_are_in_a_circle =
      slices().matching("..rpideploy.(**)").should().beFreeOfCycles();

  @Test
  void no_room_and_no_file_is_too_large() throws IOException {
    Map<Path, Integer> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(SOURCES)) {
      for (Path file : paths.filter(path -> path.toString().endsWith(".java")).toList()) {
        files.merge(SOURCES.relativize(file.getParent()), 1, Integer::sum);
        assertThat(Files.readAllLines(file).size())
            .as("lines of " + file)
            .isLessThanOrEqualTo(LONGEST_FILE);
      }
    }
    assertThat(files).containsKey(Path.of("deploy", "spec"));
    files.forEach(
        (room, count) ->
            assertThat(count).as("files in " + room).isLessThanOrEqualTo(LARGEST_ROOM));
  }

  @ArchTest
  static final ArchRule only_maven_sees_Maven =
      noClasses()
          .that(areOutside("maven"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.maven..", "org.codehaus.plexus..", "org.eclipse.aether..");

  @ArchTest
  static final ArchRule only_ssh_sees_MINA =
      noClasses()
          .that(areOutside("ssh"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.sshd..");

  @ArchTest
  static final ArchRule only_smoke_sees_HttpClient =
      noClasses()
          .that(areOutside("smoke"))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.hc..");

  private static final String[] ORCHESTRATORS = {
    "deploy.stack.ComposeOrchestrator", "deploy.swarm.SwarmOrchestrator"
  };

  /** The compose directory has the compose file read, and restores it. */
  @ArchTest
  static final ArchRule only_the_orchestrator_sees_what_replaces_services =
      noClasses()
          .that(resideInAPackage(ROOT + ".deploy.."))
          .and()
          .doNotHaveSimpleName("ComposeDirectory")
          .and(not(are(ORCHESTRATORS)))
          .should()
          .dependOnClassesThat(
              are("docker.Compose", "docker.ServiceChanges", "docker.OldContainers"));

  @ArchTest
  static final ArchRule only_one_class_chooses_the_orchestrator =
      noClasses()
          .that(resideInAPackage(ROOT + ".deploy.."))
          .and()
          .doNotHaveSimpleName("ConnectedStack")
          .and(not(are(ORCHESTRATORS)))
          .should()
          .dependOnClassesThat(are(ORCHESTRATORS));

  private static DescribedPredicate<JavaClass> are(String... names) {
    List<String> all = Stream.of(names).map(name -> ROOT + "." + name).toList();
    return DescribedPredicate.describe(
        "are " + all, type -> all.stream().anyMatch(name -> isOf(type, name)));
  }

  /** Whether it is that class or within it. */
  private static boolean isOf(JavaClass type, String name) {
    return type.getName().equals(name) || type.getName().startsWith(name + "$");
  }

  private static String packageOf(String room) {
    return room.isEmpty() ? ROOT : ROOT + "." + room;
  }

  private static DescribedPredicate<JavaClass> areOutside(String room) {
    return resideInAPackage(ROOT + "..").and(not(resideInAPackage(packageOf(room) + "..")));
  }
}
