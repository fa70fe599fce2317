package io.github.rpideploy.smoke;

import com.google.gson.JsonElement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A JSON pointer (RFC 6901): a place in a JSON document. */
record JsonPointer(List<String> tokens) {

  JsonPointer {
    tokens = List.copyOf(tokens);
  }

  /**
   * @param text begins with a slash
   */
  static JsonPointer parse(String text) {
    return new JsonPointer(
        Arrays.stream(text.substring(1).split("/", -1))
            .map(token -> token.replace("~1", "/").replace("~0", "~"))
            .toList());
  }

  /** The value at that place, if there is one. */
  Optional<JsonElement> in(JsonElement document) {
    JsonElement there = document;
    for (String token : tokens) {
      JsonElement next = child(there, token);
      if (next == null) {
        return Optional.empty();
      }
      there = next;
    }
    return Optional.of(there);
  }

  private static @Nullable JsonElement child(JsonElement parent, String token) {
    if (parent.isJsonObject()) {
      return parent.getAsJsonObject().get(token);
    }
    boolean isIndex = parent.isJsonArray() && token.matches("0|[1-9]\\d{0,8}");
    return isIndex && Integer.parseInt(token) < parent.getAsJsonArray().size()
        ? parent.getAsJsonArray().get(Integer.parseInt(token))
        : null;
  }

  @Override
  public String toString() {
    return tokens.stream()
        .map(token -> "/" + token.replace("~", "~0").replace("/", "~1"))
        .collect(Collectors.joining());
  }
}
