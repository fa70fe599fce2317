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

/** The remote compose directory and the compose file that it has or is to have. */
public final class ComposeDirectory {

  static final String FILE = "compose.yaml";

  /** Where a command line of {@link #onThePi} calls docker. */
  private static final Pattern DOCKER = Pattern.compile("(?<=^|; |&& )docker ");

  private static final Script UPLOAD = Script.of(ComposeDirectory.class, "upload.sh");
  private static final Script RESTORE = Script.of(ComposeDirectory.class, "restore.sh");

  private final RemoteHost host;
  private final Stack stack;
  private final Reporter reporter;
  private final Compose compose;
  private final String docker;
  private final @Nullable String wanted;
  private Change change = Change.NONE;

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
   * What the directory is to have as its compose file; null when that is what it has.
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

  /** Compose's digest of what each service is by the file that lies in the directory. */
  public Map<String, String> presentHashes() {
    return compose.hashes(null);
  }

  /** Compose's digest of what each service is to be. */
  public Map<String, String> hashes() {
    return compose.hashes(wanted);
  }

  /** How messages name that file. */
  public String described() {
    return stack.composeFile() == null
        ? stack.directory() + " on " + host.name()
        : stack.composeFile().toString();
  }

  /**
   * Puts the local compose file in place when the Pi has another one; the directory is made if it
   * is not there. The file appears as a whole or not at all: it is written beside and renamed.
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
          "The one on the Pi is as it was. Check there: df -h . && ls -ld "
              + Command.of(Command.asPath(stack.directory())).toShell());
    }
    String did = result.stdout().strip();
    if (!did.equals("same")) {
      change = did.equals("created") ? Change.CREATED : Change.REPLACED;
      reporter.report(new Event.ComposeFileUploaded(stack.directory() + "/" + FILE));
    }
  }

  /** Whether this build has put another compose file in place and not taken it back. */
  public boolean isReplaced() {
    return change != Change.NONE;
  }

  /**
   * Puts the compose file back that this build has replaced; does nothing when it has not. One that
   * was made beside a file of another name, which compose has read until then, is removed.
   *
   * @return whether there was something to put back
   * @throws DeployException when that fails
   */
  public boolean restore() {
    if (change == Change.NONE) {
      return false;
    }
    ExecResult result = host.exec(Command.script(RESTORE, change.name()).in(stack.directory()));
    if (!result.ok()) {
      throw new DeployException(
          "The compose file before this deploy cannot be put back in "
              + stack.directory()
              + " on "
              + host.name()
              + ": "
              + result.describe(),
          "Do it there: " + onThePi("mv .compose.yaml.before compose.yaml"));
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
   * @param commands with {@code docker} as if the user could call it so
   */
  public String onThePi(String commands) {
    String there = DOCKER.matcher(commands).replaceAll(Matcher.quoteReplacement(docker + " "));
    Matcher name = Pattern.compile("(.+?)(?::(\\d+))?").matcher(host.name());
    String port = name.matches() && name.group(2) != null ? name.group(2) : "22";
    return "ssh "
        + (port.equals("22") ? "" : "-p " + port + " ")
        + Command.of(name.matches() ? name.group(1) : host.name()).toShell()
        + " "
        + Command.of("cd " + Command.of(inShell()).toShell() + " && " + there).toShell();
  }

  /** As people write it, unless cd would take it for an option. */
  private String inShell() {
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
