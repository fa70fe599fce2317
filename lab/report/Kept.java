import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of the page, between two marks, that is kept when the rest is written. */
enum Kept {
  ADDED("added", "written by lab/bench added, kept when lab/bench report writes this page"),
  DOWNTIME("downtime", "written by lab/bench downtime, kept when lab/bench report writes this page"),
  REASONS("reasons", "written by hand, kept when lab/bench report writes this page");

  private final String begin;
  private final String end;
  private final Pattern pattern;

  Kept(String name, String note) {
    begin = "<!-- %s: %s -->".formatted(name, note);
    end = "<!-- /%s -->".formatted(name);
    pattern = Pattern.compile("<!-- %s.*?-->(.*)%s".formatted(name, Pattern.quote(end)), Pattern.DOTALL);
  }

  /** How a part begins that {@code lab/bench} measures by a command of its own. */
  static String heading(String title, String command, Properties facts) {
    return String.format(
        Locale.ROOT,
        "%n## %s%n%nMeasured by `lab/bench %s` on %s, commit %s, on %s processors (%s), %s; Docker Engine of the Pi %s.",
        title, command, facts.get("date"), facts.get("commit"), facts.get("processors"), facts.get("processor"),
        facts.get("kernel"), facts.get("piEngine"));
  }

  /** The part of a page, with its marks; empty but for them when the page has none. */
  String of(String page) {
    Matcher kept = pattern.matcher(page);
    return marked(kept.find() ? kept.group(1) : "\n");
  }

  /** A page with that part replaced. */
  String replace(String page, String text) {
    Matcher kept = pattern.matcher(page);
    if (!kept.find()) {
      throw new IllegalArgumentException("the page has no " + begin);
    }
    return page.substring(0, kept.start()) + marked(text) + page.substring(kept.end());
  }

  private String marked(String text) {
    return begin + text + end;
  }
}
