package io.github.rpideploy.docker;

import com.google.gson.Gson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image as the Pi's Engine has it.
 *
 * @param id on a classic store the config digest, on the containerd store the manifest digest
 * @param layers the diffIDs, lowest first
 */
public record ImageFacts(String id, List<String> layers) {

  static final String FORMAT = "{\"id\":{{json .Id}},\"layers\":{{json .RootFS.Layers}}}";

  public ImageFacts {
    layers = List.copyOf(layers);
  }

  private record Json(String id, @Nullable List<String> layers) {}

  static ImageFacts parse(String json) {
    Json parsed = new Gson().fromJson(json, Json.class);
    return new ImageFacts(parsed.id, parsed.layers == null ? List.of() : parsed.layers);
  }
}
