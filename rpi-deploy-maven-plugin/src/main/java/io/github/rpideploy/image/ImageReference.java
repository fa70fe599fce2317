package io.github.rpideploy.image;

import io.github.rpideploy.DeployException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image with its tag, brought to Docker's normalised form, so that {@code
 * auth-server}, {@code auth-server:latest} and {@code docker.io/library/auth-server:latest} are
 * equal.
 *
 * <p>The grammar and the normalisation are those of {@code github.com/distribution/reference}
 * ({@code reference.go}, {@code normalize.go}), which the docker command uses.
 *
 * @param domain the registry, for example {@code docker.io} or {@code localhost:5000}
 * @param repository the path within it, for example {@code library/auth-server}
 * @param tag for example {@code latest}
 */
public record ImageReference(String domain, String repository, String tag) {

  private static final String DOCKER_HUB = "docker.io";
  private static final String DOCKER_HUB_LEGACY = "index.docker.io";
  private static final String OFFICIAL = "library/";
  private static final String LATEST = "latest";

  /** The longest repository that Docker takes, in characters. */
  private static final int REPOSITORY_LIMIT = 255;

  /** Longer than any valid reference; regular expressions never see more. */
  private static final int TEXT_LIMIT = 1024;

  private static final String WORD = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final Pattern DOMAIN =
      Pattern.compile("(?:" + WORD + "(?:\\." + WORD + ")*|\\[[a-fA-F0-9:]+])(?::[0-9]+)?");
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern REPOSITORY = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");

  /**
   * @throws DeployException when a part does not follow the grammar
   */
  public ImageReference {
    if (domain.equals(DOCKER_HUB_LEGACY)) {
      domain = DOCKER_HUB;
    }
    if (domain.equals(DOCKER_HUB) && !repository.contains("/")) {
      repository = OFFICIAL + repository;
    }
    requireValid(domain + "/" + repository + ":" + tag, domain, repository, tag);
  }

  /**
   * Reads a name as it is given to {@code docker}: registry and tag may be missing.
   *
   * @throws DeployException when it does not follow Docker's grammar, or names an image by digest:
   *     a deploy moves tags, and a digest cannot be moved
   */
  public static ImageReference parse(String text) {
    String rest = text.strip();
    if (rest.length() > TEXT_LIMIT) {
      throw invalid(rest, "it is too long");
    }
    if (rest.indexOf('@') >= 0) {
      throw invalid(rest, "it names an image by digest, and a deploy needs a tag to move");
    }
    if (Digest.ofHex(rest).isPresent()) {
      throw invalid(rest, "64 hexadecimal digits are an image ID, not a name");
    }
    int slash = rest.indexOf('/');
    String domain = DOCKER_HUB;
    if (slash >= 0 && isDomain(rest.substring(0, slash))) {
      domain = rest.substring(0, slash);
      rest = rest.substring(slash + 1);
    }
    int colon = rest.lastIndexOf(':');
    String tag = colon < 0 ? LATEST : rest.substring(colon + 1);
    String repository = colon < 0 ? rest : rest.substring(0, colon);
    // Checked here already so that a message shows what was written, not what it stands for.
    requireValid(text.strip(), domain, repository, tag);
    return new ImageReference(domain, repository, tag);
  }

  /**
   * The same for names that others have chosen; empty for what a deploy could not move, for example
   * an image pinned by digest, or {@code <none>:<none>}.
   */
  public static Optional<ImageReference> find(String text) {
    try {
      return Optional.of(parse(text));
    } catch (DeployException notMovable) {
      return Optional.empty();
    }
  }

  /** As people write it, with the tag: {@code auth-server:latest}, {@code localhost:5000/x:1}. */
  public String familiar() {
    return familiarName() + ":" + tag;
  }

  /** As people write it, without the tag: {@code auth-server}. */
  public String familiarName() {
    if (!domain.equals(DOCKER_HUB)) {
      return domain + "/" + repository;
    }
    String name = repository.startsWith(OFFICIAL) ? repository.substring(OFFICIAL.length()) : "";
    // "library/a/b" stays as it is: "a/b" would be another repository.
    return name.isEmpty() || name.contains("/") ? repository : name;
  }

  /** In full: {@code docker.io/library/auth-server:latest}. */
  public String normalised() {
    return domain + "/" + repository + ":" + tag;
  }

  /**
   * The same repository with another tag.
   *
   * @throws DeployException when it is not a tag
   */
  public ImageReference withTag(String other) {
    return new ImageReference(domain, repository, other);
  }

  /** {@link #familiar()}. */
  @Override
  public String toString() {
    return familiar();
  }

  /** The first component is a registry when no repository of Docker Hub can be called so. */
  private static boolean isDomain(String component) {
    return component.equals("localhost")
        || component.indexOf('.') >= 0
        || component.indexOf(':') >= 0
        || !component.toLowerCase(Locale.ROOT).equals(component);
  }

  private static void requireValid(String text, String domain, String repository, String tag) {
    if (text.length() > TEXT_LIMIT || repository.length() > REPOSITORY_LIMIT) {
      throw invalid(text, "it is too long");
    }
    if (!DOMAIN.matcher(domain).matches()) {
      throw invalid(text, "the registry is malformed");
    }
    if (!REPOSITORY.matcher(repository).matches()) {
      boolean lower = REPOSITORY.matcher(repository.toLowerCase(Locale.ROOT)).matches();
      throw invalid(
          text, lower ? "the repository must be in lower case" : "the repository is malformed");
    }
    if (!TAG.matcher(tag).matches()) {
      throw invalid(text, "the tag is malformed");
    }
  }

  private static DeployException invalid(String text, String why) {
    return new DeployException(
        "'" + Text.shorten(text) + "' is not an image name: " + why,
        "Write it as in the compose file, for example auth-server:latest or"
            + " registry.local:5000/team/auth-server:1.2.");
  }
}
