package io.github.rpideploy.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files go along with a compose file. */
class StackFilesTest {

  @TempDir Path directory;

  private FilesSpec spec = FilesSpec.DEFAULT;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          env_file: x                             | x
          env_file: [x, ./y/../x]                 | x
          env_file: [{path: x, required: false}]  | x
          label_file: x                           | x
          volumes: ["./x:/x"]                     | x
          volumes: ["./x:/x:ro"]                  | x
          volumes: ["${DIR:-.}/x:/x"]             | x
          volumes: ["${DIR-./dir}:/x"]            | dir/one dir/two
          volumes: [{type: bind, source: x}]      | x
          volumes: ["./dir:/x"]                   | dir/one dir/two
          volumes: ["./dir/one:/x", "dir:/y"]     | dir/one
          volumes: [x, "x:/data", "/x"]           |
          volumes: [{type: volume, source: x}]    |
          volumes: ["./not-here:/x"]              |
          configs: [c]                            | conf
          configs: [{source: c}]                  | conf
          extends: {file: y/base.yaml, service: s} | y/base.env y/base.yaml
          <<: *shared                             | x
          <<: [*shared]                           | x
          build: x                                |
          env_file: .env                          |
          """)
  void a_service_names_files(String line, String expected) throws IOException {
    for (String file : List.of("x", "dir/one", "dir/two", "conf", "y/base.env", ".env")) {
      put(file, "");
    }
    put("y/base.yaml", "services: {s: {env_file: base.env}}");

    StackFiles files =
        files(
            "x-shared: &shared {env_file: x}\nconfigs: {c: {file: ./conf}}\nservices:\n  a:\n    "
                + line.strip()
                + "\n");

    List<String> wanted = expected == null ? List.of() : List.of(expected.split(" ", -1));
    assertThat(files.of("a").keySet())
        .containsExactlyElementsOf(
            wanted.stream().filter(path -> !path.endsWith(".yaml")).toList());
    assertThat(files.files().keySet()).containsAll(wanted);
    assertThat(files.told()).isEmpty();
  }

  @Test
  void included_files_are_read_too_and_their_paths_start_where_they_are() throws IOException {
    put("sub/all.yaml", "include: [deep/more.yaml]\nservices: {a: {env_file: a.env}}");
    put("sub/a.env", "");
    put(
        "sub/deep/more.yaml",
        "secrets: {s: {file: key}, unused: {file: spare}}\nservices: {b: {secrets: [s]}}");
    put("sub/deep/key", "");
    put("sub/deep/spare", "");
    put("volumes.yaml", "volumes: {v: {}}");
    put("own/x.env", "");
    put("own.yaml", "services: {c: {env_file: x.env}}");
    put("include.env", "");

    StackFiles files =
        files(
            """
            include:
              - sub/all.yaml
              - {path: [own.yaml], project_directory: own, env_file: include.env}
              - sub/all.yaml
              - volumes.yaml
            """);

    assertThat(files.files())
        .containsOnlyKeys(
            "include.env",
            "own.yaml",
            "own/x.env",
            "sub/a.env",
            "sub/all.yaml",
            "sub/deep/key",
            "sub/deep/more.yaml",
            "sub/deep/spare",
            "volumes.yaml");
    assertThat(files.readByCompose())
        .contains("include.env", "own.yaml", "own/x.env", "sub/all.yaml", "sub/deep/more.yaml")
        .doesNotContain("sub/deep/key");
    assertThat(files.of("b")).containsOnlyKeys("sub/deep/key");
    assertThat(files.concerns("a", "sub/all.yaml")).isTrue();
    assertThat(files.concerns("b", "sub/all.yaml")).isFalse();
  }

  @Test
  void what_is_elsewhere_is_not_sent_and_told_once() throws IOException {
    put("real", "");
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
    Files.createDirectories(directory.resolve("dir"));
    Files.createSymbolicLink(directory.resolve("dir/link"), Path.of("/etc/passwd"));

    StackFiles files =
        files(
            """
            services:
              a:
                env_file: [../secret.env, link]
                volumes: ["/var/run/docker.sock:/x", "~/x:/y", "${CONF}/app.yml:/z", "./dir:/d"]
              b: {env_file: ../secret.env}
            """);

    assertThat(files.files()).isEmpty();
    assertThat(files.told())
        .containsExactlyInAnyOrder(
            "../secret.env (env_file of a in compose.yaml) is outside of the directory of the"
                + " compose file: not sent",
            "../secret.env (env_file of b in compose.yaml) is outside of the directory of the"
                + " compose file: not sent",
            "${CONF}/app.yml (volumes of a in compose.yaml) has a variable without a default, whose"
                + " value only the Pi knows: not sent",
            "link is a symbolic link: not sent",
            "dir/link is a symbolic link: not sent");
    assertThat(files.details()).hasSize(2).first().asString().contains("/var/run/docker.sock");
  }

  @Test
  void the_whole_directory_is_sent_without_what_is_of_this_machine() throws IOException {
    for (String path :
        List.of(".git/config", ".rpi/lock", ".env", "sub/.env", "compose.override.yaml", "a")) {
      put(path, "");
    }

    StackFiles files = files("services: {a: {volumes: [\".:/x\"]}}");

    assertThat(files.files()).containsOnlyKeys("a");
    assertThat(files.of("a")).containsOnlyKeys("a");
    assertThat(files.told())
        .containsExactly(
            "sub/.env is private: not sent. To send it: -Drpi.files=sub/.env",
            "compose.override.yaml is for this machine: not sent. To have it on the Pi:"
                + " -Drpi.composeFile=compose.yaml,compose.override.yaml");
    assertThat(files.localEnv()).isEmpty();
  }

  @Test
  void a_second_compose_file_is_the_override_of_the_Pi() throws IOException {
    put("pi.env", "");
    put("compose.pi.yaml", "services: {a: {env_file: pi.env}}");
    spec = new FilesSpec(directory.resolve("compose.pi.yaml"), List.of(), 1000, false);

    StackFiles files = files("services: {a: {image: a}, b: {image: b}}");

    assertThat(files.files()).containsOnlyKeys("compose.override.yaml", "pi.env");
    assertThat(files.files().values())
        .extracting(StackFile::local)
        .containsExactly(directory.resolve("compose.pi.yaml"), directory.resolve("pi.env"));
    assertThat(files.concerns("a", "compose.override.yaml")).isTrue();
    assertThat(files.concerns("b", "compose.override.yaml")).isFalse();
  }

  @Test
  void an_override_that_is_asked_for_is_not_called_one_of_this_machine() throws IOException {
    put("compose.override.yaml", "services: {a: {init: true}}");
    spec = new FilesSpec(directory.resolve("compose.override.yaml"), List.of(), 1000, false);

    StackFiles files = files("services: {a: {image: a}}");

    assertThat(files.files()).containsOnlyKeys("compose.override.yaml");
    assertThat(files.told()).isEmpty();
  }

  @Test
  void what_a_file_that_cannot_be_read_names_is_told_to_be_unknown() throws IOException {
    put("wrong.yaml", "services:\n  a:\n    password: 'abc\n");
    put("alias.yaml", "services: {a: *nowhere}");
    Files.write(directory.resolve("bytes.yaml"), new byte[] {'a', (byte) 0xc3, '('});

    assertThat(files("include: [wrong.yaml, alias.yaml, bytes.yaml]").told())
        .as("no content of the file")
        .containsExactly(
            "what wrong.yaml, line 4 names is not known: found unexpected end of stream: not sent",
            "what alias.yaml, line 1 names is not known: found undefined alias nowhere: not sent",
            "what bytes.yaml names is not known: Input length = 1: not sent");
  }

  @Test
  void files_that_include_each_other_without_end_are_not_followed() throws IOException {
    for (int i = 1; i < 300; i++) {
      put(i + ".yaml", "include: [" + (i + 1) + ".yaml]");
    }

    assertThat(files("include: [1.yaml]").told())
        .singleElement()
        .asString()
        .contains("compose.yaml names is not known: it includes or extends more than");
  }

  @Test
  void globs_name_more_files_and_fewer() throws IOException {
    for (String path :
        List.of(
            ".env",
            "certs/a.pem",
            "certs/b.key",
            "data/x",
            "data/deep/y",
            "conf/a.log",
            "xdata/z")) {
      put(path, "TOKEN=1\n");
    }
    String yaml = "services: {a: {volumes: [\"./data:/d\", \"./conf:/c\"]}}";

    assertThat(files(yaml).files()).containsOnlyKeys("conf/a.log", "data/deep/y", "data/x");
    assertThat(files(yaml).localEnv()).containsExactly("TOKEN");
    assertThat(with(".env", "certs/*.pem", "!data/**", "!**/*.log"))
        .containsOnlyKeys(".env", "certs/a.pem");
    assertThat(with("data/x")).as("one that goes anyway").containsKey("data/x");
    assertThat(with("certs", "!data/deep"))
        .containsOnlyKeys("certs/a.pem", "certs/b.key", "conf/a.log", "data/x");
    assertThat(with("xdata")).containsKeys("data/x", "xdata/z");
    // A star is not a name.
    assertThat(with("**")).doesNotContainKey(".env");
    assertThat(failure(() -> with("cert/*.pem")))
        .hasMessageContaining("rpi.files names cert/*.pem, but no file is called so");
    assertThat(failure(() -> with("certs/[")))
        .hasMessageContaining("rpi.files names certs/[, but no file is called so");
    assertThat(failure(() -> with("../x"))).hasMessageContaining("outside");
  }

  @Test
  void too_much_is_refused_with_the_largest() throws IOException {
    put("conf/small", "1234567890");
    put("data/large", "x".repeat(2000));
    spec = new FilesSpec(null, List.of(), 1000, false);

    DeployException failure =
        failure(() -> files("services: {a: {volumes: [\"./conf:/c\", \"./data:/d\"]}}"));

    assertThat(failure)
        .hasMessage(
            "The files beside compose.yaml that go to the Pi have more than 1.0 kB"
                + " (rpi.filesLimit). The largest: data/large, 2.0 kB, named by volumes of a");
    assertThat(failure.hint())
        .startsWith("Leave out what belongs to this machine only:")
        .contains("-Drpi.files='!data/**'", "-Drpi.filesLimit=1MB");
  }

  @Test
  void the_list_has_a_line_for_each_file_with_its_mode() throws IOException {
    put("b c", "hello\n");
    put("a", "");
    Files.setPosixFilePermissions(
        directory.resolve("a"), PosixFilePermissions.fromString("r-x--x--x"));
    Files.setPosixFilePermissions(
        directory.resolve("b c"), PosixFilePermissions.fromString("rw-------"));

    assertThat(files("services: {s: {env_file: [b c, a]}}").manifest())
        .isEqualTo(
            """
            e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 511 a
            5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 600 b c
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "services: [",
        "services: {a: {env_file: &a [*a]}}",
        "services: {a: &a {<<: *a}}",
        "a: &a {<<: [*a, *a]}\nservices: {x: *a}",
        "services: {a: {extends: a}, b: {extends: {service: a}}}",
        "include: [compose.yaml]",
        "services: {a: {extends: {file: compose.yaml, service: a}}}",
        "services: !reset null",
        "- a list",
        "just text",
        "\u0000",
        ""
      })
  @Timeout(20)
  void a_file_that_makes_no_sense_names_nothing(String yaml) throws IOException {
    assertThat(files(yaml).of("a")).isEmpty();
  }

  @Test
  @Timeout(20)
  void aliases_of_aliases_cost_nothing() throws IOException {
    StringBuilder yaml = new StringBuilder("x0: &x0 {env_file: [x]}\n");
    for (int i = 1; i < 40; i++) {
      yaml.append("x%1$d: &x%1$d {<<: [%2$s]}\n".formatted(i, "*x%d, ".formatted(i - 1).repeat(9)));
    }
    yaml.append("services: {a: *x39}\n");

    assertThat(files(yaml.toString()).files()).isEmpty();
  }

  private Map<String, StackFile> with(String... globs) throws IOException {
    spec = new FilesSpec(null, List.of(globs), 1_000_000, false);
    return files("services: {a: {volumes: [\"./data:/d\", \"./conf:/c\"]}}").files();
  }

  private interface Work {
    Object run() throws IOException;
  }

  private static DeployException failure(Work work) {
    return catchThrowableOfType(DeployException.class, work::run);
  }

  private StackFiles files(String yaml) throws IOException {
    put("compose.yaml", yaml);
    return StackFiles.of(new Stack("rpi/x", directory.resolve("compose.yaml"), false, spec));
  }

  private void put(String path, String content) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
