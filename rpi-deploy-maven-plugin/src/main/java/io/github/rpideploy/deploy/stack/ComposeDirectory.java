package io.github.rpideploy.deploy.stack;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.files.FilesOnPi;
import io.github.rpideploy.deploy.files.StackFile;
import io.github.rpideploy.deploy.files.StackFiles;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.Compose;
import io.github.rpideploy.docker.Docker;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The compose directory on the Pi, and the compose file that it has or will have. */
public final class ComposeDirectory {

  static final String FILE = "compose.yaml";

  /** Where a command line of {@link #onThePi} calls docker. */
  private static final Pattern DOCKER = Pattern.compile("(?<=^|; |&& )docker ");

  private final RemoteHost host;
  private final Stack stack;
  private final Reporter reporter;
  private final Compose compose;
  private final String docker;
  private final @Nullable String wanted;
  private final StackFiles files;
  private final @Nullable Upload upload;
  private boolean uploaded;

  /**
   * @param wanted what {@link LocalStack#wanted} says
   */
  public ComposeDirectory(
      RemoteHost host, Docker docker, Stack stack, @Nullable String wanted, Reporter reporter) {
    this(host, docker, stack, wanted, StackFiles.NONE, FilesOnPi.NONE, reporter);
  }

  /**
   * One with files.
   *
   * @param files what goes along with the wanted compose file
   * @param found what the Pi has of it
   */
  public ComposeDirectory(
      RemoteHost host,
      Docker docker,
      Stack stack,
      @Nullable String wanted,
      StackFiles files,
      FilesOnPi found,
      Reporter reporter) {
    this.host = host;
    this.stack = stack;
    this.reporter = reporter;
    this.compose = docker.compose(stack.directory());
    this.docker = docker.typed();
    this.wanted = wanted;
    this.files = files;
    this.upload = wanted == null ? null : new Upload(host, stack, wanted, files, found, reporter);
  }

  /** Where it is on the Pi. */
  public String path() {
    return stack.directory();
  }

  Compose compose() {
    return compose;
  }

  /** Whether {@link #upload} was called. */
  public boolean isUploaded() {
    return uploaded;
  }

  /**
   * What compose prints of the compose file in the directory, with the services of all profiles.
   */
  public ExecResult config() {
    return compose.config();
  }

  /** The compose file in the directory as compose reads it; empty when compose refuses it. */
  public Optional<ComposeFile> present() {
    return compose.present();
  }

  /**
   * Compose's digest of each service by the compose file that the directory has after {@link
   * #upload}. Once it is there compose is asked as by {@code up}, with all files that it reads.
   */
  public Map<String, String> hashes() {
    return hashes("*");
  }

  /** That of one service, of which {@link #hashes} may know nothing. */
  public Optional<String> hash(String service) {
    return Optional.ofNullable(hashes(service).get(service));
  }

  private Map<String, String> hashes(String which) {
    return compose.hashes(uploaded ? null : wanted, which);
  }

  /** How messages name the compose file that the directory will have. */
  public String described() {
    return stack.composeFile() == null
        ? stack.directory() + " on " + host.name()
        : stack.composeFile().toString();
  }

  /**
   * Puts the local compose file and its files in place where the Pi has others, and creates the
   * directory if it does not exist. Each file appears as a whole or not at all: it is written
   * beside and renamed.
   *
   * @throws DeployException when somebody has changed one of them on the Pi, or they cannot be
   *     written
   */
  public void upload() {
    if (upload != null) {
      upload.put();
      uploaded = true;
    }
  }

  /** The files that {@link #upload} would send and remove. */
  public Event.FilesPlanned planned() {
    return upload == null ? Event.FilesPlanned.NONE : upload.planned();
  }

  /** Another deploy has changed the Pi since the probe. */
  public void outdate() {
    if (upload != null) {
      upload.outdate();
    }
  }

  /**
   * Makes sure that no file would be overwritten that somebody has changed on the Pi.
   *
   * @throws DeployException when one would
   */
  public void requireNoConflict() {
    if (upload != null) {
      upload.requireNoConflict();
    }
  }

  /** The files and directories that a service sees; null when this build does not know them. */
  public @Nullable Set<String> uses(String service) {
    return upload == null ? null : files.usedBy(service);
  }

  /**
   * The files that containers of a service see, and that have changed since the containers were
   * made.
   *
   * @param made the SHA-256 of each by path, when they were made; null when that is not known
   */
  public List<String> changedFiles(String service, @Nullable Map<String, String> made) {
    if (upload == null) {
      return List.of();
    }
    Map<String, String> wantedOnes = files.of(service);
    Set<String> changed = new TreeSet<>(made == null ? wantedOnes.keySet() : made.keySet());
    changed.addAll(wantedOnes.keySet());
    changed.removeIf(
        path ->
            made != null
                && Objects.equals(made.get(path), wantedOnes.get(path))
                && !upload.sent().contains(path));
    return List.copyOf(changed);
  }

  /** The files besides the compose file that compose makes a service of, and that the Pi lacks. */
  public List<String> lackingFiles(String service) {
    return upload == null
        ? List.of()
        : upload.lacking().stream()
            .map(StackFile::path)
            .filter(path -> files.concerns(service, path))
            .toList();
  }

  /** What the guard is told of the compose file: how to restore it. */
  public String change() {
    return upload == null ? "NONE" : upload.change();
  }

  /**
   * Whether this build, or an earlier one that proved no service good with it, has put another
   * compose file or files beside it in place, and it was not restored.
   */
  public boolean isReplaced() {
    return upload != null && upload.isReplaced();
  }

  /** The commands that restore what was replaced, each with what separates it from the next. */
  public String restoring() {
    return upload == null
        ? ""
        : (upload.isComposeFileReplaced() ? "mv .compose.yaml.before compose.yaml; " : "")
            + (upload.areFilesReplaced() ? "cp -a .rpi/before/tree/. .; " : "");
  }

  /**
   * Restores what this build has replaced; does nothing if it has replaced nothing. One that was
   * created beside a file of another name, which compose read until then, is removed; a first one
   * stays.
   *
   * @return whether there was something to restore
   * @throws DeployException when that fails
   */
  public boolean restore() {
    if (upload == null || !upload.isReplaced()) {
      return false;
    }
    ExecResult result = compose.changes().restore(upload.change());
    if (!result.ok()) {
      throw new DeployException(
          "The previous compose file cannot be restored in "
              + stack.directory()
              + " on "
              + host.name()
              + ": "
              + result.describe(),
          "Restore it yourself: " + onThePi(restoring().replaceFirst("; $", "")));
    }
    if (upload.isComposeFileReplaced()) {
      reporter.report(new Event.ComposeFileRestored(stack.directory() + "/" + FILE));
    }
    if (upload.areFilesReplaced()) {
      reporter.report(new Event.FilesRestored(stack.directory()));
    }
    upload.restored();
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
}
