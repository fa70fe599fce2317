package io.github.rpideploy.deploy.files;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a name in a compose file becomes a path beside it. */
final class Names {

  /** {@code $$}, {@code $NAME}, {@code ${NAME}} and what may stand after the name in braces. */
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:(\\$)|[A-Za-z_]\\w*|\\{[A-Za-z_]\\w*(?::?-([^{}$]*))?[^{}]*})");

  private Names() {}

  /**
   * A name with the defaults of its variables, whose values only the Pi knows.
   *
   * @return null when a variable has no default
   */
  static @Nullable String interpolated(String text) {
    if (text.indexOf('$') < 0) {
      return text;
    }
    Matcher variable = VARIABLE.matcher(text);
    StringBuilder result = new StringBuilder();
    int end = 0;
    while (variable.find()) {
      String value = variable.group(1) != null ? "$" : variable.group(2);
      if (value == null) {
        return null;
      }
      result.append(text, end, variable.start()).append(value);
      end = variable.end();
    }
    return result.append(text.substring(end)).toString();
  }

  /** Whether a path is none below the compose file's directory: absolute, or in the home. */
  static boolean isAbsolute(String path) {
    return path.startsWith("/")
        || path.startsWith("~")
        || path.matches("[A-Za-z]:[\\\\/].*")
        || path.startsWith("\\\\");
  }

  /**
   * The path without dots.
   *
   * @param base the directory where it starts, relative to the compose file's; empty for that one
   * @return relative to the compose file's directory, and {@code .} for that itself; null when it
   *     leads out of it
   */
  static @Nullable String normalized(String base, String path) {
    String joined = base.isEmpty() ? path : base + "/" + path;
    Deque<String> parts = new ArrayDeque<>();
    for (String part : joined.split("/", -1)) {
      if (part.equals("..")) {
        if (parts.pollLast() == null) {
          return null;
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return parts.isEmpty() ? "." : String.join("/", parts);
  }

  /** The directory of a path; empty for the compose file's own. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  /** The last part of a path. */
  static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * The host's side of a volume in the short syntax; null when it is none that is a path.
   *
   * @param volume {@code ./conf:/etc/app:ro}
   */
  static @Nullable String mounted(String volume) {
    int depth = 0;
    for (int i = 0; i < volume.length(); i++) {
      char c = volume.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == ':' && depth == 0) {
        String source = volume.substring(0, i);
        return isPath(source) ? source : null;
      }
    }
    return null;
  }

  /** Compose takes a source for a path when it begins like one, and else for a volume's name. */
  private static boolean isPath(String source) {
    String value = interpolated(source);
    return value == null
        ? source.indexOf('/') >= 0
        : value.startsWith(".") || value.startsWith("/") || value.startsWith("~");
  }
}
