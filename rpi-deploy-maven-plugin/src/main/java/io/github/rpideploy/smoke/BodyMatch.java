package io.github.rpideploy.smoke;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What the body of an answer must be like. */
public sealed interface BodyMatch {

  /** Compiling takes the square of the length. */
  int LONGEST_REGEX = 10_000;

  /** Why a body does not match; empty when it does. */
  Optional<String> mismatch(String body);

  /** It contains a literal text. */
  record Contains(String text) implements BodyMatch {

    @Override
    public Optional<String> mismatch(String body) {
      return body.contains(text) ? Optional.empty() : Optional.of("does not contain " + text);
    }
  }

  /** A part of it matches a Java regular expression. */
  record Matches(Pattern pattern) implements BodyMatch {

    @Override
    public Optional<String> mismatch(String body) {
      try {
        return pattern.matcher(new Budgeted(body, new int[] {BUDGET})).find()
            ? Optional.empty()
            : Optional.of("does not match " + pattern);
      } catch (Exhausted | StackOverflowError e) {
        // Java's matcher calls itself for each character that a group repeats.
        return Optional.of("is too long to be searched for " + pattern);
      }
    }

    /** Enough to read a whole body dozens of times; some expressions would take years. */
    private static final int BUDGET = 20_000_000;

    private static final class Exhausted extends RuntimeException {
      private static final long serialVersionUID = 1L;
    }

    /** A text of which only so many characters can be read. */
    @SuppressWarnings("ArrayRecordComponent") // a counter that parts of the text share
    private record Budgeted(CharSequence text, int[] left) implements CharSequence {

      @Override
      public char charAt(int index) {
        if (--left[0] < 0) {
          throw new Exhausted();
        }
        return text.charAt(index);
      }

      @Override
      public int length() {
        return text.length();
      }

      @Override
      public CharSequence subSequence(int start, int end) {
        return new Budgeted(text.subSequence(start, end), left);
      }

      @Override
      public String toString() {
        return text.toString();
      }
    }
  }

  /** It is JSON with a value at a JSON pointer (RFC 6901). Strings are compared without quotes. */
  record HasValue(JsonPointer pointer, String value) implements BodyMatch {

    @Override
    public Optional<String> mismatch(String body) {
      if (body.isBlank()) {
        return Optional.of("is empty");
      }
      JsonElement document;
      try {
        JsonReader reader = new JsonReader(new StringReader(body));
        reader.setStrictness(Strictness.STRICT);
        document = JsonParser.parseReader(reader);
        if (reader.peek() != JsonToken.END_DOCUMENT) {
          return Optional.of("is not JSON: text follows the document");
        }
      } catch (IOException | JsonParseException e) {
        return Optional.of("is not JSON");
      }
      Optional<JsonElement> found = pointer.in(document);
      if (found.isEmpty()) {
        return Optional.of("has nothing at " + pointer);
      }
      JsonElement there = found.get();
      boolean same =
          there.isJsonPrimitive()
              ? there.getAsString().equals(value)
              : there.toString().equals(value);
      return same ? Optional.empty() : Optional.of("does not have " + value + " at " + pointer);
    }
  }

  /**
   * Parses {@code smokeBodyRegex}.
   *
   * @throws DeployException when it is not a regular expression
   */
  static BodyMatch matches(String regex) {
    if (regex.length() > LONGEST_REGEX) {
      throw noRegex(regex, "it has " + regex.length() + " characters");
    }
    try {
      return new Matches(Pattern.compile(regex));
    } catch (PatternSyntaxException e) {
      throw noRegex(regex, e.getDescription());
    } catch (StackOverflowError e) {
      throw noRegex(regex, "it is nested too deeply");
    }
  }

  private static DeployException noRegex(String regex, String why) {
    return new DeployException(
        "smokeBodyRegex is not a regular expression: " + regex + " (" + why + ")",
        "Fix smokeBodyRegex (-Drpi.smokeBodyRegex), or use smokeBody for a literal text");
  }

  /**
   * Parses {@code smokeJson}: {@code /status=UP}.
   *
   * @throws DeployException when it is not a JSON pointer and a value
   */
  static BodyMatch hasValue(String pointerAndValue) {
    int equals = pointerAndValue.indexOf('=');
    if (equals < 0 || !pointerAndValue.startsWith("/")) {
      throw new DeployException(
          "smokeJson is not a JSON pointer and a value: " + pointerAndValue,
          "Write smokeJson (-Drpi.smokeJson) like /status=UP or /components/db/status=UP");
    }
    return new HasValue(
        JsonPointer.parse(pointerAndValue.substring(0, equals).strip()),
        pointerAndValue.substring(equals + 1).strip());
  }
}
