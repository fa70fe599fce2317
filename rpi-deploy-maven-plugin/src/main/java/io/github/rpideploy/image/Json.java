package io.github.rpideploy.image;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.github.rpideploy.DeployException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A value of a JSON document in a tarball, which knows where it stands: every access says what it
 * expects, and the failure names the place.
 *
 * @param value never null; JSON's null is a value of its own
 * @param where for messages, for example {@code manifest.json, [0].Layers}
 * @param failures the failures of the tarball
 */
public record Json(JsonElement value, String where, TarballFailures failures) {

  /** A document of the largest image has a few thousand; more would take too much memory. */
  private static final int VALUE_LIMIT = 100_000;

  private static final int LONGEST_NUMBER = 18;

  /**
   * The text of a document, exactly: encoding it again gives the same bytes.
   *
   * @throws DeployException when it is not UTF-8 (RFC 8259, 8.1)
   */
  public static String text(byte[] content, String name, TarballFailures failures) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw failures.unusable(Text.shorten(name) + " in it is not JSON: it is not UTF-8");
    }
  }

  /**
   * The value that the text is.
   *
   * @throws DeployException when it is not exactly one JSON value (RFC 8259)
   */
  public static Json parse(String text, String name, TarballFailures failures) {
    String shown = Text.shorten(name);
    try {
      if (countValues(text) > VALUE_LIMIT) {
        throw failures.unusable(shown + " in it has more than " + VALUE_LIMIT + " values");
      }
      return new Json(JsonParser.parseReader(reader(text)), shown, failures);
    } catch (MalformedJsonException | EOFException | JsonParseException e) {
      throw failures.unusable(shown + " in it is not JSON: " + reason(e));
    } catch (IOException e) {
      throw failures.unreadable(e);
    }
  }

  /** A member of this object. */
  public Json get(String key) {
    return find(key).orElseThrow(() -> failures.unusable(at(key) + " is missing"));
  }

  /** A member of this object; empty when it is missing or null. */
  public Optional<Json> find(String key) {
    if (!value.isJsonObject()) {
      throw wrong("an object");
    }
    return Optional.ofNullable(value.getAsJsonObject().get(key))
        .filter(member -> !member.isJsonNull())
        .map(member -> new Json(member, at(key), failures));
  }

  /** The names of the members of this object. */
  public Set<String> names() {
    if (!value.isJsonObject()) {
      throw wrong("an object");
    }
    return value.getAsJsonObject().keySet();
  }

  /** The elements of this list. */
  public List<Json> list() {
    if (!value.isJsonArray()) {
      throw wrong("a list");
    }
    JsonArray array = value.getAsJsonArray();
    List<Json> elements = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      elements.add(new Json(array.get(i), where + "[" + i + "]", failures));
    }
    return elements;
  }

  /** This string. */
  public String string() {
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw wrong("a string");
    }
    return value.getAsString();
  }

  /** This number of bytes, if it is one; not all numbers that JSON can write are. */
  public OptionalLong size() {
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
      throw wrong("a number");
    }
    String digits = value.getAsString();
    boolean plain =
        digits.length() <= LONGEST_NUMBER && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return plain ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
  }

  /** This {@code sha256:<64 hex>}. */
  public Digest digest() {
    return Digest.find(string()).orElseThrow(() -> wrong("a SHA-256 digest"));
  }

  /** The failure that this value is not what it has to be. */
  public DeployException wrong(String expected) {
    return failures.unusable(where + " is not " + expected);
  }

  private String at(String key) {
    return where + ", " + key;
  }

  private static JsonReader reader(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    return reader;
  }

  private static int countValues(String text) throws IOException {
    JsonReader reader = reader(text);
    int count = 0;
    while (reader.peek() != JsonToken.END_DOCUMENT) {
      switch (reader.peek()) {
        case BEGIN_ARRAY -> reader.beginArray();
        case END_ARRAY -> reader.endArray();
        case BEGIN_OBJECT -> reader.beginObject();
        case END_OBJECT -> reader.endObject();
        // A member's name is skipped alone, and counts.
        default -> reader.skipValue();
      }
      if (++count > VALUE_LIMIT) {
        return count;
      }
    }
    return count;
  }

  /** Gson's first line; what follows is advice for programmers. */
  private static String reason(Exception e) {
    // Around another exception, Gson's own has the name of that one's class.
    String message = (e.getCause() == null ? e : e.getCause()).getMessage();
    return message == null ? "malformed" : Text.shorten(message.lines().findFirst().orElse(""));
  }
}
