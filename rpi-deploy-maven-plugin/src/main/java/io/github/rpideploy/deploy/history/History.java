package io.github.rpideploy.deploy.history;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.image.ReleaseTag;
import io.github.rpideploy.report.Outcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was deployed to a compose directory of the Pi, in this order. In the file, each deploy is
 * one line of JSON. Its names are a contract: they are added to, never changed.
 *
 * @param deploys the oldest first
 */
public record History(List<Deploy> deploys) {

  private static final Gson GSON =
      new GsonBuilder()
          .disableHtmlEscaping()
          .registerTypeAdapter(Outcome.class, new OutcomeAdapter().nullSafe())
          .create();

  private static final int LATEST_STARTS = 5;

  /** A day, in seconds; more is a mistake in the file, and would be waited for. */
  private static final int LONGEST_START = 86_400;

  /**
   * One deploy that has ended, whether it succeeded or not.
   *
   * @param when it ended
   * @param origin where it came from
   * @param outcome of the whole: that of its worst service
   * @param stack what else it changed; written for people, and not read again
   */
  public record Deploy(
      Instant when, Origin origin, Outcome outcome, List<Service> services, StackChanges stack) {

    public Deploy {
      services = List.copyOf(services);
    }

    /** One that changed nothing but services. */
    public Deploy(Instant when, Origin origin, Outcome outcome, List<Service> services) {
      this(when, origin, outcome, services, StackChanges.NONE);
    }

    /** The version of the module that a release was built of; null when it is not known. */
    public @Nullable String version(String release) {
      return services.stream()
          .filter(one -> release.equals(one.release()))
          .map(Service::version)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(origin.version());
    }
  }

  /**
   * One service of a deploy.
   *
   * @param release the release tag, or null when the deploy failed before there was one
   * @param image the id of the release's image on the Pi, or null when the service was not reached
   * @param outcome as in {@code deploy.json}; {@link Outcome#SHIPPED} or {@link Outcome#RECREATED}
   *     when no later goal ran
   * @param seconds from its recreation until it was verified, or null
   * @param before the name of the image that ran before, or null when none did
   * @param runs the name of the image that its container has after the deploy, or null when the
   *     deploy did not touch it
   * @param version of its module, or null for that of the project
   */
  public record Service(
      String service,
      @Nullable String release,
      @Nullable String image,
      Outcome outcome,
      @Nullable Double seconds,
      @Nullable String before,
      @Nullable String runs,
      @Nullable String version) {

    /** One that has the version of the project. */
    public Service(
        String service,
        @Nullable String release,
        @Nullable String image,
        Outcome outcome,
        @Nullable Double seconds,
        @Nullable String before,
        @Nullable String runs) {
      this(service, release, image, outcome, seconds, before, runs, null);
    }

    /** The same with the version of its module. */
    Service with(Origin origin) {
      String own = origin.versions().get(service);
      return new Service(service, release, image, outcome, seconds, before, runs, own);
    }
  }

  public History {
    deploys = List.copyOf(deploys);
  }

  /** Reads lines of the file, and skips what is no such line, for example one that is torn. */
  public static History parse(List<String> lines) {
    return new History(lines.stream().map(History::deploy).flatMap(Optional::stream).toList());
  }

  /** A deploy as a line of the file, without the line's end. */
  public static String line(Deploy deploy) {
    Origin origin = deploy.origin();
    return GSON.toJson(
        new Line(
            deploy.when().toString(),
            origin.who(),
            origin.run(),
            origin.commit(),
            origin.version(),
            deploy.outcome(),
            deploy.services(),
            deploy.stack().isEmpty() ? null : GSON.toJsonTree(deploy.stack()),
            null));
  }

  /**
   * The line that the guard adds when a deploy ended without a verdict. The moment is not known
   * yet: {@code @when@} stands for it.
   */
  public static String lineOfGuard(Origin origin, Outcome outcome, Service service) {
    return GSON.toJson(
        new Line(
            "@when@",
            origin.who(),
            origin.run(),
            origin.commit(),
            origin.version(),
            outcome,
            List.of(service.with(origin)),
            null,
            "not confirmed"));
  }

  private static Optional<Deploy> deploy(String text) {
    try {
      Line line = GSON.fromJson(text, Line.class);
      return line == null ? Optional.empty() : line.deploy();
    } catch (JsonParseException | NumberFormatException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A line as it may stand in the file: anything may be missing. */
  private record Line(
      @Nullable String when,
      @Nullable String who,
      @Nullable String run,
      @Nullable String commit,
      @Nullable String version,
      @Nullable Outcome outcome,
      @Nullable List<Service> services,
      @Nullable JsonElement stack,
      @Nullable String reason) {

    private Optional<Deploy> deploy() {
      if (when == null || who == null || outcome == null || services == null) {
        return Optional.empty();
      }
      return areWhole(services)
          ? Optional.of(
              new Deploy(
                  Instant.parse(when), new Origin(who, run, commit, version), outcome, services))
          : Optional.empty();
    }

    /** Gson leaves null what is missing, whatever the record says. */
    private static boolean areWhole(List<Service> services) {
      return services.stream()
          .allMatch(one -> one != null && one.service() != null && one.outcome() != null);
    }
  }

  /** All images that the history names for a service, newest first; not all are releases. */
  List<String> releases(String service) {
    Set<String> releases = new LinkedHashSet<>();
    newest(service)
        .flatMap(one -> Stream.of(one.release(), one.runs(), one.before()))
        .filter(Objects::nonNull)
        .forEach(releases::add);
    return List.copyOf(releases);
  }

  /** The releases of a service that proved good at least once, newest first. */
  List<String> verified(String service) {
    return newest(service)
        .filter(one -> one.outcome().isGood())
        .map(Service::release)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /**
   * The releases that a service can go back to, newest first: they proved good, are still on the
   * Pi, and do not run now.
   *
   * @param live any tag of the service's repository
   * @param tags the ids of the images on the Pi, by tag
   * @param running the id of the image that its container is made of, or null without a container
   */
  public List<String> earlier(
      String service, ImageReference live, Map<String, String> tags, @Nullable String running) {
    return verified(service).stream()
        .filter(tag -> tags.containsKey(tag) && !tags.get(tag).equals(running))
        .filter(
            tag ->
                ImageReference.find(tag)
                    .filter(found -> ReleaseTag.isReleaseOf(live, found))
                    .isPresent())
        .toList();
  }

  /** The releases of a service that were deployed or shipped, but never proved good. */
  Set<String> unproved(String service) {
    Set<String> releases = new LinkedHashSet<>();
    newest(service).map(Service::release).filter(Objects::nonNull).forEach(releases::add);
    verified(service).forEach(releases::remove);
    return releases;
  }

  /** What a service runs since the last deploy that touched it. */
  public Optional<String> runs(String service) {
    return newest(service).map(Service::runs).filter(Objects::nonNull).findFirst();
  }

  /** The services that the history names a release for. */
  List<String> servicesOf(String release) {
    return deploys.stream()
        .flatMap(deploy -> deploy.services().stream())
        .filter(one -> Stream.of(one.release(), one.runs(), one.before()).anyMatch(release::equals))
        .map(Service::service)
        .distinct()
        .toList();
  }

  /** The deploy that first brought a release. */
  public Optional<Deploy> first(String release) {
    return deploys.stream()
        .filter(deploy -> deploy.services().stream().anyMatch(one -> release.equals(one.release())))
        .findFirst();
  }

  /** The longest of a service's latest good starts, from its recreation until it was verified. */
  Optional<Duration> longestStart(String service) {
    return newest(service)
        .filter(one -> one.outcome().isGood())
        .map(Service::seconds)
        .filter(Objects::nonNull)
        .filter(seconds -> seconds > 0 && seconds <= LONGEST_START)
        .limit(LATEST_STARTS)
        .max(Comparator.naturalOrder())
        .map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)));
  }

  private Stream<Service> newest(String service) {
    List<Service> found = new ArrayList<>();
    for (Deploy deploy : deploys) {
      deploy.services().stream()
          .filter(one -> one.service().equals(service))
          .forEach(one -> found.add(0, one));
    }
    return found.stream();
  }
}
