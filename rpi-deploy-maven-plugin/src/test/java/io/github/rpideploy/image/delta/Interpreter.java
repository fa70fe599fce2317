package io.github.rpideploy.image.delta;

import io.github.rpideploy.remote.PosixShell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What a program runs in on a Pi. */
public enum Interpreter {
  PERL,
  PYTHON3;

  static final Path PROGRAMS = Path.of("/usr/bin");

  /** Perl in every shell, and Python in one: to a shell it is an argument. */
  static Stream<Arguments> inEveryShell() {
    List<PosixShell> shells = PosixShell.here();
    return Stream.concat(
        shells.stream().map(shell -> Arguments.of(shell, PERL)),
        shells.stream().limit(1).map(shell -> Arguments.of(shell, PYTHON3)));
  }

  /** A new directory with programs for the beginning of a PATH: none of the others works then. */
  public Path aloneIn(Path parent) {
    try {
      Path programs = Files.createDirectory(parent.resolve("only-" + this));
      for (Interpreter each : values()) {
        Path program = programs.resolve(each.toString());
        if (each == this) {
          Files.createSymbolicLink(program, each.program());
        } else if (!Files.writeString(program, "#!/bin/sh\nexit 127\n")
            .toFile()
            .setExecutable(true)) {
          throw new IOException("not executable: " + program);
        }
      }
      return programs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As the distribution has it: another one may be a script that starts it. */
  public Path program() {
    return PROGRAMS.resolve(toString());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
