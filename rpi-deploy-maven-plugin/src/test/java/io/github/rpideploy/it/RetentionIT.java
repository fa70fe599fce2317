package io.github.rpideploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestText;
import io.github.rpideploy.it.lab.Lab;
import io.github.rpideploy.it.lab.TestService;
import io.github.rpideploy.it.lab.UserBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many deploys in a row, by real Mavens to a real Engine: what stays on the Pi. Every night twenty,
 * with {@code -Dretention.deploys=20}.
 */
class RetentionIT {

  private static final int DEPLOYS = Integer.getInteger("retention.deploys", 12);

  /** These fail; three in a row would push every good release out if they counted. */
  private static final List<Integer> FAILING = List.of(6, 7, 8);

  /** What only one release has: 2 MB, which are worth nothing compressed. */
  private static final int OWN_BYTES = 2_000_000;

  /** Of others, or nobody's: some look much like releases of ours. */
  private static final List<String> FOREIGN =
      List.of(
          "other:latest",
          "other:rpi-0123456789ab",
          "my/auth-server:rpi-0123456789ab",
          "localhost:5000/auth-server:rpi-0123456789ab",
          "auth-server:rpi-backup",
          "auth-server:1.0");

  @TempDir private Path directory;

  private Lab pi;
  private UserBuild build;
  private List<String> options;

  @BeforeEach
  void setUp() throws Exception {
    pi = Lab.up("keep");
    Path compose = Files.writeString(directory.resolve("compose.yaml"), TestService.COMPOSE);
    build = new UserBuild(directory.resolve("project"), directory.resolve("inputs"));
    build.settings("");
    build.pom(".", "users-project", "");
    options =
        new ArrayList<>(
            List.of(
                UserBuild.goal("deploy"),
                "-Drpi.service=auth-server",
                "-Drpi.composeFile=" + compose,
                "-Drpi.directory=rpi/keep",
                "-Drpi.keep=3",
                "-Drpi.layerCache=" + directory.resolve("layers")));
    options.addAll(pi.mavenOptions());
  }

  @AfterEach
  void takeDown() throws Exception {
    pi.down();
  }

  @Test
  void after_many_deploys_the_newest_good_releases_are_there_and_nothing_of_others_is_gone()
      throws Exception {
    for (String name : FOREIGN) {
      imported(name);
    }
    String dangling = imported("");
    List<String> foreign = images();
    assertThat(foreign).hasSize(FOREIGN.size() + 1).anyMatch(image -> image.contains(dangling));

    TestService service = new TestService("auth-server");
    List<String> good = new ArrayList<>();
    long early = 0;
    for (int number = 1; number <= DEPLOYS; number++) {
      boolean fails = FAILING.contains(number);
      String release = deploy(service, number, fails);
      if (!fails) {
        good.add(release);
      }

      List<String> expected =
          new ArrayList<>(good.subList(Math.max(0, good.size() - 3), good.size()));
      if (fails) {
        expected.add(release);
      }
      List<String> all = images();
      String runs = all.remove(all.size() - 1);
      assertThat(all)
          .as("after deploy " + number)
          .contains(runs + " " + last(good))
          .containsAll(foreign);
      all.removeAll(foreign);
      assertThat(all.stream().map(image -> image.substring(image.indexOf(' ') + 1)))
          .as("after deploy " + number)
          .containsExactlyInAnyOrderElementsOf(with(expected, "auth-server:latest"));
      if (number == 5) {
        early = kilobytes();
      }
    }

    assertThat(pi.ssh("wc -l < rpi/keep/.rpi/history.jsonl")).isEqualTo("" + DEPLOYS);
    assertThat(pi.ssh("grep -c '\"outcome\":\"failed\",\"services\"' rpi/keep/.rpi/history.jsonl"))
        .isEqualTo("" + FAILING.size());
    long late = kilobytes();
    System.out.println(
        "docker on the Pi takes %d kB after 5 deploys, %d kB after %d"
            .formatted(early, late, DEPLOYS));
    assertThat(late - early).as("kB more").isLessThan(OWN_BYTES / 1000);
  }

  /** Returns the release tag. */
  private String deploy(TestService service, int number, boolean fails) throws Exception {
    byte[] own = TestImages.layerTar("app/own", TestText.noise("own " + number, OWN_BYTES));
    TestImages image = service.image("version " + number).layer(own, Compression.GZIP);
    if (fails) {
      image.config(RetentionIT::ends);
    }
    Path tarball = image.writeDocker(directory.resolve("image.tar"));
    List<String> arguments = new ArrayList<>(options);
    arguments.add("-Drpi.imageTar=" + tarball);
    UserBuild.Outcome outcome =
        number == 1 ? build.run(Map.of(), arguments) : build.again(Map.of(), arguments);
    assertThat(outcome.status()).as(outcome.output()).isEqualTo(fails ? 1 : 0);
    return service
        .candidate(tarball)
        .tarball()
        .releaseTag(ImageReference.parse("auth-server"))
        .familiar();
  }

  /** A container of it ends as soon as it has started. */
  private static void ends(JsonObject config) {
    JsonArray command = new JsonArray();
    command.add("false");
    config.getAsJsonObject("config").add("Cmd", command);
  }

  /** An image that we have not made; returns its id. */
  private String imported(String name) throws Exception {
    return pi.ssh(
        "head -c 10240 /dev/zero | docker import --change 'LABEL name=" + name + "' - " + name);
  }

  /** Id and name of all images, and at last, if there is a container, the id of what it runs. */
  private List<String> images() throws Exception {
    return new ArrayList<>(
        pi.ssh(
                "docker image ls --all --no-trunc --format '{{.ID}} {{.Repository}}:{{.Tag}}';"
                    + " docker ps --quiet | xargs -r docker inspect --format '{{.Image}}'")
            .lines()
            .toList());
  }

  /** What the Engine takes on the disk. */
  private long kilobytes() throws Exception {
    return Long.parseLong(pi.asRoot("du -sk /var/lib/docker | cut -f 1"));
  }

  private static <T> T last(List<T> list) {
    return list.get(list.size() - 1);
  }

  private static List<String> with(List<String> list, String more) {
    List<String> all = new ArrayList<>(list);
    all.add(more);
    return all;
  }
}
