package io.github.rpideploy.maven.console;

import io.github.rpideploy.PlainText;
import io.github.rpideploy.report.DeployedService;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * What GitHub Actions shows of a deploy: an error for each service that failed, and the table of
 * the job's summary. Elsewhere it does nothing.
 *
 * @see <a href="https://docs.github.com/actions/reference/workflow-commands-for-github-actions">its
 *     workflow commands</a>
 */
final class GitHubActions {

  private final Map<String, String> environment;
  private final PrintStream out;

  /**
   * @param environment of the build
   * @param out where the runner reads commands, each at the start of a line
   */
  GitHubActions(Map<String, String> environment, PrintStream out) {
    this.environment = environment;
    this.out = out;
  }

  /**
   * Tells what became of the services.
   *
   * @param warnings hears of a summary that cannot be written
   */
  void tell(List<DeployedService> services, Reporter warnings) {
    if (!"true".equals(environment.get("GITHUB_ACTIONS")) || services.isEmpty()) {
      return;
    }
    services.stream()
        .filter(DeployedService::isFailed)
        .map(GitHubActions::error)
        .forEach(out::print);
    out.flush();
    String summary = environment.getOrDefault("GITHUB_STEP_SUMMARY", "");
    if (summary.isEmpty()) {
      return;
    }
    try {
      Files.write(
          Path.of(summary),
          MarkdownSummary.of(services).getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException | InvalidPathException e) {
      warnings.report(
          new Event.Warning(
              "The summary for GitHub Actions could not be written, which changes nothing on the"
                  + " Pi: "
                  + e));
    }
  }

  private static String error(DeployedService service) {
    String where = service.target().isEmpty() ? "" : " on " + service.target();
    return "::error title="
        + property(PlainText.line(service.service() + " failed" + where))
        + "::"
        + data(PlainText.of(MarkdownSummary.cause(service)))
        + "\n";
  }

  /** As the toolkit of GitHub escapes it: the percent sign first. */
  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
