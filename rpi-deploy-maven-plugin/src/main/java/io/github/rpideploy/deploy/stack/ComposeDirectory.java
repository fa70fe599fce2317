package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.Compose;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The compose directory on the Pi, and the compose file that it has or will have. */
public final class ComposeDirectory {

  static final String FILE = "compose.yaml";

  /** Where a command line of {@link #onThePi} calls docker. */
  private static final Pattern DOCKER = Pattern.compile("(?<=^|; |&& )docker ");

  private static final Script UPLOAD = Script.of(ComposeDirectory.class, "upload.sh");

  private final RemoteHost host;
  private final Stack stack;
  private final Reporter reporter;
  private final Compose compose;
  private final String docker;
  private final @Nullable String wanted;
  private Change change = Change.NONE;
  private boolean uploaded;

  /** What this build has done to the compose file. */
  private enum Change {
    NONE,
    CREATED,
    REPLACED
  }

  /**
   * @param wanted what {@link #wanted} says
   */
  public ComposeDirectory(
      RemoteHost host, Docker docker, Stack stack, @Nullable String wanted, Reporter reporter) {
    this.host = host;
    this.stack = stack;
    this.reporter = reporter;
    this.compose = docker.compose(stack.directory());
    this.docker = docker.typed();
    this.wanted = wanted;
  }

  /**
   * The compose file that the directory should have; null to keep the one it has.
   *
   * @throws DeployException when the local compose file cannot be read
   */
  public static @Nullable String wanted(Stack stack) {
    return stack.composeFile() == null ? null : read(stack.composeFile());
  }

  /** Where it is on the Pi. */
  public String path() {
    return stack.directory();
  }

  public Compose compose() {
    return compose;
  }

  /** Compose's digest of each service by the compose file that is in the directory. */
  public Map<String, String> presentHashes() {
    return compose.hashes(null);
  }

  /**
   * Compose's digest of each service by the compose file that the directory has after {@link
   * #upload}. Once it is there compose is asked as by {@code up}, with all files that it reads.
   */
  public Map<String, String> hashes() {
    return compose.hashes(uploaded ? null : wanted);
  }

  /** How messages name the compose file that the directory will have. */
  public String described() {
    return stack.composeFile() == null
        ? stack.directory() + " on " + host.name()
        : stack.composeFile().toString();
  }

  /**
   * Puts the local compose file in place if the Pi has another one, and creates the directory if it
   * does not exist. The file appears as a whole or not at all: it is written beside and renamed.
   */
  public void upload() {
    if (wanted == null) {
      return;
    }
    String length = String.valueOf(wanted.getBytes(StandardCharsets.UTF_8).length);
    ExecResult result =
        host.exec(
            Command.script(UPLOAD, Command.asPath(stack.directory()), length), Stdin.of(wanted));
    if (!result.ok()) {
      throw new DeployException(
          "The compose file cannot be written to "
              + stack.directory()
              + " on "
              + host.name()
              + ": "
              + result.describe(),
          "The compose file on the Pi is unchanged. Check there: df -h . && ls -ld "
              + Command.of(Command.asPath(stack.directory())).toShell());
    }
    uploaded = true;
    // Of a file that is the same, what an earlier deploy did that never proved it good.
    String[] did = result.stdout().strip().split(" ", -1);
    String done = did[did.length - 1];
    if (done.equals("created") || done.equals("replaced")) {
      change = done.equals("created") ? Change.CREATED : Change.REPLACED;
    }
    if (!did[0].equals("same")) {
      reporter.report(new Event.ComposeFileUploaded(stack.directory() + "/" + FILE));
    }
  }

  /** What the guard is told of the compose file: how to restore it. */
  public String change() {
    return change.name();
  }

  /**
   * Whether this build, or an earlier one that proved no service good with it, has put another
   * compose file in place, and it was not restored.
   */
  public boolean isReplaced() {
    return change != Change.NONE;
  }

  /**
   * Restores the compose file that this build has replaced; does nothing if it has replaced none.
   * One that was created beside a file of another name, which compose read until then, is removed;
   * a first one stays.
   *
   * @return whether there was something to restore
   * @throws DeployException when that fails
   */
  public boolean restore() {
    if (change == Change.NONE) {
      return false;
    }
    ExecResult result = compose.restore(change.name());
    if (!result.ok()) {
      throw new DeployException(
          "The previous compose file cannot be restored in "
              + stack.directory()
              + " on "
              + host.name()
              + ": "
              + result.describe(),
          "Restore it yourself: " + onThePi("mv .compose.yaml.before compose.yaml"));
    }
    change = Change.NONE;
    reporter.report(new Event.ComposeFileRestored(stack.directory() + "/" + FILE));
    return true;
  }

  /** The host name or address by which the Pi was reached. */
  public String hostName() {
    return host.hostName();
  }

  /**
   * A command line to paste that runs something in the directory.
   *
   * @param commands calling {@code docker} plainly; sudo is added where the user needs it
   */
  public String onThePi(String commands) {
    String there = DOCKER.matcher(commands).replaceAll(Matcher.quoteReplacement(docker + " "));
    Matcher name = Pattern.compile("(.+?)(?::(\\d+))?").matcher(host.name());
    String port = name.matches() && name.group(2) != null ? name.group(2) : "22";
    return "ssh "
        + (port.equals("22") ? "" : "-p " + port + " ")
        + Command.of(name.matches() ? name.group(1) : host.name()).toShell()
        + " "
        + Command.of("cd " + Command.of(directoryForCd()).toShell() + " && " + there).toShell();
  }

  /** The directory as configured, unless cd would take it for an option. */
  private String directoryForCd() {
    String name = stack.directory();
    return name.startsWith("-") ? Command.asPath(name) : name;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DeployException(
          "The compose file " + file + " cannot be read: " + e.getMessage(),
          "Name the right one with -Drpi.composeFile=path/to/compose.yaml",
          e);
    }
  }
}
