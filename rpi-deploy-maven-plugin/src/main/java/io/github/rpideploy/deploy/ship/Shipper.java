package io.github.rpideploy.deploy.ship;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.Images.DeltaOutcome;
import io.github.rpideploy.docker.Images.Loaded;
import io.github.rpideploy.docker.Proof;
import io.github.rpideploy.docker.ReleaseState;
import io.github.rpideploy.image.Recompressor;
import io.github.rpideploy.image.WireArchive;
import io.github.rpideploy.image.delta.Deltas;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Brings releases to the Pi, as far as it lacks them, and proves that they are usable there.
 * Touches nothing live.
 */
public final class Shipper {

  private static final String NOT_USABLE =
      " is not usable on %s, so it is sent with all its layers";

  private static final String NOT_MADE =
      " could not be made of what is on %s, so its layers are sent whole";

  private static final String OFF =
      "Two deltas in a row could not be applied on %s: layers are sent whole until the Docker Engine"
          + " there starts again, or docker, perl, python3, gzip or this plugin changes";

  private final RemoteHost host;
  private final Docker docker;
  private final LayerCompression compression;
  private final Reporter reporter;
  private final InstantSource clock;
  private final FilesOnPi files;

  /**
   * @param compression of the build; not used for an Engine that cannot read zstd
   */
  public Shipper(
      RemoteHost host,
      Docker docker,
      LayerCompression compression,
      Reporter reporter,
      InstantSource clock) {
    this.host = host;
    this.docker = docker;
    this.compression = compression;
    this.reporter = reporter;
    this.clock = clock;
    this.files = new FilesOnPi(docker.images(), compression.planner());
  }

  /** Plans the stream for releases that the Pi lacks; nothing is sent yet. */
  public Shipment plan(List<Release> releases, Holdings holdings) {
    return plan(releases, holdings, any -> false, true);
  }

  /**
   * @param whole which of the releases are sent with every layer
   * @param delta whether layers may be made on the Pi of what it has
   */
  private Shipment plan(
      List<Release> releases, Holdings holdings, Predicate<Release> whole, boolean delta) {
    Shipment plain = Shipment.of(releases, holdings.store(), whole, recompressor());
    return delta ? withDeltas(plain, holdings) : plain;
  }

  private Shipment withDeltas(Shipment plain, Holdings holdings) {
    Deltas deltas = files.deltas(plain, holdings);
    Shipment shipment = deltas.isEmpty() ? plain : plain.with(deltas, recompressor());
    // The Engine keeps a layer uncompressed that is made there.
    return holdings.hasSpaceFor(shipment) ? shipment : plain;
  }

  private Recompressor recompressor() {
    return compression.on(docker.engine());
  }

  /**
   * Ships what is not there yet, all in one stream. What does not arrive usable without some of its
   * layers is sent once more with all of them.
   *
   * @throws DeployException when a release is not usable on the Pi; its release tag is gone then
   */
  public void ship(List<Release> releases, Holdings holdings) {
    Instant start = clock.instant();
    releases.forEach(this::requireRunnable);
    Map<Release, ReleaseState> states = states(releases, holdings);
    List<Release> missing =
        states.entrySet().stream()
            .filter(entry -> entry.getKey().problem(entry.getValue()).isPresent())
            .map(Map.Entry::getKey)
            .toList();
    Map<Release, Sent> sent = missing.isEmpty() ? Map.of() : send(missing, states, holdings);
    Duration elapsed = Duration.between(start, clock.instant());
    for (Release release : releases) {
      reporter.report(shipped(release, sent.getOrDefault(release, new Sent(0, 0)), elapsed));
    }
  }

  /** The images under the releases' tags; those that were not proved before are proved now. */
  private Map<Release, ReleaseState> states(List<Release> releases, Holdings holdings) {
    Map<Release, ReleaseState> states = new LinkedHashMap<>();
    List<Release> unproved = new ArrayList<>();
    for (Release release : releases) {
      states.put(release, holdings.state(release));
      if (release.problem(holdings.state(release)).isEmpty() && !holdings.isProved(release)) {
        unproved.add(release);
      }
    }
    if (!unproved.isEmpty()) {
      // If they were sent as they are in their tarballs, that can be recorded now.
      Shipment asTheyLie = Shipment.of(unproved, holdings.store(), any -> true, Recompressor.off());
      Proof proof = docker.images().prove(asTheyLie.checks());
      proof.unrecorded().forEach(this::warnUnrecorded);
      unproved.forEach(release -> states.put(release, stateOf(release, proof)));
    }
    return states;
  }

  private static ReleaseState stateOf(Release release, Proof proof) {
    return proof.releases().getOrDefault(release.tag().familiar(), new ReleaseState.Absent(""));
  }

  /**
   * Makes sure that the Engine runs images of that platform.
   *
   * @throws DeployException when the Engine cannot run the image
   */
  public void requireRunnable(Release release) {
    var platform = release.tarball().platform();
    if (!docker.engine().runs(platform.os(), platform.architecture())) {
      throw new DeployException(
          "The image of "
              + release.service()
              + " is built for "
              + platform
              + ", but the Docker Engine on "
              + host.name()
              + " runs "
              + docker.engine().platform(),
          "Use a 64-bit Raspberry Pi OS, or build for the Engine's platform and set -Drpi.platform="
              + docker.engine().platform()
              + "; nothing was sent");
    }
  }

  private Map<Release, Sent> send(
      List<Release> releases, Map<Release, ReleaseState> states, Holdings holdings) {
    Map<Release, String> broken = new LinkedHashMap<>();
    for (Release release : releases) {
      if (states.get(release) instanceof ReleaseState.Unusable unusable) {
        release.problem(unusable).ifPresent(problem -> broken.put(release, problem));
      }
    }
    giveUp(broken, NOT_USABLE);
    Map<Release, Sent> sent = new HashMap<>();
    Shipment shipment = plan(releases, holdings, broken::containsKey, broken.isEmpty());
    files.startLists(shipment);
    Map<Release, String> problems = deliver(shipment, holdings, sent);
    DeltaOutcome deltas = shipment.deltaOutcome(problems.isEmpty());
    if (deltas == DeltaOutcome.FAILED) {
      giveUp(problems, NOT_MADE);
      shipment = plan(List.copyOf(problems.keySet()), holdings, any -> false, false);
      problems = deliver(shipment, holdings, sent);
    }
    if (!problems.isEmpty() && shipment.plan().isThin()) {
      giveUp(problems, NOT_USABLE);
      List<Release> again = List.copyOf(problems.keySet());
      problems = deliver(plan(again, holdings, any -> true, false), holdings, sent);
    }
    recompressor().problem().map(Event.Warning::new).ifPresent(reporter::report);
    if (!problems.isEmpty()) {
      docker
          .images()
          .removeTags(problems.keySet().stream().map(release -> release.tag().familiar()).toList());
      throw notUsable(problems.entrySet().iterator().next());
    }
    if (!files.keepLists(deltas)) {
      reporter.report(new Event.Warning(OFF.formatted(host.name())));
    }
    return sent;
  }

  /** Removes the tags of images that cannot be used, so that none is taken for a release. */
  private void giveUp(Map<Release, String> problems, String why) {
    problems.forEach(
        (release, problem) -> {
          docker.images().removeTags(List.of(release.tag().familiar()));
          reporter.report(
              new Event.Warning(release.service() + why.formatted(host.name()) + ": " + problem));
        });
  }

  /**
   * Sends one stream.
   *
   * @param sent what was sent for each release is added here
   * @return why releases that were in it cannot be used; never by what {@code docker load} says,
   *     good or bad
   */
  private Map<Release, String> deliver(
      Shipment shipment, Holdings holdings, Map<Release, Sent> sent) {
    holdings.requireSpace(shipment, host.name());
    WireArchive archive = shipment.archive();
    List<Release> releases = shipment.releases();
    reporter.report(
        new Event.SendStarted(releases.stream().map(Release::service).toList(), archive.bytes()));
    Loaded loaded =
        shipment.load(
            docker, count -> reporter.report(new Event.SendProgress(count, archive.bytes())));
    loaded.proof().unrecorded().forEach(this::warnUnrecorded);
    List<Shipment.Share> shares = shipment.shares();
    Map<Release, String> problems = new LinkedHashMap<>();
    for (int i = 0; i < releases.size(); i++) {
      Release release = releases.get(i);
      Shipment.Share share = shares.get(i);
      sent.merge(release, new Sent(share.sent().size(), share.bytes()), Sent::plus);
      release
          .problem(stateOf(release, loaded.proof()))
          .ifPresent(problem -> problems.put(release, withWordsOf(loaded.result(), problem)));
    }
    return problems;
  }

  private static String withWordsOf(ExecResult loaded, String problem) {
    if (!loaded.ok()) {
      return loaded.describe();
    }
    String said = (loaded.stdout().strip() + " " + loaded.stderr().strip()).strip();
    return said.isEmpty() ? problem : problem + " (docker load said: " + said + ")";
  }

  private void warnUnrecorded(String tag) {
    reporter.report(
        new Event.Warning(
            "The layers that were sent for "
                + tag
                + " could not be recorded on "
                + host.name()
                + " (~/.cache/rpi-deploy): the next deploy sends more than necessary"));
  }

  private DeployException notUsable(Map.Entry<Release, String> problem) {
    return new DeployException(
        "The image of "
            + problem.getKey().service()
            + " did not arrive usable on "
            + host.name()
            + ": "
            + problem.getValue(),
        "Nothing live was touched: the running services and their tags are as they were."
            + " Check the space on the Pi: df -h "
            + docker.engine().rootDirectory()
            + "\n"
            + "If there is enough, a layer there may be damaged, and sending it again does not"
            + " repair it. Remove the images that contain it (docker image rm) and ship again.");
  }

  /** What went over the wire for one release. */
  private record Sent(int layers, long bytes) {
    Sent plus(Sent more) {
      // A layer that was sent twice is still one of the image's layers.
      return new Sent(Math.max(layers, more.layers), bytes + more.bytes);
    }
  }

  private static Event shipped(Release release, Sent sent, Duration elapsed) {
    return new Event.Shipped(
        release.service(),
        release.live().familiar(),
        release.tarball().configDigest().toString(),
        release.tag().familiar(),
        sent.bytes(),
        release.tarball().layerBytes(),
        sent.layers(),
        release.tarball().layers().size(),
        sent.bytes() > 0 ? 1 : 0,
        elapsed);
  }
}
