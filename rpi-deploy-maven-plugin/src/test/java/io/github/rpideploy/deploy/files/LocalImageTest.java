package io.github.rpideploy.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalImageTest {

  @TempDir private Path directory;

  @Test
  void it_is_told_as_it_stands_in_the_compose_file() throws IOException {
    Stack stack =
        stack(
            """
            x-image: &image
              image: ${REGISTRY:-local}/auth:${TAG}
            services:
              auth: {<<: *image}
              db: {image: "postgres:17"}
              built: {build: .}
            """,
            null);

    assertThat(LocalImage.of(stack, "auth")).contains("${REGISTRY:-local}/auth:${TAG}");
    assertThat(LocalImage.of(stack, "db")).contains("postgres:17");
    assertThat(LocalImage.of(stack, "built")).isEmpty();
    assertThat(LocalImage.of(stack, "other")).isEmpty();
  }

  @Test
  void the_second_file_comes_before_the_first() throws IOException {
    Stack stack =
        stack(
            "services: {auth: {image: auth}, db: {image: db}}",
            "services: {auth: {image: other}, db: {restart: always}}");

    assertThat(LocalImage.of(stack, "auth")).contains("other");
    assertThat(LocalImage.of(stack, "db")).contains("db");
  }

  @Test
  void what_cannot_be_read_says_nothing() throws IOException {
    assertThat(LocalImage.of(new Stack("x", null), "auth")).isEmpty();
    assertThat(LocalImage.of(new Stack("x", directory.resolve("none.yaml")), "auth")).isEmpty();
    for (String yaml :
        List.of(
            "",
            "services: [",
            "services: []",
            "- a",
            "services: {auth: {image: [a]}}",
            "\0",
            "[".repeat(100_000),
            "services: {auth: {image: a}}" + " ".repeat(1 << 20))) {
      assertThat(LocalImage.of(stack(yaml, null), "auth")).isEmpty();
    }
  }

  private Stack stack(String first, @Nullable String second) throws IOException {
    Path override =
        second == null ? null : Files.writeString(directory.resolve("second.yaml"), second);
    return new Stack(
        "x",
        Files.writeString(directory.resolve("compose.yaml"), first),
        false,
        new FilesSpec(override, List.of(), 1_000, false));
  }
}
