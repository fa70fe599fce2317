package io.github.rpideploy.image.delta;

import io.github.rpideploy.docker.Images;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.LocalShell;
import io.github.rpideploy.remote.PosixShell;
import io.github.rpideploy.remote.Script;
import io.github.rpideploy.remote.Stdin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A Pi on which programs are applied: the real script and Perl or Python, and a docker whose
 * containers are directories.
 */
public final class DeltaPi {

  /** {@code create} gives the release without its repository as the container's id. */
  private static final String DOCKER =
      """
      #!/bin/sh
      echo "$*" >>"$HOME/calls"
      case "$1" in
        create) for last; do release=$tag tag=$last; done
          echo 'WARNING: no memory limit' >&2
          [ -d "$HOME/fs/${release##*:}" ] || { echo "No such image: $release" >&2; exit 1; }
          echo "${release##*:}" ;;
        cp) c=${2%%:*} d=${2#*:}; tar -c --sort=name --format=FORMAT -f - -C "$HOME/fs/$c${d%/*}" "${d##*/}" ;;
        load) cat >"$HOME/loaded"; LOAD ;;
        rm) shift 3; echo "$*" >>"$HOME/removed" ;;
        image) echo "No such image" >&2; exit 1 ;;
        *) exit 9 ;;
      esac
      """;

  final Path home;
  private final LocalShell shell;

  public DeltaPi(PosixShell shell, Path home) {
    this.home = home;
    this.shell = new LocalShell(shell, home);
    docker("gnu", ":");
  }

  /** One on which only that interpreter works. */
  DeltaPi(PosixShell shell, Path home, Interpreter only) {
    this(shell, home);
    this.shell.withPrograms(only.aloneIn(home));
  }

  /** Has docker use that format of tar, and run that line at the end of a load. */
  public void docker(String format, String load) {
    try {
      Path docker = home.resolve("docker");
      Files.writeString(docker, DOCKER.replace("FORMAT", format).replace("LOAD", load));
      if (!docker.toFile().setExecutable(true)) {
        throw new IOException("not executable: " + docker);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files that containers of a release have. */
  public void put(String release, Map<String, byte[]> files) throws IOException {
    Path root = home.resolve("fs").resolve(release.substring(release.indexOf(':') + 1));
    Files.createDirectories(root);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey().substring(1));
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
  }

  /** What the script printed. What has been loaded is in the file {@code loaded}. */
  public String load(byte[] program, List<Deltas.OldDirectory> old) {
    Command command =
        Command.script(
            Script.of(Images.class, "load-delta.sh"),
            "",
            home.resolve("docker").toString(),
            ".cache/rpi-deploy/notes",
            "/",
            "linux/arm64",
            lines(old),
            "x:new",
            "linux/arm64",
            "",
            "");
    return shell.exec(command, out -> out.write(program)).stdout();
  }

  /** What it says of jars. */
  public byte[] entries(List<Deltas.OldDirectory> old, String questions) {
    Command command =
        Command.script(
            Script.of(Images.class, "jar-entries.sh"),
            "",
            home.resolve("docker").toString(),
            "linux/arm64",
            lines(old));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    shell.exec(command, Stdin.of(questions), out);
    return out.toByteArray();
  }

  private static String lines(List<Deltas.OldDirectory> old) {
    return old.stream().map(of -> of.release() + " " + of.path()).collect(Collectors.joining("\n"));
  }

  public byte[] loaded() throws IOException {
    return Files.readAllBytes(home.resolve("loaded"));
  }
}
