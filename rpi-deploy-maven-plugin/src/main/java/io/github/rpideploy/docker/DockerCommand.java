package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import java.util.ArrayList;
import java.util.List;

/**
 * How {@code docker} is called on a Pi: by its path, with {@code sudo -n} where the user configured
 * that, or with the socket of a rootless Engine.
 *
 * @param argv the program and the words before it
 */
record DockerCommand(List<String> argv) {

  DockerCommand {
    argv = List.copyOf(argv);
  }

  /**
   * @param before words that stand before the program, separated by single spaces, or nothing
   */
  static DockerCommand of(String before, String program) {
    List<String> argv = new ArrayList<>();
    if (!before.isEmpty()) {
      argv.addAll(List.of(before.split(" ", -1)));
    }
    argv.add(program);
    return new DockerCommand(argv);
  }

  /** The whole argument list of a call. */
  List<String> with(String... arguments) {
    List<String> whole = new ArrayList<>(argv);
    whole.addAll(List.of(arguments));
    return whole;
  }

  /** A call. */
  Command call(String... arguments) {
    return Command.of(with(arguments));
  }

  /** How the user would type it, in place of {@code docker}. */
  String typed() {
    List<String> words = new ArrayList<>(argv.subList(0, argv.size() - 1));
    words.remove("-n");
    words.add("docker");
    return String.join(" ", words);
  }

  /** What scripts take as their first two arguments, and then further ones. */
  String[] forScript(String... arguments) {
    List<String> all = new ArrayList<>();
    all.add(String.join(" ", argv.subList(0, argv.size() - 1)));
    all.add(argv.get(argv.size() - 1));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  /** A tag that could not be moved. */
  DeployException untagged(RemoteHost host, String image, String live, ExecResult result) {
    return failure(
        host,
        "docker image tag " + image + " " + live,
        new ExecResult(1, null, "", result.stderr()));
  }

  /**
   * A call that failed.
   *
   * @param what was called, in words
   */
  DeployException failure(RemoteHost host, String what, ExecResult result) {
    return new DeployException(
        what + " failed on " + host.name() + ": " + result.describe(),
        "Run it on the Pi to see more; nothing was changed by it");
  }
}
