package io.github.rpideploy.remote;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The shells that {@code sh} may be on a Pi: Debian's, others', and the one of small systems. */
public enum PosixShell {
  DASH,
  BASH,
  BUSYBOX;

  private final Optional<Path> program = find(name().toLowerCase(Locale.ROOT));

  /** For each shell a directory in which {@code sh} is that shell. */
  private static final Map<PosixShell, Path> DIRECTORIES = new ConcurrentHashMap<>();

  /**
   * Those of this machine that scripts are tested in: Debian's, and one of the others, each on
   * every second day. A script makes many processes. With {@code -Dshells=all} all of them, as the
   * workflows do; {@code ShellFilesTest} sees to it that none is missing.
   */
  public static List<PosixShell> here() {
    List<PosixShell> here = Stream.of(values()).filter(shell -> shell.program.isPresent()).toList();
    if (here.size() < values().length || System.getProperty("shells", "").equals("all")) {
      return here;
    }
    return List.of(DASH, LocalDate.now(ZoneOffset.UTC).toEpochDay() % 2 == 0 ? BASH : BUSYBOX);
  }

  boolean isHere() {
    return program.isPresent();
  }

  /** This shell with these arguments, in a process for which {@code sh} is this shell, too. */
  public ProcessBuilder process(String... arguments) {
    List<String> argv = new ArrayList<>(List.of(directory().resolve("sh").toString()));
    argv.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(argv);
    prepend(builder, directory());
    return builder;
  }

  /** Puts a directory before all others of a process's PATH. */
  public static void prepend(ProcessBuilder builder, Path directory) {
    builder
        .environment()
        .merge("PATH", directory.toString(), (path, first) -> first + File.pathSeparator + path);
  }

  /** Makes this shell the one that is called {@code sh} in a directory. */
  public Path in(Path directory) throws IOException {
    return Files.createSymbolicLink(directory.resolve("sh"), program.orElseThrow());
  }

  private Path directory() {
    return DIRECTORIES.computeIfAbsent(this, PosixShell::made);
  }

  private static Path made(PosixShell shell) {
    try {
      Path directory = Files.createTempDirectory("rpi-deploy-" + shell);
      directory.toFile().deleteOnExit();
      shell.in(directory).toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> find(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
