package io.github.rpideploy.deploy.look;

import io.github.rpideploy.deploy.history.History;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.docker.Container;
import io.github.rpideploy.docker.ImageNames;
import io.github.rpideploy.docker.ProjectStatus;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.image.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Combines what the Pi says about a compose project with what the history knows.
 *
 * @param project what the Pi says
 * @param history what was deployed
 */
record Status(ProjectStatus project, History history) {

  private static final String VERSION = "org.opencontainers.image.version";
  private static final String REVISION = "org.opencontainers.image.revision";

  /** What Docker says for the start of a container that never ran: Go's zero time. */
  private static final String NEVER = "0001-01-01T";

  Status(ProjectStatus project) {
    this(project, History.parse(project.history()));
  }

  /** One status for each container of the services, and one for each service without any. */
  List<ServiceStatus> of(Map<String, ComposeFile.Service> services) {
    List<ServiceStatus> all = new ArrayList<>();
    services.forEach(
        (name, service) -> {
          List<ServiceStatus> found =
              project.members().stream()
                  .filter(member -> member.service().equals(name))
                  .map(member -> of(member, service.image()))
                  .toList();
          all.addAll(found.isEmpty() ? List.of(absent(name, service.image())) : found);
        });
    return all;
  }

  private ServiceStatus absent(String service, @Nullable String image) {
    String drift =
        unsettled(service)
            .or(
                () ->
                    history
                        .runs(service)
                        .map(runs -> "has no container, but the history says it runs " + runs))
            .orElse(null);
    return new ServiceStatus(
        service,
        "absent",
        null,
        image,
        null,
        null,
        null,
        null,
        0,
        null,
        drift,
        earlier(service, image, null),
        null,
        null);
  }

  private ServiceStatus of(ProjectStatus.Member member, @Nullable String image) {
    String id = member.container().image();
    ProjectStatus.Image made =
        project.images().getOrDefault(id, new ProjectStatus.Image(List.of(), Map.of()));
    String release = ImageNames.of(id, made.tags());
    Optional<History.Deploy> deploy = history.first(release);
    Optional<Origin> origin = deploy.map(History.Deploy::origin);
    return new ServiceStatus(
        member.service(),
        member.container().status(),
        member.node() == null ? member.container().health() : null,
        image,
        release,
        made.labels().getOrDefault(VERSION, deploy.map(one -> one.version(release)).orElse(null)),
        made.labels().getOrDefault(REVISION, origin.map(Origin::commit).orElse(null)),
        started(member.container()),
        member.container().restarts(),
        member.memory().isEmpty() ? null : member.memory(),
        member.node() == null
            ? drift(member.service(), made, release, image)
            : driftOfTask(member, made, release),
        earlier(member.service(), image, id),
        null,
        member.node());
  }

  private static @Nullable String started(Container container) {
    String at = container.startedAt();
    return at.isEmpty() || at.startsWith(NEVER) ? null : at;
  }

  private List<ServiceStatus.Earlier> earlier(
      String service, @Nullable String image, @Nullable String running) {
    // An image that is pinned by digest is none of ours.
    return reference(image)
        .map(live -> history.earlier(service, live, project.tags(), running))
        .orElse(List.of())
        .stream()
        .map(
            release -> {
              Optional<History.Deploy> deploy = history.first(release);
              return new ServiceStatus.Earlier(
                  release,
                  deploy.map(one -> one.version(release)).orElse(null),
                  deploy.map(one -> one.origin().commit()).orElse(null));
            })
        .toList();
  }

  private @Nullable String drift(
      String service, ProjectStatus.Image made, String release, @Nullable String image) {
    Optional<String> unsettled = unsettled(service);
    if (unsettled.isPresent()) {
      return unsettled.get();
    }
    String ofImage = driftOfImage(service, made, release, image);
    String ofFiles = driftOfFiles(service);
    return ofImage == null ? ofFiles : ofFiles == null ? ofImage : ofImage + "; " + ofFiles;
  }

  /** A swarm is told releases: no other name of an image counts. */
  private @Nullable String driftOfTask(
      ProjectStatus.Member member, ProjectStatus.Image made, String release) {
    String error = member.container().error();
    return error.isEmpty() ? drift(member.service(), made, release, null) : error;
  }

  private @Nullable String driftOfFiles(String service) {
    List<String> files =
        project.drifted().stream()
            .filter(drifted -> drifted.service().equals(service))
            .map(Status::shown)
            .toList();
    return files.isEmpty() ? null : String.join("; ", files);
  }

  /** What no container sees, but compose reads. */
  List<String> driftOfOtherFiles() {
    return project.drifted().stream()
        .filter(drifted -> drifted.service().equals("-"))
        .map(Status::shown)
        .toList();
  }

  private static String shown(ProjectStatus.Drifted drifted) {
    return drifted.path()
        + (drifted.what().equals("missing")
            ? " was sent, but is not on the Pi"
            : " was changed on the Pi since it was sent");
  }

  private @Nullable String driftOfImage(
      String service, ProjectStatus.Image made, String release, @Nullable String image) {
    Optional<String> runs = history.runs(service);
    if (runs.isEmpty()) {
      return null;
    }
    if (!made.tags().contains(runs.get()) && !release.equals(runs.get())) {
      return "the history says it runs " + runs.get();
    }
    // Of an image that is pinned by digest, its tags do not tell.
    return reference(image)
        .filter(live -> !made.tags().contains(live.familiar()))
        .map(live -> image + " names another image now: compose would recreate it")
        .orElse(null);
  }

  private Optional<String> unsettled(String service) {
    return Optional.ofNullable(project.unsettled().get(service))
        .map(
            what ->
                what.equals("replacing")
                    ? "a deploy is replacing it now"
                    : "its last deploy ended before it was verified; the next one lets it go back"
                        + " first");
  }

  private static Optional<ImageReference> reference(@Nullable String image) {
    return Optional.ofNullable(image).flatMap(ImageReference::find);
  }
}
