package io.github.rpideploy.maven.console;

import io.github.rpideploy.PlainText;
import io.github.rpideploy.report.DeployedService;
import io.github.rpideploy.report.Outcome;
import io.github.rpideploy.report.Units;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A deploy as a table in GitHub's Markdown, with the causes of what failed below it. */
final class MarkdownSummary {

  /** In characters; GitHub refuses a summary of more than 1 MiB. */
  private static final int LONGEST = 4000;

  private MarkdownSummary() {}

  static String of(List<DeployedService> services) {
    boolean several = services.stream().anyMatch(service -> !service.target().isEmpty());
    Outcome whole = Outcome.ofAll(services.stream().map(DeployedService::outcome).toList());
    StringBuilder text = new StringBuilder();
    text.append("### Deploy of ").append(Units.count(services.size(), "service"));
    text.append(": ").append(words(whole)).append("\n\n");
    text.append(several ? "| target " : "");
    text.append("| service | outcome | release | sent | time |\n");
    text.append(several ? "| --- " : "").append("| --- | --- | --- | ---: | ---: |\n");
    for (DeployedService service : services) {
      List<String> cells = new ArrayList<>();
      if (several) {
        cells.add(text(service.target()));
      }
      cells.add(text(service.service()));
      cells.add(outcome(service));
      cells.add(release(service));
      cells.add(Units.bytes(service.bytesSent()));
      cells.add(Units.seconds(service.elapsed()));
      text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    services.stream()
        .filter(DeployedService::isFailed)
        .forEach(service -> text.append(failure(service)));
    return text.append('\n').toString();
  }

  /** Why it failed, and what runs now. */
  static String cause(DeployedService service) {
    String reason = service.reason() == null ? "" : service.reason();
    String shown = reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST) + "…";
    return shown + service.back();
  }

  private static String failure(DeployedService service) {
    String where = service.target().isEmpty() ? "" : " on " + text(service.target());
    return "\n**"
        + text(service.service())
        + "** failed"
        + where
        + ":\n\n<pre>"
        + html(PlainText.of(cause(service)))
        + "</pre>\n";
  }

  private static String outcome(DeployedService service) {
    String words = words(service.outcome());
    String back = service.rolledBackTo();
    if (back == null) {
      return words;
    }
    return words
        + (service.outcome() == Outcome.ROLLED_BACK ? " to " : ", back on ")
        + text(tag(back));
  }

  private static String words(Outcome outcome) {
    return outcome.jsonName().replace('-', ' ');
  }

  /** What ran before, and what the deploy brought; once where both are the same. */
  private static String release(DeployedService service) {
    String before = tag(service.before());
    if (service.outcome() == Outcome.NOT_DEPLOYED || service.release() == null) {
      return text(before);
    }
    String after = tag(service.release());
    return before.equals(after)
        ? text(after)
        : (before.isEmpty() ? "–" : text(before)) + " → " + text(after);
  }

  /** Without the image's name, which is about the service's. */
  private static String tag(@Nullable String image) {
    return image == null ? "" : image.substring(image.lastIndexOf(':') + 1);
  }

  /**
   * Text that cannot be taken for Markdown or HTML, not in a table either: a numeric reference
   * never stands for a symbol of the structure (CommonMark 0.31, 2.5).
   */
  private static String text(String text) {
    StringBuilder safe = new StringBuilder();
    for (char c : PlainText.line(text).toCharArray()) {
      boolean plain = c == ' ' || c == '-' || c >= 0x80 || Character.isLetterOrDigit(c);
      safe.append(plain ? String.valueOf(c) : "&#" + (int) c + ";");
    }
    return safe.toString();
  }

  /** Between {@code <pre>} and {@code </pre>} there is no Markdown (CommonMark 0.31, 4.6). */
  private static String html(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
