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
        return pattern.matcher(new Interruptible(body)).find()
            ? Optional.empty()
            : Optional.of("does not match " + pattern);
      } catch (StackOverflowError e) {
        return Optional.of("is too long for " + pattern);
      }
    }

    /** Ends the search with its thread: some expressions search some bodies for years. */
    private record Interruptible(CharSequence text) implements CharSequence {

      @Override
      public char charAt(int index) {
        if (Thread.currentThread().isInterrupted()) {
          throw new IllegalStateException("interrupted");
        }
        return text.charAt(index);
      }

      @Override
      public int length() {
        return text.length();
      }

      @Override
      public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
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
    try {
      return new Matches(Pattern.compile(regex));
    } catch (PatternSyntaxException e) {
      throw new DeployException(
          "smokeBodyRegex is not a regular expression: " + regex + " (" + e.getDescription() + ")",
          "Fix smokeBodyRegex (-Drpi.smokeBodyRegex), or use smokeBody for a literal text");
    }
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
