package io.github.rpideploy.maven.docs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Javadoc of a goal or a parameter, as Markdown.
 *
 * @param prose its paragraphs, a blank line between them
 * @param items what its list says: {@code Value}, {@code Default}, {@code Example}
 */
record Description(String prose, Map<String, String> items) {

  private static final Pattern LIST = Pattern.compile("<ul>(.*?)</ul>", Pattern.DOTALL);
  private static final Pattern ITEM =
      Pattern.compile("<li>\\s*(\\w+): (.*?)\\s*(?:</li>|(?=<li>)|$)", Pattern.DOTALL);
  private static final Pattern CODE = Pattern.compile("<code>(.*?)</code>", Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("</?[a-z][^>]*>");

  static Description of(String html) {
    Map<String, String> items = new LinkedHashMap<>();
    Matcher list = LIST.matcher(html);
    while (list.find()) {
      Matcher item = ITEM.matcher(list.group(1));
      while (item.find()) {
        items.put(item.group(1), markdown(item.group(2)));
      }
    }
    return new Description(markdown(LIST.matcher(html).replaceAll("")), items);
  }

  String firstSentence() {
    return Markdown.sentences(prose.split("\n\n", -1)[0]).get(0);
  }

  private static String markdown(String html) {
    StringBuilder text = new StringBuilder();
    Matcher code = CODE.matcher(html);
    int end = 0;
    while (code.find()) {
      text.append(prose(html.substring(end, code.start())))
          .append('`')
          .append(unescaped(code.group(1).replaceAll("\\s+", " ").strip()))
          .append('`');
      end = code.end();
    }
    return text.append(prose(html.substring(end))).toString().replaceAll(" *\n *", "\n").strip();
  }

  /** Paragraphs are all that we use; what else there is would have to be translated here. */
  private static String prose(String html) {
    String text = html.replaceAll("\\s+", " ").replaceAll("</p>", "").replaceAll(" ?<p>", "\n\n");
    Matcher tag = TAG.matcher(text);
    if (tag.find()) {
      throw new AssertionError("No Markdown is known for " + tag.group() + " in: " + html);
    }
    return unescaped(text);
  }

  private static String unescaped(String text) {
    return text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
  }
}
