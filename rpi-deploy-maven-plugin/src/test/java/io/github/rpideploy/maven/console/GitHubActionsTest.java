package io.github.rpideploy.maven.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.report.DeployJson;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.ReportEvents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitHubActionsTest {

  @TempDir Path directory;

  private final DeployJson deploy = new DeployJson(() -> Instant.EPOCH);
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Event> warnings = new ArrayList<>();

  @Test
  void the_summary_has_a_table_and_below_it_the_causes() throws IOException {
    inGitHub();
    Files.writeString(summary(), "An earlier step's.\n");
    for (String service : List.of("config", "auth-server", "gateway", "first")) {
      deploy.report(shipped(service));
    }
    deploy.report(chosen("config", "config:rpi-1"));
    deploy.report(new Event.Unchanged("config", "healthy"));
    deploy.report(chosen("auth-server", "auth-server:rpi-0"));
    deploy.report(new Event.Recreated("auth-server", "c1", Duration.ofMillis(1200)));
    deploy.report(new Event.Verified("auth-server", "healthy", Duration.ofSeconds(8)));
    deploy.report(chosen("gateway", "gateway:rpi-0"));
    deploy.report(new Event.Failed("gateway", "it exited\nwith code 1"));
    deploy.report(
        new Event.RolledBack("gateway", "gateway:rpi-0", "healthy", Duration.ofSeconds(4)));
    deploy.report(
        new Event.RolledBack("auth-server", "auth-server:rpi-0", "healthy", Duration.ofSeconds(3)));
    deploy.report(chosen("first", ""));
    deploy.report(new Event.Verified("first", "healthy", Duration.ofSeconds(8)));
    deploy.report(new Event.NotDeployed("last", "gateway failed before it"));

    tell();

    assertThat(summary())
        .hasContent(
            """
            An earlier step's.
            ### Deploy of 5 services: failed

            | service | outcome | release | sent | time |
            | --- | --- | --- | ---: | ---: |
            | config | unchanged | rpi-1 | 2.1 kB | 0.5 s |
            | auth-server | rolled back to rpi-0 | rpi-0 → rpi-1 | 2.1 kB | 12.7 s |
            | gateway | failed, back on rpi-0 | rpi-0 → rpi-1 | 2.1 kB | 4.5 s |
            | first | verified | – → rpi-1 | 2.1 kB | 8.5 s |
            | last | not deployed |  | 0 B | 0 s |

            **gateway** failed:

            <pre>it exited
            with code 1
            It is back on gateway:rpi-0.</pre>

            """);
    assertThat(warnings).isEmpty();
  }

  @Test
  void several_targets_have_a_column_and_are_named_in_errors() throws IOException {
    inGitHub();
    deploy.report(
        new Event.OnTarget("kitchen", new Event.Verified("web", "healthy", Duration.ZERO)));
    deploy.report(new Event.OnTarget("attic", new Event.Failed("web", "it exited")));

    tell();

    assertThat(summary())
        .content()
        .contains(
            """
            | target | service | outcome | release | sent | time |
            | --- | --- | --- | --- | ---: | ---: |
            | kitchen | web | verified |  | 0 B | 0 s |
            | attic | web | failed |  | 0 B | 0 s |
            """,
            "**web** failed on attic:");
    assertThat(printed()).isEqualTo("::error title=web failed on attic::it exited\n");
  }

  @Test
  void errors_are_escaped_as_GitHub_wants() {
    inGitHub();
    deploy.report(
        new Event.Failed(
            "a,b:c%\n::warning::x", "100% bad: \u001b[31m\r\n::stop-commands::x\n, and so on"));

    tell();

    assertThat(printed())
        .isEqualTo(
            "::error title=a%2Cb%3Ac%25 %3A%3Awarning%3A%3Ax failed"
                + "::100%25 bad: ?[31m%0D%0A::stop-commands::x%0A, and so on\n");
  }

  @Test
  void hostile_text_is_no_markup() throws IOException {
    inGitHub();
    deploy.report(
        new Event.Failed(
            "a|b`c`<img src=x>\n| [x](http://y) **z** &amp;",
            "</pre><script>alert(1)</script>\n\n| a | b |\n| --- | --- |\n&lt;"));

    tell();

    String name =
        "a&#124;b&#96;c&#96;&#60;img src&#61;x&#62; &#124; &#91;x&#93;"
            + "&#40;http&#58;&#47;&#47;y&#41; &#42;&#42;z&#42;&#42; &#38;amp&#59;";
    assertThat(summary())
        .content()
        .contains(
            "\n| " + name + " | failed |  | 0 B | 0 s |\n",
            "\n**" + name + "** failed:\n",
            """

            <pre>&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;

            | a | b |
            | --- | --- |
            &amp;lt;</pre>
            """);
  }

  @Test
  void a_cause_does_not_fill_the_summary() throws IOException {
    inGitHub();
    deploy.report(new Event.Failed("web", "x".repeat(2_000_000)));

    tell();

    assertThat(Files.size(summary())).isBetween(4000L, 5000L);
  }

  @Test
  void nothing_is_written_or_printed_elsewhere() {
    environment.put("GITHUB_STEP_SUMMARY", summary().toString());
    deploy.report(new Event.Failed("web", "it exited"));

    tell();

    assertThat(summary()).doesNotExist();
    assertThat(printed()).isEmpty();
  }

  @Test
  void a_build_without_services_has_no_summary() {
    inGitHub();

    tell();

    assertThat(summary()).doesNotExist();
  }

  @Test
  void a_summary_that_cannot_be_written_is_a_warning() {
    inGitHub();
    deploy.report(new Event.Failed("web", "it exited"));
    for (String file : List.of(directory.toString(), "none\0such")) {
      environment.put("GITHUB_STEP_SUMMARY", file);
      tell();
    }

    assertThat(warnings)
        .hasSize(2)
        .allSatisfy(warning -> assertThat(warning).isInstanceOf(Event.Warning.class));
    assertThat(printed()).contains("::error title=web failed::it exited\n");
  }

  @Test
  void a_runner_without_summaries_gets_the_errors() {
    environment.put("GITHUB_ACTIONS", "true");
    deploy.report(new Event.Failed("web", "it exited"));

    tell();

    assertThat(printed()).isNotEmpty();
    assertThat(warnings).isEmpty();
  }

  private void inGitHub() {
    environment.put("GITHUB_ACTIONS", "true");
    environment.put("GITHUB_STEP_SUMMARY", summary().toString());
  }

  private Path summary() {
    return directory.resolve("summary.md");
  }

  private void tell() {
    new GitHubActions(environment, new PrintStream(out, false, UTF_8))
        .tell(deploy.services(), warnings::add);
  }

  private String printed() {
    return out.toString(UTF_8);
  }

  private static Event chosen(String service, String before) {
    return new Event.ReleaseChosen(service, service + ":rpi-1", "sha256:1", before);
  }

  private static Event shipped(String service) {
    return ReportEvents.shipped(service, 2100);
  }
}
