package io.github.rpideploy.deploy.others;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.stack.StackContext;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.image.ImageReference;
import io.github.rpideploy.report.Event;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The services that deployed ones need and that no module deploys. They are started when they do
 * not run, waited for, and otherwise not touched. Whether they run is known from the probe, so that
 * a deploy that finds all of them running asks the Pi nothing more.
 */
public final class OtherServices {

  private final StackContext context;
  private final Others wanted;
  private final EngineContents contents;
  private final Starter starter;

  /** What runs, by the probe; null once another deploy may have changed it. */
  private ProbeResult.@Nullable Project project;

  private @Nullable Map<String, String> hashes;

  /** Those that nobody looks at again in this build: most have reached what is needed of them. */
  private final Set<String> done = new HashSet<>();

  /** What this build deploys. */
  private final Set<String> deployed;

  private boolean told;

  /**
   * @param wanted what the user has configured
   * @param found what the probe has found
   * @param starter starts them
   */
  public OtherServices(StackContext context, Others wanted, ProbeResult found, Starter starter) {
    this.context = context;
    this.wanted = wanted;
    this.contents = found.contents();
    this.project = found.project();
    this.starter = starter;
    this.deployed = new HashSet<>(wanted.modules());
  }

  /**
   * A service that is needed.
   *
   * @param now how far it is
   * @param changed whether it is to be recreated because its part of the compose file has changed
   */
  private record Found(Need need, Readiness now, boolean changed) {

    boolean isStarted() {
      return changed || now instanceof Readiness.Stopped;
    }

    String reason() {
      return now instanceof Readiness.Stopped stopped
          ? stopped.reason()
          : "its part of the compose file has changed";
    }
  }

  /** Another deploy has changed the Pi since the probe. */
  public void outdate() {
    project = null;
  }

  /**
   * Has the Pi pull the images of those that will be started, before anything live is touched.
   *
   * @param services that are deployed
   * @throws DeployException when it cannot
   */
  public void pull(Collection<ServiceSpec> services, ComposeFile file) {
    List<String> names = services.stream().map(ServiceSpec::service).toList();
    deployed.addAll(names);
    tellIdle(file);
    for (Found found : find(names, file)) {
      if (found.isStarted()) {
        unlessOptional(found.need(), () -> starter.pull(found.need(), inFile(found, file)));
      }
    }
  }

  /** What cannot be had of a service that is optional is a warning, and it is left alone then. */
  private void unlessOptional(Need need, Runnable step) {
    try {
      step.run();
    } catch (DeployException e) {
      if (need.required()) {
        throw e;
      }
      done.add(need.service());
      context
          .reporter()
          .report(new Event.Warning(e.getMessage() + " (the compose file calls it optional)"));
    }
  }

  /**
   * Starts what a service needs, in the order of {@code depends_on}, each once the one before it
   * has reached what is needed of it.
   *
   * @throws DeployException when one cannot be started, or fails, or takes too long
   */
  public void start(ServiceSpec by, ComposeFile file) {
    deployed.add(by.service());
    if (hashes != null && hashes.isEmpty()) {
      // Version 1 of compose has digests only of a file that is there.
      context.directory().upload();
      hashes = null;
    }
    for (Found found : find(List.of(by.service()), file)) {
      Need need = found.need();
      unlessOptional(
          need,
          () -> {
            if (found.isStarted()) {
              starter.pull(need, inFile(found, file));
              starter.start(need, found.reason(), found.changed(), by);
            } else {
              starter.await(need, found.now(), containers(need.service()), by);
            }
          });
      done.add(need.service());
    }
  }

  /**
   * What a deploy would do.
   *
   * @param started how many services it would start
   * @param pulled how many images the Pi would pull for them
   */
  public record Plan(int started, int pulled) {}

  /** Reports what a deploy would start and pull; nothing is changed. */
  public Plan plan(Collection<ServiceSpec> services, ComposeFile file) {
    List<String> names = services.stream().map(ServiceSpec::service).toList();
    deployed.addAll(names);
    tellIdle(file);
    int started = 0;
    int pulled = 0;
    for (Found found : find(names, file)) {
      Need need = found.need();
      if (found.isStarted()) {
        String image = inFile(found, file).image();
        boolean isPulled = isPulled(image, name -> contents.named(name).isPresent());
        started++;
        pulled += isPulled ? 1 : 0;
        context
            .reporter()
            .report(
                new Event.PlannedOther(
                    need.service(),
                    need.byWhom(),
                    image == null ? "" : image,
                    isPulled,
                    found.reason()));
      } else if (found.now() instanceof Readiness.Broken broken) {
        context
            .reporter()
            .report(
                new Event.Warning(
                    "%s, needed by %s, is not good: %s. A deploy would fail"
                        .formatted(need.service(), need.byWhom(), broken.reason())));
      }
    }
    return new Plan(started, pulled);
  }

  /**
   * Whether the Pi would pull an image; of one that is pinned by digest, names do not tell.
   *
   * @param image of the compose file, or null when the service has none
   * @param known whether the Engine has an image of that name
   */
  public static boolean isPulled(@Nullable String image, Predicate<String> known) {
    return image != null
        && ImageReference.find(image)
            .filter(reference -> !known.test(reference.familiar()))
            .isPresent();
  }

  private static ComposeFile.Service inFile(Found found, ComposeFile file) {
    return file.service(found.need().service()).orElseThrow();
  }

  /** Those that are not known to be ready; what others need comes first. */
  private List<Found> find(List<String> services, ComposeFile file) {
    if (wanted.mode() == Others.Mode.LEAVE) {
      return List.of();
    }
    return Need.of(services, file, deployed).stream()
        .filter(need -> !done.contains(need.service()))
        .map(this::find)
        .filter(found -> !(found.now() instanceof Readiness.Ready) || found.changed())
        .toList();
  }

  private Found find(Need need) {
    List<Container> containers = containers(need.service());
    Readiness now = Readiness.before(need, containers);
    boolean changed =
        wanted.mode() == Others.Mode.UPDATE && !containers.isEmpty() && isChanged(need.service());
    return new Found(need, now, changed);
  }

  private List<Container> containers(String service) {
    return project == null ? context.containers(service) : project.of(service);
  }

  private boolean isChanged(String service) {
    if (hashes == null) {
      hashes = context.directory().hashes();
    }
    String digest = hashes.get(service);
    // Of one that the probe does not know any more, nothing tells.
    return digest != null && project != null && !project.isMadeOf(service, digest);
  }

  /** Names once those that nothing starts: nobody needs them, and they never ran. */
  private void tellIdle(ComposeFile file) {
    ProbeResult.Project known = project;
    if (told || known == null || wanted.mode() == Others.Mode.LEAVE) {
      return;
    }
    told = true;
    Set<String> needed =
        file.services().values().stream()
            .flatMap(service -> service.dependsOn().stream())
            .collect(Collectors.toSet());
    List<String> idle =
        file.services().keySet().stream()
            .filter(name -> !needed.contains(name) && !deployed.contains(name))
            .filter(name -> known.of(name).isEmpty())
            .toList();
    if (!idle.isEmpty()) {
      String command = "docker compose up -d " + String.join(" ", idle);
      context.reporter().report(new Event.Idle(idle, context.directory().onThePi(command)));
    }
  }
}
