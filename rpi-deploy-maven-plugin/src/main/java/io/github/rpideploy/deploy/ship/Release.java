package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.ReleaseCheck;
import io.github.rpideploy.docker.ReleaseState;
import io.github.rpideploy.docker.SentLayers;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.ImageTarball;
import io.github.rpideploy.smoke.SmokeTest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One image of one service on its way to the Pi, under an immutable tag of its own.
 *
 * @param candidate the service and its tarball
 * @param live the tag that the compose file names
 * @param tag {@code <repository>:rpi-<12 hex of the config digest>}
 * @param smoke what proves it good, besides its container's state and health
 */
public record Release(
    Candidate candidate, ImageReference live, ImageReference tag, List<SmokeTest> smoke) {

  /**
   * Finds a candidate's place in the compose file.
   *
   * @param where the compose file is, for messages
   * @param pi the host name or address at which the Pi was reached
   * @throws DeployException when the file does not know the service, or names another image for it
   *     than the tarball
   */
  public static Release of(Candidate candidate, ComposeFile composeFile, String where, String pi) {
    String name = candidate.service();
    ComposeFile.Service service = inFile(name, composeFile, where);
    ImageTarball tarball = candidate.tarball();
    String carried =
        tarball.tags().stream().map(ImageReference::familiar).collect(Collectors.joining(", "));
    if (service.image() == null) {
      throw new DeployException(
          "The compose file names no image for " + name + " (" + where + "), only a build",
          "Name the image of the tarball: image: " + (carried.isEmpty() ? name : carried));
    }
    ImageReference live = ImageReference.parse(service.image());
    // Without a name there is nothing to compare: layouts of buildpacks have none, for example.
    if (!tarball.tags().isEmpty() && !tarball.tags().contains(live)) {
      throw new DeployException(
          "The compose file wants image "
              + live.familiar()
              + " for "
              + name
              + " ("
              + where
              + "), but "
              + tarball.file()
              + " carries "
              + carried,
          tarball.howToName(live) + ", or fix the compose file; nothing was sent");
    }
    List<SmokeTest> smoke = candidate.spec().smoke().resolve(name, service, pi);
    if (!service.namesPort() && smoke.stream().anyMatch(Release::asksForThePort)) {
      requireOnePort(name, tarball);
    }
    return new Release(candidate, live, tarball.releaseTag(live), smoke);
  }

  private static boolean asksForThePort(SmokeTest test) {
    return test instanceof SmokeTest.OfContainer asked && asked.port() == null;
  }

  /** The image alone says where its containers listen. */
  private static void requireOnePort(String service, ImageTarball tarball) {
    Set<Integer> ports = tarball.exposedPorts();
    if (ports.size() != 1) {
      throw new DeployException(
          "The smoke test of "
              + service
              + " needs a port: the compose file names none for it, and its image "
              + (ports.isEmpty() ? "none either" : "several: " + ports),
          "Name the one that the service listens on in the module's POM:"
              + " <properties><rpi.smokePort>8080</rpi.smokePort></properties>; nothing was sent");
    }
  }

  /**
   * The tag that the compose file names for a service.
   *
   * @param where the compose file is, for messages
   * @throws DeployException when the file does not know the service, or names no image for it
   */
  public static ImageReference live(String service, ComposeFile composeFile, String where) {
    String image = inFile(service, composeFile, where).image();
    if (image == null) {
      throw new DeployException(
          "The compose file names no image for " + service + " (" + where + "), only a build",
          "Only a service that this plugin has deployed can go back; nothing was changed");
    }
    return ImageReference.parse(image);
  }

  public static ComposeFile.Service inFile(String name, ComposeFile composeFile, String where) {
    return composeFile
        .service(name)
        .orElseThrow(
            () ->
                new DeployException(
                    "The compose file has no service "
                        + name
                        + " ("
                        + where
                        + "), only "
                        + String.join(", ", composeFile.services().keySet()),
                    "Name the service in the module's POM:"
                        + " <properties><rpi.service>name</rpi.service></properties>, or skip the"
                        + " module: <rpi.skip>true</rpi.skip>"));
  }

  public String service() {
    return candidate.service();
  }

  /** The same, once it is on the Pi. */
  public ShippedRelease shipped() {
    return new ShippedRelease(candidate.spec(), live, tag, smoke);
  }

  public ImageTarball tarball() {
    return candidate.tarball();
  }

  /**
   * What must be known to check it on the Pi.
   *
   * @param manifest the digest of its manifest as it was sent
   * @param note what is recorded about it there when it is good
   */
  ReleaseCheck check(Digest manifest, SentLayers note) {
    return new ReleaseCheck(
        tag.familiar(),
        tarball().platform().toString(),
        List.of(tarball().configDigest().hex(), manifest.hex()),
        note);
  }

  /**
   * Why the image under its tag cannot be used; empty when it can.
   *
   * @param state what the Pi has there
   */
  public Optional<String> problem(ReleaseState state) {
    if (state instanceof ReleaseState.Unusable unusable) {
      return Optional.of(
          "no container can be created from image " + tag.familiar() + ": " + unusable.said());
    }
    if (state instanceof ReleaseState.Usable usable) {
      return usable.layers().equals(diffIds())
          ? Optional.empty()
          : Optional.of("image " + tag.familiar() + " has other layers than the tarball");
    }
    String said = state instanceof ReleaseState.Absent absent ? absent.said() : "";
    return Optional.of(
        "the Engine has no image " + tag.familiar() + (said.isEmpty() ? "" : ": " + said));
  }

  private List<String> diffIds() {
    return tarball().layers().stream().map(layer -> layer.diffId().hex()).toList();
  }
}
