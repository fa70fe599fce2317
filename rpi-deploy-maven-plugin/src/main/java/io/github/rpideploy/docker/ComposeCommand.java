package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The compose command line of a Pi: {@code docker compose}, or {@code docker-compose} where only
 * that is installed (Debian 12's own is version 1.29).
 *
 * @param argv how it is called
 * @param version as it prints it, without a leading {@code v}
 * @param major the version's first number
 * @param minor the version's second number
 */
record ComposeCommand(List<String> argv, String version, int major, int minor) {

  private static final Pattern NUMBERS = Pattern.compile("v?(\\d{1,9})\\.(\\d{1,9})");

  ComposeCommand {
    argv = List.copyOf(argv);
  }

  static ComposeCommand of(List<String> argv, String version) {
    Matcher numbers = NUMBERS.matcher(version);
    boolean known = numbers.lookingAt();
    return new ComposeCommand(
        argv,
        version.startsWith("v") ? version.substring(1) : version,
        known ? Integer.parseInt(numbers.group(1)) : 2,
        known ? Integer.parseInt(numbers.group(2)) : 0);
  }

  private boolean atLeast(int wantedMajor, int wantedMinor) {
    return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
  }

  /** Whether it has {@code --pull never}. */
  boolean neverPulls() {
    return atLeast(2, 8);
  }

  /** The whole argument list of a call. */
  List<String> with(List<String> arguments) {
    List<String> whole = new ArrayList<>(argv);
    whole.addAll(arguments);
    return whole;
  }

  /**
   * Options of {@code up} that recreate one service and nothing else. Compose would pull a
   * stranger's image of the same name when the tag is missing, so pulling is off; {@code --pull
   * never} came with 2.8.
   */
  String recreating() {
    return starting(true);
  }

  /**
   * Options of {@code up} that start one service and nothing else. Its image was pulled before.
   *
   * @param anew whether a container that is there is replaced
   */
  String starting(boolean anew) {
    return "-d "
        + (anew ? "--force-recreate" : "--no-recreate")
        + " --no-deps "
        + (neverPulls() ? "--pull never " : "")
        + "--no-build";
  }

  /** A script that is given how to call docker first, and how to call compose last. */
  Command script(Script script, DockerCommand docker, String... arguments) {
    List<String> all = new ArrayList<>(List.of(docker.forScript(arguments)));
    all.addAll(argv);
    return Command.script(script, all.toArray(String[]::new));
  }

  /** Options of {@code ps} that list ids, of stopped containers too: version 1 always does. */
  String listing() {
    return major >= 2 ? "-a -q" : "-q";
  }

  /** The ids of all containers of the project, stopped ones too. */
  List<String> containers() {
    return with(major >= 2 ? List.of("ps", "-a", "-q") : List.of("ps", "-q"));
  }
}
