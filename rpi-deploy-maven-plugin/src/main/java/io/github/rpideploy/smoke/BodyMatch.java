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

  /** Why a body is not like that; empty when it is. */
  Optional<String> mismatch(String body);

  /** It contains a text, to the letter. */
  record Contains(String text) implements BodyMatch {

    @Override
    public Optional<String> mismatch(String body) {
      return body.contains(text) ? Optional.empty() : Optional.of("does not contain " + text);
    }
  }

  /** A part of it matches a regular expression of Java. */
  record Matches(Pattern pattern) implements BodyMatch {

    @Override
    public Optional<String> mismatch(String body) {
      return pattern.matcher(body).find()
          ? Optional.empty()
          : Optional.of("does not match " + pattern);
    }
  }

  /** It is JSON, and has a value at a place (RFC 6901). A string is compared without its quotes. */
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
          return Optional.of("is not JSON: something follows it");
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
   * What {@code smokeBodyRegex} says.
   *
   * @throws DeployException when it is no regular expression
   */
  static BodyMatch matches(String regex) {
    try {
      return new Matches(Pattern.compile(regex));
    } catch (PatternSyntaxException e) {
      throw new DeployException(
          "Not a regular expression for the body of a smoke test's answer: "
              + regex
              + " ("
              + e.getDescription()
              + ")",
          "Mend smokeBodyRegex (-Drpi.smokeBodyRegex), or use smokeBody for a text to the letter");
    }
  }

  /**
   * What {@code smokeJson} says: {@code /status=UP}.
   *
   * @throws DeployException when it is not a JSON pointer and a value
   */
  static BodyMatch hasValue(String pointerAndValue) {
    int equals = pointerAndValue.indexOf('=');
    if (equals < 0 || !pointerAndValue.startsWith("/")) {
      throw new DeployException(
          "Not a JSON pointer and its value: " + pointerAndValue,
          "Write smokeJson (-Drpi.smokeJson) like /status=UP or /components/db/status=UP");
    }
    return new HasValue(
        JsonPointer.parse(pointerAndValue.substring(0, equals).strip()),
        pointerAndValue.substring(equals + 1).strip());
  }
}
