package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.maven.parameters.CacheDirectory;
import io.github.rpideploy.maven.parameters.Choice;
import io.github.rpideploy.maven.parameters.ComposeFiles;
import io.github.rpideploy.maven.parameters.DurationParameter;
import io.github.rpideploy.maven.parameters.SizeParameter;
import io.github.rpideploy.maven.parameters.TargetParameters;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** The parameters of the compose project on the Pi; their Javadoc is the manual. */
abstract class StackParameters extends SshParameters {

  /**
   * The directory on the Pi that holds the compose file. Its name is the name of the compose
   * project.
   *
   * <ul>
   *   <li>Value: an absolute path, or one relative to the user's home directory on the Pi
   *   <li>Default: {@code rpi/} and the artifactId of the reactor's root
   *   <li>Example: {@code -Drpi.directory=rpi/my-services}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.directory")
  @Nullable String directory;

  /**
   * The local compose file. It is sent when the one on the Pi differs, together with the files that
   * it names beside itself (see {@code rpi.files}). A second file is merged over it, as with {@code
   * docker compose -f first -f second}. On the Pi they are {@code compose.yaml} and {@code
   * compose.override.yaml}, so that {@code docker compose ps} typed there sees the same project.
   *
   * <ul>
   *   <li>Value: a file, or two with a comma between them; a relative path starts at the reactor's
   *       root
   *   <li>Default: the first of {@code compose.yaml}, {@code compose.yml}, {@code
   *       docker-compose.yaml} and {@code docker-compose.yml} beside the reactor's root POM;
   *       without one, the file on the Pi stays as it is
   *   <li>Example: {@code -Drpi.composeFile=compose.yaml,compose.pi.yaml}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.composeFile")
  @Nullable String composeFile;

  /**
   * More files that go along with the compose file, or fewer. What it names relative to its own
   * directory and that is there goes along by itself: {@code env_file}, {@code include}, {@code
   * extends}, files of {@code configs} and {@code secrets}, bind mounts. Files keep their mode.
   * Only what has changed is sent, and a service whose files have changed is recreated. Links,
   * {@code .git} and what is outside of that directory are not sent. Nor is {@code .env}, unless it
   * is named here.
   *
   * <ul>
   *   <li>Value: globs with commas between them, relative to the compose file's directory; {@code
   *       **} crosses directories, and one that begins with {@code !} leaves files out
   *   <li>Default: what the compose file names
   *   <li>Example: {@code -Drpi.files='.env,certs/*.pem,!data/**'}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.files")
  @Nullable String files;

  /**
   * How much the files beside the compose file may have together. With more the build fails before
   * anything is sent, and names the largest: most often a directory of this machine's data is
   * mounted.
   *
   * <ul>
   *   <li>Value: a number of bytes: {@code 500kB}, {@code 20MB}, {@code 1GB}
   *   <li>Example: {@code -Drpi.filesLimit=50MB}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.filesLimit", defaultValue = "10MB")
  @Nullable String filesLimit;

  /**
   * Overwrites files beside the compose file that somebody has changed on the Pi. By default such a
   * file stops the deploy before anything is changed there.
   *
   * <ul>
   *   <li>Example: {@code -Drpi.overwriteFiles}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.overwriteFiles", defaultValue = "false")
  boolean overwriteFiles;

  /**
   * Calls docker and compose on the Pi with {@code sudo -n}, for a user who is not in the group
   * {@code docker}. No other command is called with it. Sudo must not ask for a password for
   * docker. Compose then sees root's environment: {@code ~} and <code>${HOME}</code> in the compose
   * file are {@code /root}.
   *
   * <ul>
   *   <li>Example: {@code -Drpi.sudo=true}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.sudo", defaultValue = "false")
  boolean sudo;

  /**
   * What replaces services: compose on one Pi, or a Docker Swarm, of which {@code rpi.host} is a
   * manager. Each node on which a service may run gets its image over SSH through the manager; the
   * swarm replaces the service as {@code deploy} in the compose file says. Services that no module
   * deploys are left alone. {@code docs/swarm.md} leads there.
   *
   * <ul>
   *   <li>Value: {@code compose} or {@code swarm}
   *   <li>Example: {@code -Drpi.orchestrator=swarm}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.orchestrator", defaultValue = "compose")
  @Nullable String orchestrator;

  /**
   * How long to wait while another deploy to the same directory on the Pi is running. With {@code
   * 0} the build fails at once and says who is deploying, and since when. A build takes the lock
   * once for each directory: if modules differ, the first one counts and the others are warned.
   *
   * <ul>
   *   <li>Value: a duration: {@code 5m}, {@code 90s}, or a number of seconds
   *   <li>Example: {@code -Drpi.lockTimeout=5m}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.lockTimeout", defaultValue = "0")
  String lockTimeout;

  /**
   * How long the Pi waits when it loses the connection while a service is being replaced and not
   * yet verified. A build that is still there connects again within that time and goes on;
   * otherwise the Pi lets the service go back by itself. A build that is interrupted says so, and
   * is not waited for.
   *
   * <ul>
   *   <li>Value: a duration: {@code 30s}, {@code 2m}, or a number of seconds; with {@code 0} the Pi
   *       goes back at once
   *   <li>Example: {@code -Drpi.confirmTimeout=2m}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.confirmTimeout", defaultValue = "30s")
  String confirmTimeout;

  /**
   * Where layers are kept that were compressed with zstd before they were sent, across builds and
   * projects: a layer of a base image is compressed only once. It takes at most 2 GiB and may be
   * deleted at any time. In CI, keep it from run to run. A build has one for each directory on the
   * Pi: if modules differ, the first one counts and the others are warned.
   *
   * <ul>
   *   <li>Value: a directory; {@code ~/} is your home directory, and a relative path starts at the
   *       reactor's root
   *   <li>Default: {@code rpi-deploy/layers} in your cache directory ({@code ~/.cache} on Linux)
   *   <li>Example: {@code -Drpi.layerCache=.cache/layers}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.layerCache")
  @Nullable String layerCache;

  /**
   * What a deploy does with the services of the compose file that no module deploys: databases,
   * brokers, proxies. With {@code start}, those that a deployed service needs ({@code depends_on},
   * directly or not) and that do not run are started before it, in their order, and waited for
   * until they have reached its condition: started, healthy or completed. The Pi pulls their images
   * itself. One that runs, and a migration that has completed, is not touched; none is ever
   * removed, and a rollback does not touch them. With {@code update}, one that is needed is also
   * recreated when its part of the compose file has changed. With {@code leave}, nothing is done
   * with them. When one fails, no deployed service is touched. A build has one for each directory
   * on the Pi: if modules differ, the first one counts and the others are warned.
   *
   * <ul>
   *   <li>Value: {@code start}, {@code update} or {@code leave}
   *   <li>Example: {@code -Drpi.others=leave}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.others", defaultValue = "start")
  String others;

  /**
   * How long a service that no module deploys may take, once it is started, to become healthy or to
   * complete, as the {@code depends_on} of a deployed service says. Pulling its image does not
   * count. One that Docker calls unhealthy, or that exits, fails at once. A build has one for each
   * directory on the Pi: if modules differ, the first one counts and the others are warned.
   *
   * <ul>
   *   <li>Value: a duration: {@code 30m}, {@code 90s}, or a number of seconds
   *   <li>Example: {@code -Drpi.othersTimeout=30m}
   * </ul>
   *
   * @since 0.1.0
   */
  @Parameter(property = "rpi.othersTimeout", defaultValue = "10m")
  String othersTimeout;

  /** The compose project on the Pi. */
  Stack stack(MavenProject root) {
    return stack(root, new TargetParameters());
  }

  /** The same for one of several Pis. */
  Stack stack(MavenProject root, TargetParameters at) {
    String named = at.directory() == null ? directory : at.directory();
    String remote = named == null ? "rpi/" + root.getArtifactId() : named;
    if (remote.equals("~")
        || remote.isBlank()
        || remote.chars().anyMatch(Character::isISOControl)) {
      throw new DeployException(
          "The directory on the Pi is not valid: \""
              + remote.strip().replaceAll("\\p{Cntrl}", "?")
              + "\"",
          "Give the compose project a directory of its own: -Drpi.directory=rpi/my-services");
    }
    ComposeFiles local = ComposeFiles.of(composeFile, Reactor.directory(root));
    return new Stack(
        remote.startsWith("~/") ? remote.substring(2) : remote,
        local.first(),
        sudo,
        new FilesSpec(
            local.second(),
            files == null ? List.of() : globs(files),
            filesLimit == null || filesLimit.isBlank()
                ? FilesSpec.DEFAULT.limit()
                : SizeParameter.parse("filesLimit", filesLimit),
            overwriteFiles),
        isSwarm());
  }

  /** Whether a swarm replaces services. */
  boolean isSwarm() {
    String without = "compose replaces services on one Pi";
    return Choice.of("orchestrator", orchestrator, without, "compose", "swarm").equals("swarm");
  }

  /** Commas within braces are the glob's own. */
  private static List<String> globs(String text) {
    return Stream.of(text.split(",(?![^{]*})", -1))
        .map(String::strip)
        .filter(glob -> !glob.isEmpty())
        .toList();
  }

  /** Where compressed layers are kept. */
  Path layerCache(MavenProject root) {
    Path named = file("layerCache", layerCache, root);
    return named == null ? CacheDirectory.here().resolve("layers") : named;
  }

  /** What a build has only once for each compose project. */
  DeploySettings deploySettings(MavenProject root) {
    return new DeploySettings(
        project.getArtifactId(),
        DurationParameter.parseOrZero("lockTimeout", lockTimeout),
        DurationParameter.parseOrZero("confirmTimeout", confirmTimeout),
        layerCache(root),
        othersMode(),
        DurationParameter.parse("othersTimeout", othersTimeout));
  }

  private Others.Mode othersMode() {
    String word =
        Choice.of(
            "others",
            others,
            "what a deployed service needs is started when it does not run",
            "start",
            "update",
            "leave");
    return Others.Mode.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
