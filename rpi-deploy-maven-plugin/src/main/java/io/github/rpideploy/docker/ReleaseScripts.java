package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The shell scripts that load and check releases on the Pi, one round trip each whatever the number
 * of services, and the record of sent layers that they keep there.
 *
 * <p>Whenever a release was proved, a {@link SentLayers} is written to a file named by the image's
 * id, in {@value #NOTES} in the user's home, and it counts for as long as the Engine lists an image
 * of that id. The containerd store cannot be asked which blobs it has without root; but an image id
 * of that store is the digest of a manifest and commits to its blobs. So such a file cannot become
 * wrong, whichever project, build or Engine wrote it; without it a layer is sent or a release
 * proved again, and that is all.
 */
final class ReleaseScripts {

  static final String NOTES = ".cache/rpi-deploy/notes";

  /** What is being loaded, beside the notes. */
  static final String LOADING = ".cache/rpi-deploy/loading";

  /** Lists of the files in layers, beside the notes. */
  private static final String LISTS = ".cache/rpi-deploy/files";

  /** What an SD card may need after the last byte of an image has arrived. */
  private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(30);

  /** Proofs make and remove a container each, which an SD card may take seconds for. */
  static final Duration TIMEOUT = Duration.ofMinutes(10);

  private static final Script CONTENTS = Script.of(ReleaseScripts.class, "contents.sh");
  private static final Script LOAD = Script.of(ReleaseScripts.class, "load.sh");
  private static final Script LOAD_DELTA = Script.of(ReleaseScripts.class, "load-delta.sh");
  private static final Script JAR_ENTRIES = Script.of(ReleaseScripts.class, "jar-entries.sh");
  private static final Script LISTS_THERE = Script.of(ReleaseScripts.class, "file-lists.sh");
  private static final Script KEEP_LISTS = Script.of(ReleaseScripts.class, "keep-file-lists.sh");

  /** Another one when deltas are applied otherwise: those that have failed are tried again. */
  private static final String APPLIER =
      Integer.toHexString(Command.script(LOAD_DELTA).argv().get(2).hashCode());

  private static final Script PROVE = Script.of(ReleaseScripts.class, "prove.sh");

  private ReleaseScripts() {}

  /** Asks for everything that {@link EngineContents} has; changes nothing. */
  static Command contents(Engine engine, DockerCommand docker) {
    return Command.script(CONTENTS, docker.forScript(NOTES, engine.rootDirectory()))
        .within(TIMEOUT);
  }

  /** Loads the archive on standard input, and proves and notes the releases that are in it. */
  static Command load(Engine engine, DockerCommand docker, List<ReleaseCheck> releases) {
    return Command.script(LOAD, arguments(docker, List.of(NOTES, engine.rootDirectory()), releases))
        .within(LOAD_TIMEOUT);
  }

  /**
   * The same with an archive that a program on standard input makes.
   *
   * @param releases one or more
   * @param old the directories that it copies from
   */
  static Command load(
      Engine engine,
      DockerCommand docker,
      List<ReleaseCheck> releases,
      List<Images.OldDirectory> old) {
    List<String> first =
        List.of(NOTES, engine.rootDirectory(), releases.get(0).platform(), lines(old));
    return Command.script(LOAD_DELTA, arguments(docker, first, releases)).within(LOAD_TIMEOUT);
  }

  private static String lines(List<Images.OldDirectory> old) {
    return old.stream().map(of -> of.release() + " " + of.path()).collect(Collectors.joining("\n"));
  }

  /** Asks which entries jars in these directories have; questions come on standard input. */
  static Command jarEntries(DockerCommand docker, String platform, List<Images.OldDirectory> old) {
    return Command.script(JAR_ENTRIES, docker.forScript(platform, lines(old))).within(TIMEOUT);
  }

  /** Asks for the lists of files that were kept. */
  static Command fileLists() {
    return Command.script(LISTS_THERE, LISTS, APPLIER);
  }

  /** Keeps the lists of files that are an archive on standard input, and how deltas fared. */
  static Command keepFileLists(Images.DeltaOutcome deltas) {
    return Command.script(KEEP_LISTS, LISTS, APPLIER, deltas.name().toLowerCase(Locale.ROOT));
  }

  /** Proves releases that are there, and notes them. */
  static Command prove(DockerCommand docker, List<ReleaseCheck> releases) {
    return Command.script(PROVE, arguments(docker, List.of(NOTES), releases)).within(TIMEOUT);
  }

  private static String[] arguments(
      DockerCommand docker, List<String> first, List<ReleaseCheck> releases) {
    List<String> arguments = new ArrayList<>(first);
    for (ReleaseCheck release : releases) {
      arguments.addAll(List.of(release.tag(), release.platform()));
      arguments.add(String.join(" ", release.ids()));
      arguments.add(release.note() == null ? "" : release.note().text());
    }
    return docker.forScript(arguments.toArray(String[]::new));
  }
}
