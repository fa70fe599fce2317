package io.github.rpideploy.deploy.others;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why the Engine on the Pi could not pull an image, and what helps.
 *
 * @param cause in one line
 * @param fix what to do; null when the image itself must be sent from here
 */
record PullFailure(String cause, @Nullable String fix) {

  /** Of several sorts, the first that fits. Words are of Engines 20.10 to 28 and of registries. */
  private enum Sort {
    RATE_LIMIT("toomanyrequests|rate limit|too many requests"),
    PLATFORM("no matching manifest|does not match the specified platform|no match for platform"),
    SPACE("no space left on device"),
    CLOCK("certificate has expired or is not yet valid"),
    CERTIFICATE("x509:|tls: failed to verify|server gave http response to https client"),
    DENIED("pull access denied|access to the resource is denied|unauthorized|401 |403 |forbidden"),
    ABSENT("manifest unknown|not found|does not exist|404 |name unknown|invalid reference format"),
    NETWORK(
        "no such host|name resolution|server misbehaving|connection refused|connection reset"
            + "|i/o timeout|network is unreachable|no route to host|timeout exceeded"
            + "|tls handshake timeout|proxyconnect|deadline exceeded|unexpected eof|: eof");

    private final Pattern words;

    Sort(String words) {
      this.words = Pattern.compile(words);
    }
  }

  /**
   * By what was said of a pull that failed.
   *
   * @param image its name in the compose file
   * @param platform that was asked for
   * @param lines what Docker said; the last one is the error
   * @param typed how the user of the Pi calls docker
   */
  static PullFailure of(String image, String platform, List<String> lines, String typed) {
    String said = String.join(" ", lines).toLowerCase(Locale.ROOT);
    for (Sort sort : Sort.values()) {
      if (sort.words.matcher(said).find()) {
        return of(sort, image, platform, typed);
      }
    }
    return new PullFailure("Docker says so", null);
  }

  private static PullFailure of(Sort sort, String image, String platform, String typed) {
    return switch (sort) {
      case RATE_LIMIT ->
          new PullFailure(
              "its registry limits how much is pulled without a login",
              "Log in on the Pi: " + typed + " login; or wait some hours");
      case PLATFORM ->
          new PullFailure(
              "it is not made for " + platform,
              "Name an image in the compose file that is: its page in the registry lists the"
                  + " architectures");
      case SPACE ->
          new PullFailure(
              "the Pi's disk is full", "Make space on the Pi: " + typed + " system df; df -h");
      case CLOCK ->
          new PullFailure(
              "the Pi's clock is wrong, so no certificate is valid",
              "Set it on the Pi: sudo timedatectl set-ntp true; see mvn rpi:doctor");
      case CERTIFICATE ->
          new PullFailure("the Pi does not trust the certificate of its registry", null);
      case DENIED ->
          new PullFailure(
              "there is no such image, or its registry wants a login",
              "Check the name in the compose file; if the image is private, on the Pi: "
                  + typed
                  + " login"
                  + registry(image));
      case ABSENT ->
          new PullFailure(
              "there is no such image or tag in its registry",
              "Check image: " + image + " in the compose file");
      case NETWORK -> new PullFailure("the Pi cannot reach its registry", null);
    };
  }

  /** As {@code docker login} takes it; nothing for Docker Hub. */
  private static String registry(String image) {
    int slash = image.indexOf('/');
    String first = slash < 0 ? "" : image.substring(0, slash);
    return first.contains(".") || first.contains(":") ? " " + first : "";
  }
}
