package io.github.rpideploy.deploy.files;

import io.github.rpideploy.deploy.spec.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The image that the local compose files name for a service, as it stands there. */
public final class LocalImage {

  /** A larger file is none. */
  private static final long LARGEST = 1 << 20;

  private LocalImage() {}

  /**
   * What the files of a stack say: the second one comes before the first one. Files that they
   * include are not read, and one that cannot be read says nothing: compose on the Pi tells what is
   * wrong with it.
   */
  public static Optional<String> of(Stack stack, String service) {
    return Stream.of(
            Optional.ofNullable(stack.files().override()), Optional.ofNullable(stack.composeFile()))
        .flatMap(Optional::stream)
        .map(file -> in(file, service))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> in(Path file, String service) {
    try {
      return Files.size(file) > LARGEST
          ? Optional.empty()
          : Optional.ofNullable(image(Files.readString(file), service));
    } catch (IOException | YamlEngineException e) {
      return Optional.empty();
    }
  }

  private static @Nullable String image(String yaml, String service) {
    YamlTree tree = YamlTree.parse(yaml);
    return YamlTree.text(
        tree.map(tree.map(tree.entries().get("services")).get(service)).get("image"));
  }
}
