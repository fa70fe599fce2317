package io.github.rpideploy.image.tarball;

import io.github.rpideploy.image.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The name of an image as it stands in a compose file.
 *
 * @param text may have variables, whose values only the Pi knows
 */
record ImageName(String text) {

  /** {@code $$}, {@code $NAME} and {@code ${NAME:-default}}. */
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\$)|[A-Za-z_]\\w*|\\{[^}]*})");

  boolean hasVariables() {
    return VARIABLE.matcher(text).find();
  }

  /** Whether an image of that name may be meant. */
  boolean fits(ImageReference name) {
    if (!hasVariables()) {
      return ImageReference.find(text).filter(name::equals).isPresent();
    }
    List<String> pieces = pieces();
    Stream<String> forms = Stream.of(name.normalised(), name.familiar());
    if (name.tag().equals("latest")) {
      String whole = name.normalised();
      String untagged = whole.substring(0, whole.lastIndexOf(':'));
      forms = Stream.concat(forms, Stream.of(untagged, name.familiarName()));
    }
    return forms.anyMatch(form -> hasInOrder(pieces, form));
  }

  /** What stands between the variables: one piece more than there are of those. */
  private List<String> pieces() {
    Matcher variable = VARIABLE.matcher(text);
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    int end = 0;
    while (variable.find()) {
      piece.append(text, end, variable.start());
      end = variable.end();
      if (variable.group(1) != null) {
        piece.append('$');
      } else {
        pieces.add(piece.toString());
        piece.setLength(0);
      }
    }
    pieces.add(piece.append(text.substring(end)).toString());
    return pieces;
  }

  /** Whether the form begins with the first piece, ends with the last, and has all in order. */
  private static boolean hasInOrder(List<String> pieces, String form) {
    String last = pieces.get(pieces.size() - 1);
    if (pieces.size() == 1) {
      return form.equals(last);
    }
    if (!form.startsWith(pieces.get(0))) {
      return false;
    }
    int at = pieces.get(0).length();
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      int found = form.indexOf(piece, at);
      if (found < 0) {
        return false;
      }
      at = found + piece.length();
    }
    return form.length() - last.length() >= at && form.endsWith(last);
  }
}
