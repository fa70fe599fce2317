package io.github.rpideploy.image;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** What wrote an image tarball, as far as that can be seen, and how it is made to write another. */
enum ImageTool {
  JIB_PLUGIN,
  /** Jib's Gradle plugin, its command line, or a program that uses its library. */
  JIB,
  /** Its own Jib, which gives the image to Docker. */
  QUARKUS,
  /** {@code pack}, and {@code spring-boot:build-image}. */
  BUILDPACKS,
  PODMAN,
  /** Or anything else. */
  DOCKER;

  private static final String CREATED_BY = "\"created_by\"\\s*:\\s*\"";
  private static final Pattern BY_JIB_PLUGIN = Pattern.compile(CREATED_BY + "jib-maven-plugin:");
  private static final Pattern BY_JIB = Pattern.compile(CREATED_BY + "jib[-:]");
  private static final Pattern BY_QUARKUS = Pattern.compile(CREATED_BY + "[Qq]uarkus:");

  /**
   * Jib and Quarkus write their names into the history; buildpacks and Podman leave labels. Without
   * a history the name of the file tells whether it is Jib's.
   *
   * @param config the image's config
   */
  static ImageTool of(String config, Path file) {
    if (BY_JIB_PLUGIN.matcher(config).find()
        || (!config.contains("\"history\"") && TarballFailures.isJibs(file))) {
      return JIB_PLUGIN;
    }
    if (BY_QUARKUS.matcher(config).find()) {
      return QUARKUS;
    }
    if (BY_JIB.matcher(config).find()) {
      return JIB;
    }
    if (config.contains("\"io.buildpacks.lifecycle.metadata\"")) {
      return BUILDPACKS;
    }
    // The label may be that of a base image.
    return config.contains("\"io.buildah.version\"") && !config.contains("buildkit.dockerfile")
        ? PODMAN
        : DOCKER;
  }

  /** How it builds for a platform. */
  String builds(Platform wanted, String name, Path file) {
    String saved = "save -o " + TarballFailures.quoted(file) + " " + name;
    return switch (this) {
      case JIB_PLUGIN ->
          """
          Jib builds for amd64 unless told otherwise. In the configuration of jib-maven-plugin:
          <from><platforms><platform><architecture>%s</architecture><os>%s</os></platform></platforms></from>
          then: mvn clean package jib:buildTar\
          """
              .formatted(wanted.architecture(), wanted.os());
      case JIB ->
          """
          Jib builds for amd64 unless told otherwise. Let it build for %s; with its Gradle plugin:
          jib { from { platforms { platform { architecture = '%s'; os = '%s' } } } }\
          """
              .formatted(wanted, wanted.architecture(), wanted.os());
      case QUARKUS ->
          """
          Let Quarkus build it for that platform, and save it again:
          mvn package -Dquarkus.container-image.build=true -Dquarkus.jib.platforms=%s && docker %s\
          """
              .formatted(wanted, saved);
      case BUILDPACKS ->
          """
          Build it for that platform and save it again; with Spring Boot:
          mvn spring-boot:build-image -Dspring-boot.build-image.imagePlatform=%s && docker %s\
          """
              .formatted(wanted, saved);
      case PODMAN ->
          """
          Build it for that platform and save it again, for example:
          podman build --platform %s -t %s . && podman %s\
          """
              .formatted(wanted, name, saved);
      case DOCKER ->
          """
          Build it for that platform and save it again, for example:
          docker buildx build --platform %s --load -t %s . && docker %s\
          """
              .formatted(wanted, name, saved);
    };
  }

  /**
   * How it gives the image a name.
   *
   * @param now the name that it has, or its ID
   */
  String names(ImageReference wanted, String now, Path file) {
    return switch (this) {
      case JIB_PLUGIN ->
          "Let Jib build that name: <to><image>" + wanted.familiar() + "</image></to>";
      case JIB -> "Let Jib build that name: " + wanted.familiar();
      case QUARKUS, BUILDPACKS, DOCKER -> saved("docker", wanted, now, file);
      case PODMAN -> saved("podman", wanted, now, file);
    };
  }

  private static String saved(String program, ImageReference wanted, String now, Path file) {
    return "Save it under that name: %s tag %s %s && %s save -o %s %s"
        .formatted(
            program,
            now,
            wanted.familiar(),
            program,
            TarballFailures.quoted(file),
            wanted.familiar());
  }
}
