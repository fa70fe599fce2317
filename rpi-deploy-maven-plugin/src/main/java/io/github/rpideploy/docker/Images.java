package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.remote.Stdin;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The images of the Engine on the Pi. */
public final class Images {

  /** Where in the home it is written what is being loaded: what a power cut may tear. */
  public static final String LOADING = ReleaseScripts.LOADING;

  private static final Script PULL = Script.of(Images.class, "pull.sh");
  private static final Script REMOVE_TAGS = Script.of(Images.class, "remove-tags.sh");

  /** A large image over a slow line. */
  private static final Duration PULL_TIMEOUT = Duration.ofHours(2);

  private final RemoteHost host;
  private final DockerCommand docker;
  private final Engine engine;

  Images(RemoteHost host, DockerCommand docker, Engine engine) {
    this.host = host;
    this.docker = docker;
    this.engine = engine;
  }

  /**
   * Asks in one round trip which images the Engine holds, which layers were sent for them, and how
   * much space is free.
   */
  public EngineContents contents() {
    ExecResult result = host.exec(ReleaseScripts.contents(engine, docker));
    if (!result.ok()) {
      throw docker.failure(host, "Asking for the images", result);
    }
    return ReleaseAnswer.parse(result.stdout()).contents();
  }

  /**
   * How a load ended.
   *
   * @param result of {@code docker load}, which proves nothing: the containerd store exits 0 for an
   *     image that it could not unpack (measured on Engine 28.5); its output is in {@code stderr}
   * @param proof the state of the releases afterwards
   */
  public record Loaded(ExecResult result, Proof proof) {}

  /**
   * Streams an archive into {@code docker load}. In the same round trip it proves that containers
   * can be created from its releases, and records the layers of those that are good.
   *
   * @param releases what is in it
   */
  public Loaded load(Stdin archive, List<ReleaseCheck> releases) {
    return loaded(host.exec(ReleaseScripts.load(engine, docker, releases), archive));
  }

  /**
   * A directory of a release that a program copies files from.
   *
   * @param release its tag
   * @param path absolute, without control characters, not the root
   */
  public record OldDirectory(String release, String path) {}

  /**
   * The same with an archive that a program makes there.
   *
   * @param program what makes it of old files and of what it holds itself
   * @param old what it copies from; each is read once
   */
  public Loaded load(Stdin program, List<ReleaseCheck> releases, List<OldDirectory> old) {
    return loaded(host.exec(ReleaseScripts.load(engine, docker, releases, old), program));
  }

  private Loaded loaded(ExecResult result) {
    ReleaseAnswer answer = ReleaseAnswer.parse(result.stdout());
    ExecResult load =
        answer.loaded().orElseThrow(() -> docker.failure(host, "Loading the images", result));
    return new Loaded(load, answer.proof());
  }

  /**
   * Has the lists of files written that were kept of layers, as a tar archive. Nothing is written
   * where no program can be run, or where programs have failed.
   */
  public void writeFileLists(OutputStream out) {
    host.exec(ReleaseScripts.fileLists(), Stdin.EMPTY, out);
  }

  /**
   * Has it written which entries jars have that are in directories of releases.
   *
   * @param platform of the releases
   * @param questions lines with a directory's number, a file's size and its name
   * @param out receives what {@code jar-entries.sh} prints
   */
  public void writeJarEntries(
      String platform, List<OldDirectory> old, String questions, OutputStream out) {
    host.exec(ReleaseScripts.jarEntries(docker, platform, old), Stdin.of(questions), out);
  }

  /** What became of the layers of a shipment that were to be made there. */
  public enum DeltaOutcome {
    /** There were none. */
    NONE,
    WORKED,
    /** They were sent whole, and are fine. */
    FAILED
  }

  /**
   * Keeps lists of files, a tar archive with a file for each layer, named by its diffID.
   *
   * @return whether lists will be written when they are asked for: not after deltas have failed
   *     twice, until something there is another one
   */
  public boolean keepFileLists(Stdin archive, DeltaOutcome deltas) {
    return !host.exec(ReleaseScripts.keepFileLists(deltas), archive).stdout().strip().equals("off");
  }

  /**
   * Proves in one round trip that containers can be created from releases, and records the layers
   * of those that are good.
   */
  public Proof prove(List<ReleaseCheck> releases) {
    ExecResult result = host.exec(ReleaseScripts.prove(docker, releases));
    if (!result.ok()) {
      throw docker.failure(host, "Proving the releases", result);
    }
    return ReleaseAnswer.parse(result.stdout()).proof();
  }

  /**
   * The id of the image under a name, empty when the Pi has none: on a classic store the config
   * digest, on the containerd store the manifest digest.
   */
  public Optional<String> id(String reference) {
    ExecResult result =
        host.exec(docker.call("image", "inspect", "--format", "{{.Id}}", reference));
    if (result.ok()) {
      return Optional.of(result.stdout().strip());
    }
    if (result.stderr().toLowerCase(Locale.ROOT).contains("no such image")) {
      return Optional.empty();
    }
    throw docker.failure(host, "docker image inspect " + reference, result);
  }

  /**
   * Has the Engine pull an image, unless it is there.
   *
   * @param platform to ask the registry for; empty for whatever fits the Engine
   * @param said receives what {@code pull.sh} prints while it runs
   */
  public void pull(String image, String platform, OutputStream said) {
    host.exec(
        Command.script(PULL, docker.forScript(image, platform)).within(PULL_TIMEOUT),
        Stdin.EMPTY,
        said);
  }

  /** Makes {@code target} a name of the image that {@code source} names. */
  public void tag(String source, String target) {
    ExecResult result = host.exec(docker.call("image", "tag", source, target));
    if (!result.ok()) {
      throw docker.failure(host, "docker image tag " + source + " " + target, result);
    }
  }

  /**
   * Removes tags in one round trip, and images that have no other tag; never an image that a
   * container uses. A tag that cannot be removed is skipped.
   *
   * @return the tags that the Engine removed
   */
  public List<String> removeTags(List<String> tags) {
    List<String> call = new ArrayList<>(List.of("image", "rm"));
    call.addAll(tags);
    String said = host.exec(docker.call(call.toArray(String[]::new))).stdout();
    return tags.stream()
        .filter(tag -> said.lines().anyMatch(("Untagged: " + tag)::equals))
        .toList();
  }

  /**
   * Removes tags like {@link #removeTags} on a machine of which no {@link Inventory} is asked; and
   * in the same round trip what ended proofs and removed images have left there.
   */
  public void tidy(List<String> tags) {
    List<String> arguments = new ArrayList<>(List.of(ReleaseScripts.NOTES));
    arguments.addAll(tags);
    host.exec(
        Command.script(REMOVE_TAGS, docker.forScript(arguments.toArray(String[]::new)))
            .within(ReleaseScripts.TIMEOUT));
  }
}
