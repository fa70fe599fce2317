package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.ship.Release;
import io.github.rpideploy.deploy.ship.ShippedRelease;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.Inventory;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.ReleaseTag;
import io.github.rpideploy.smoke.SmokeTest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the release that a service goes back to.
 *
 * @param history what was deployed
 * @param inventory what the Pi has
 * @param host for messages
 */
record RollbackTarget(History history, Inventory inventory, String host) {

  private static final Pattern STEPS = Pattern.compile("[1-9][0-9]{0,2}");
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{12}");

  /**
   * That release, ready to be recreated and verified.
   *
   * @param file what compose makes of the compose file on the Pi
   * @throws DeployException when the Pi has no such release, or the file has no place for the
   *     service
   */
  ShippedRelease release(ServiceSpec spec, ComposeFile file, StackContext context, String to) {
    String service = spec.service();
    ComposeDirectory directory = context.directory();
    ImageReference live = Release.live(service, file, directory.described());
    String running =
        context.containers(service).stream().findFirst().map(Container::image).orElse(null);
    ImageReference tag = of(service, live, running, to);
    List<SmokeTest> smoke =
        file.service(service)
            .map(there -> spec.smoke().resolve(service, there, directory.hostName()))
            .orElse(List.of());
    return new ShippedRelease(spec, live, tag, smoke);
  }

  /**
   * The tag of that release.
   *
   * @param live any tag of the service's repository
   * @param running the id of the image that its container is made of, or null without a container
   * @param to how many verified releases to go back by the history, 1 for the one before; or a
   *     release tag, with or without repository and {@code rpi-}
   * @throws DeployException when the Pi has no such release
   */
  ImageReference of(String service, ImageReference live, @Nullable String running, String to) {
    return STEPS.matcher(to).matches()
        ? back(service, live, running, Integer.parseInt(to))
        : named(service, live, to);
  }

  private ImageReference back(
      String service, ImageReference live, @Nullable String running, int steps) {
    List<String> choice = history.earlier(service, live, inventory.tags(), running);
    if (choice.size() < steps) {
      throw new DeployException(
          service
              + " on "
              + host
              + " has "
              + (choice.isEmpty()
                  ? "no earlier release that was verified and is still on the Pi"
                  : "only "
                      + choice.size()
                      + " earlier release(s) that were verified and are still on the Pi")
              + there(live),
          hint(live));
    }
    return ImageReference.parse(choice.get(steps - 1));
  }

  private ImageReference named(String service, ImageReference live, String to) {
    String tag = HEX.matcher(to).matches() ? "rpi-" + to : to;
    ImageReference named =
        tag.contains(":")
            ? ImageReference.parse(tag)
            : ImageReference.parse(live.familiarName() + ":" + tag);
    if (!ReleaseTag.isReleaseOf(live, named)) {
      throw new DeployException(
          named.familiar() + " is not a release of " + service + there(live), hint(live));
    }
    if (!inventory.tags().containsKey(named.familiar())) {
      throw new DeployException(
          "Release " + named.familiar() + " of " + service + " is not on " + host + there(live),
          hint(live));
    }
    return named;
  }

  private String there(ImageReference live) {
    List<String> there = present(live);
    return "; "
        + (there.isEmpty() ? "it has no release there" : "there are: " + String.join(", ", there));
  }

  private List<String> present(ImageReference live) {
    return inventory.tags().keySet().stream()
        .filter(tag -> tag.startsWith(live.familiarName() + ":rpi-"))
        .sorted()
        .toList();
  }

  private String hint(ImageReference live) {
    List<String> there = present(live);
    String tag = there.isEmpty() ? null : there.get(0).substring(live.familiarName().length() + 1);
    return tag == null
        ? "Nothing was changed. Deploy it: mvn verify rpi:deploy"
        : "Choose one: -Drpi.to=" + tag + "; nothing was changed. List them: mvn rpi:status";
  }
}
