package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.PlainText;
import io.github.rpideploy.deploy.files.FilesArchive;
import io.github.rpideploy.deploy.files.FilesOnPi;
import io.github.rpideploy.deploy.files.StackFile;
import io.github.rpideploy.deploy.files.StackFiles;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.Digest;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Puts the local compose file and its files in place, as far as the Pi has others. */
final class Upload {

  private static final Script SCRIPT = Script.of(Upload.class, "upload.sh");

  private final RemoteHost host;
  private final Stack stack;
  private final String composeYaml;
  private final StackFiles files;
  private final Reporter reporter;
  private final FilesOnPi found;

  /** What the Pi is known to lack. */
  private Collection<StackFile> lacking;

  private final Set<String> sent = new HashSet<>();
  private Change change = Change.NONE;
  private boolean filesChanged;

  /** What was done to the compose file. */
  private enum Change {
    NONE,
    CREATED,
    REPLACED
  }

  Upload(
      RemoteHost host,
      Stack stack,
      String composeYaml,
      StackFiles files,
      FilesOnPi found,
      Reporter reporter) {
    this.host = host;
    this.stack = stack;
    this.composeYaml = composeYaml;
    this.files = files;
    this.found = found;
    this.lacking = found.lacking(files);
    this.reporter = reporter;
  }

  /** Somebody may have changed files since the probe. */
  void outdate() {
    lacking = files.files().values();
  }

  /**
   * Each file appears as a whole or not at all.
   *
   * @throws DeployException when somebody has changed one of them on the Pi, or they cannot be
   *     written
   */
  void put() {
    List<String> said = run();
    if (words(said, "lacking").isEmpty()) {
      report(said);
      return;
    }
    // The Pi has lost or changed some since the probe.
    outdate();
    report(run());
  }

  /** What {@link #put} would do with files, by what the probe told. */
  Event.FilesPlanned planned() {
    return new Event.FilesPlanned(lackingWithSizes(), found.obsolete(files));
  }

  private List<Event.SentFile> lackingWithSizes() {
    return lacking.stream().map(file -> new Event.SentFile(file.path(), file.size())).toList();
  }

  private List<String> run() {
    ExecResult result =
        host.exec(
            Command.script(
                SCRIPT,
                Command.asPath(stack.directory()),
                Digest.of(composeYaml.getBytes(StandardCharsets.UTF_8)).hex(),
                files.sha256(),
                stack.files().overwrite() ? "yes" : ""),
            FilesArchive.toPlace(composeYaml, files, lacking));
    if (!result.ok()) {
      throw new DeployException(
          (files.isEmpty() ? "The compose file" : "The compose file and its files")
              + " cannot be written to "
              + stack.directory()
              + " on "
              + host.name()
              + ": "
              + result.describe(),
          "The compose file on the Pi is unchanged. Check there: df -h . && ls -ld "
              + Command.of(Command.asPath(stack.directory())).toShell());
    }
    return result.stdout().lines().toList();
  }

  private void report(List<String> said) {
    List<String> conflicts = words(said, "conflict");
    if (!conflicts.isEmpty()) {
      throw conflict(conflicts, stack, host.name());
    }
    if (!words(said, "lacking").isEmpty()) {
      throw new DeployException(
          "Files changed while they were sent to "
              + host.name()
              + ": "
              + String.join(", ", words(said, "lacking")),
          "Deploy again when nothing writes them any more; nothing was changed");
    }
    if (!lacking.isEmpty()) {
      lacking.forEach(file -> sent.add(file.path()));
      reporter.report(new Event.FilesSent(lackingWithSizes()));
    }
    lacking = List.of();
    words(said, "removed").forEach(path -> reporter.report(new Event.FileRemoved(path)));
    for (String path : words(said, "kept")) {
      reporter.report(
          new Event.Warning(
              path
                  + " on "
                  + host.name()
                  + " is no longer named by the compose file. It was changed there, so it stays"));
    }
    // Of what is the same, what an earlier deploy did that never proved it good.
    List<String> did =
        words(said, "did").stream().flatMap(all -> List.of(all.split(" ", -1)).stream()).toList();
    if (did.contains("created") || did.contains("replaced")) {
      change = did.contains("created") ? Change.CREATED : Change.REPLACED;
    }
    filesChanged |= did.contains("files");
    if (said.contains("put")) {
      reporter.report(
          new Event.ComposeFileUploaded(stack.directory() + "/" + ComposeDirectory.FILE));
    }
  }

  /** What follows a word on the lines that begin with it. */
  private static List<String> words(List<String> said, String word) {
    List<String> found = new ArrayList<>();
    for (String line : said) {
      if (line.startsWith(word + " ")) {
        found.add(PlainText.line(line.substring(word.length() + 1)));
      }
    }
    return found;
  }

  /**
   * Makes sure that no file would be overwritten that somebody has changed on the Pi.
   *
   * @param found what the Pi has
   * @throws DeployException when one would
   */
  static void requireNoConflict(Stack stack, StackFiles files, FilesOnPi found, String host) {
    if (!stack.files().overwrite()) {
      List<String> conflicts = found.conflicts(files);
      if (!conflicts.isEmpty()) {
        throw conflict(conflicts, stack, host);
      }
    }
  }

  void requireNoConflict() {
    requireNoConflict(stack, files, found, host.name());
  }

  private static DeployException conflict(List<String> paths, Stack stack, String host) {
    String some =
        String.join(", ", paths.subList(0, Math.min(paths.size(), 5)))
            + (paths.size() > 5 ? " and " + (paths.size() - 5) + " more" : "");
    return new DeployException(
        "%s in %s on %s %s not what the last deploy sent, and differ%s from yours: somebody has changed %s there"
            .formatted(
                some,
                stack.directory(),
                host,
                paths.size() == 1 ? "is" : "are",
                paths.size() == 1 ? "s" : "",
                paths.size() == 1 ? "it" : "them"),
        "Nothing was changed. Take over what you need of it; then overwrite it:"
            + " -Drpi.overwriteFiles. To leave it to the Pi: -Drpi.files='!"
            + paths.get(0)
            + "'");
  }

  /** What the guard is told: how to restore it. */
  String change() {
    return change.name() + (filesChanged ? " FILES" : "");
  }

  boolean isReplaced() {
    return change != Change.NONE || filesChanged;
  }

  boolean isComposeFileReplaced() {
    return change != Change.NONE;
  }

  boolean areFilesReplaced() {
    return filesChanged;
  }

  /** What the Pi is known to lack. */
  List<StackFile> lacking() {
    return List.copyOf(lacking);
  }

  /** The files that this build has put in place. */
  Set<String> sent() {
    return sent;
  }

  /** What was there before is there again. */
  void restored() {
    change = Change.NONE;
    filesChanged = false;
    sent.clear();
    outdate();
  }
}
