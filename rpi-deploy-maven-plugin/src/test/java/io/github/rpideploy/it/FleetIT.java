package io.github.rpideploy.it;

import static io.github.rpideploy.it.lab.PisBuild.SETTLED;
import static io.github.rpideploy.it.lab.PisBuild.failed;
import static io.github.rpideploy.it.lab.PisBuild.succeeded;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.it.lab.Pis;
import io.github.rpideploy.it.lab.PisBuild;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UserBuild;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same two services on several Pis; on eight with {@code -Dfleet=8}. Each test leaves good ones
 * behind.
 */
class FleetIT {

  private static final int SIZE = Integer.getInteger("fleet", 3);

  private static final List<String> SERVICES = List.of("auth-server", "extension-server");

  @TempDir private static Path directory;

  private static List<String> names;
  private static Pis pis;
  private static PisBuild build;

  @BeforeAll
  static void up() throws Exception {
    names = IntStream.rangeClosed(1, SIZE).mapToObj(number -> "pi" + number).toList();
    pis = Pis.up(directory, names);
    String where = "<rpi.targets>" + String.join(",", names) + "</rpi.targets>";
    build = new PisBuild(directory, pis, "home", service -> where, SERVICES);
    release(TestService.RUNS);
    succeeded(build.run("deploy"));
  }

  @AfterAll
  static void down() throws Exception {
    pis.down();
  }

  @Test
  void each_is_replaced_whole_before_the_next() throws Exception {
    release(TestService.RUNS);

    assertThat(succeeded(build.run("plan"))).contains(names.stream().map(pi -> pi + ": ").toList());
    String output = succeeded(build.run("deploy"));

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

    assertThat(succeeded(build.run("ship")))
        .contains(names.stream().map(pi -> pi + ": auth-server  sent").toList());
    String output = succeeded(build.run(List.of("ship", "recreate", "verify")));

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

    String output = failed(build.run("deploy", SETTLED));

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

    assertThat(succeeded(build.run("status"))).contains("TARGET").contains(names);
  }

  @Test
  void one_that_is_off_is_left_out_where_that_is_asked_and_seen_in_the_exit_code()
      throws Exception {
    String off = names.get(0);
    List<String> before = images();
    release(TestService.RUNS);
    pis.pi(off).cut("--hold");
    pis.pi(off).cut();

    String refused = failed(build.run("deploy", "-Drpi.connectTimeout=3"));
    String[] atEnd = {"-Drpi.connectTimeout=3", "-Drpi.unreachable=failAtEnd"};
    String left = failed(build.run(List.of("ship", "recreate", "verify"), atEnd));
    String again = failed(build.run("deploy", atEnd));
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

    String back = succeeded(build.run("rollback", "-Drpi.targets=" + names.get(1)));
    assertThat(back).contains("extension-server");
    assertThat(images().get(1)).isEqualTo(before.get(1));
    assertThat(succeeded(build.run("logs", "-Drpi.tail=5")))
        .contains(names.get(1) + "/auth-server      | runs v");
  }

  /**
   * Only prints: how many seconds a whole {@code mvn rpi:ship} takes, to one Pi and to all, which
   * share 100 Mbit/s fairly, when both services have changed a little.
   */
  @Test
  @EnabledIfSystemProperty(named = "fleet", matches = "\\d+")
  void how_long_shipping_takes() throws Exception {
    for (int round = 0; round < 5; round++) {
      for (List<String> some : List.of(names.subList(0, 1), names)) {
        for (String pi : some) {
          pis.pi(pi).link(100_000 / some.size() + "kbit", "5ms");
        }
        release(TestService.RUNS);
        List<String> ship = List.of("ship");
        long begin = System.nanoTime();
        UserBuild.Outcome outcome = build.run(ship, "-Drpi.targets=" + String.join(",", some));
        double seconds = (System.nanoTime() - begin) / 1e9;
        assertThat(succeeded(outcome)).contains("  sent");
        System.out.printf("FleetIT shipping to %d: %.2f s%n", some.size(), seconds);
      }
    }
    for (String pi : names) {
      pis.pi(pi).link("none");
    }
    succeeded(build.run("deploy"));
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

  private static void release(String command) throws Exception {
    for (String service : SERVICES) {
      build.release(service, command);
    }
  }
}
