package io.github.rpideploy.deploy.verify;

import static io.github.rpideploy.deploy.verify.EvidenceText.lastMatch;
import static io.github.rpideploy.deploy.verify.EvidenceText.oneLine;

import io.github.rpideploy.docker.ComposeComplaint;
import io.github.rpideploy.docker.Container;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why a service is not good, in one line, if the evidence shows it. */
final class Cause {

  private static final int SIGKILL = 137;

  /** How Engines from 20.10 to 28 name a port that is in use. */
  private static final List<Pattern> PORT_TAKEN =
      List.of(
          Pattern.compile("Bind for \\S*:(\\d+) failed: port is already allocated"),
          Pattern.compile("listen (?:tcp|udp)\\d? \\S*:(\\d+): bind: address already in use"),
          Pattern.compile(
              "failed to bind host port (?:for )?(?:\\[\\S*\\]|[\\d.]+):(\\d+)[:/]\\S*:"
                  + " address already in use"));

  private static final Pattern OTHER_PROCESSOR =
      Pattern.compile("exec format error", Pattern.CASE_INSENSITIVE);

  /** runc, through the Engine. */
  private static final Pattern NOT_EXECUTABLE =
      Pattern.compile(
          "exec: \\\\?\"([^\"\\\\]+)\\\\?\":"
              + " ((?:stat \\S+: )?(?:executable file not found in \\$PATH|permission denied"
              + "|no such file or directory))");

  /** runc after it has become the container, so this is in the log; Engine 20.10 omits the name. */
  private static final Pattern EXEC_FAILED =
      Pattern.compile(
          "(?m)^(?:exec (\\S+)|standard_init_linux\\.go:\\d+: exec user process caused):"
              + " (no such file or directory|permission denied)$");

  /** runc, or a shell of the image. */
  private static final List<Pattern> NO_HEALTH_COMMAND =
      List.of(
          Pattern.compile(
              "exec: \\\\?\"([^\"\\\\]+)\\\\?\":"
                  + " (?:stat \\S+: )?(?:executable file not found|no such file)"),
          Pattern.compile("(?m)^\\S*sh: (?:line )?(?:\\d+: )?(\\S+): (?:command )?not found"));

  private static final Pattern REQUIRED_VARIABLE =
      Pattern.compile("required variable (\\S+) is missing a value(?:: ([^\\n\"]+))?");

  /** A swarm changes no config and no secret. */
  private static final Pattern SWARM_FILE =
      Pattern.compile("failed to update (config|secret) (\\S+): .*only updates to Labels");

  private static final Pattern SWARM_NETWORK =
      Pattern.compile("failed to create network (\\S+): .*already exists");

  private static final Pattern UNSET_VARIABLE =
      Pattern.compile("The (?:\\\\?\")?([A-Za-z_][A-Za-z0-9_]*)(?:\\\\?\")? variable is not set");

  /** The certain ones come first. */
  private static final List<Function<Evidence, Optional<String>>> KNOWN =
      List.of(
          evidence -> ComposeComplaint.lostProcess(evidence.composeSaid()),
          Cause::outOfMemory,
          Cause::otherProcessor,
          Cause::portTaken,
          Cause::notExecutable,
          Cause::notInterpreted,
          Cause::requiredVariable,
          Cause::swarmFile,
          Cause::swarmNetwork,
          LoggedCause::of,
          Cause::noHealthCommand,
          Cause::killed,
          Cause::healthCheck,
          Cause::unsetVariable,
          Cause::crashLoop);

  private Cause() {}

  /**
   * Names the cause, and quotes the answer to a smoke test that did not pass.
   *
   * @return one line without a full stop; empty when the evidence shows no known cause
   */
  static Optional<String> of(Evidence evidence) {
    Optional<String> cause =
        KNOWN.stream().map(causes -> causes.apply(evidence)).flatMap(Optional::stream).findFirst();
    List<String> known = Stream.of(cause, answer(evidence)).flatMap(Optional::stream).toList();
    return known.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", known));
  }

  /** The port of the Pi that is already in use; empty when compose complains of something else. */
  static OptionalInt portTaken(String composeSaid) {
    return lastMatch(PORT_TAKEN, composeSaid).stream()
        .mapToInt(match -> number(match.group(1)))
        .findFirst();
  }

  private static Optional<String> outOfMemory(Evidence evidence) {
    Container container = evidence.container();
    boolean killed = (container != null && container.oomKilled()) || evidence.exits().outOfMemory();
    if (!killed) {
      return Optional.empty();
    }
    boolean whole = lastCode(evidence).stream().anyMatch(code -> code == SIGKILL);
    long limit = container == null ? 0 : container.memoryLimit();
    return Optional.of(
        "out of memory: the kernel killed "
            + (whole ? "it" : "one of its processes")
            + (limit > 0
                ? " at its limit of " + (limit >> 20) + " MiB (mem_limit in the compose file)"
                : "; the Pi had no memory left (the service has no mem_limit)"));
  }

  private static Optional<String> otherProcessor(Evidence evidence) {
    return OTHER_PROCESSOR.matcher(evidence.startProblem() + "\n" + evidence.log()).find()
        ? Optional.of(
            "a program in its image was built for another processor (exec format error); build it"
                + " for "
                + evidence.platform())
        : Optional.empty();
  }

  private static Optional<String> portTaken(Evidence evidence) {
    OptionalInt port = portTaken(evidence.startProblem());
    return port.isPresent()
        ? Optional.of(
            "port "
                + port.getAsInt()
                + " on the Pi is already in use"
                + (evidence.portHolder().isEmpty() ? "" : " by " + evidence.portHolder()))
        : Optional.empty();
  }

  private static Optional<String> notExecutable(Evidence evidence) {
    return lastMatch(List.of(NOT_EXECUTABLE), evidence.startProblem())
        .map(
            match ->
                "its image cannot run its entry point or command, "
                    + match.group(1)
                    + ": "
                    + match.group(2));
  }

  private static Optional<String> notInterpreted(Evidence evidence) {
    return lastMatch(List.of(EXEC_FAILED), evidence.log())
        .map(
            match ->
                "its image cannot run "
                    + (match.group(1) == null ? "its entry point or command" : match.group(1))
                    + ": "
                    + match.group(2)
                    + (match.group(2).startsWith("no such file")
                        ? "; if the file exists, its interpreter (see its first line, and check for"
                            + " Windows line endings) or a library is missing"
                        : ""));
  }

  private static Optional<String> requiredVariable(Evidence evidence) {
    return lastMatch(List.of(REQUIRED_VARIABLE), evidence.composeSaid())
        .map(
            match ->
                "the compose file requires the variable "
                    + match.group(1)
                    + ", which has no value on the Pi (set it in .env beside the compose file)"
                    + (match.group(2) == null ? "" : ": " + oneLine(match.group(2))));
  }

  private static Optional<String> swarmFile(Evidence evidence) {
    return lastMatch(List.of(SWARM_FILE), evidence.composeSaid())
        .map(
            match ->
                "the %1$s %2$s has another content now, and a swarm never changes a %1$s (give it a new name in the compose file: name: %2$s-2)"
                    .formatted(match.group(1), match.group(2)));
  }

  private static Optional<String> swarmNetwork(Evidence evidence) {
    return lastMatch(List.of(SWARM_NETWORK), evidence.composeSaid())
        .map(
            match ->
                "compose still has its network "
                    + match.group(1)
                    + " (in the compose directory on the Pi: docker compose down"
                    + " --remove-orphans)");
  }

  /**
   * The command that a health check calls although the image does not have it.
   *
   * @param healthSaid what the health check printed
   */
  static Optional<String> missingHealthCommand(String healthSaid) {
    return lastMatch(NO_HEALTH_COMMAND, healthSaid).map(match -> match.group(1));
  }

  private static Optional<String> noHealthCommand(Evidence evidence) {
    return missingHealthCommand(evidence.healthSaid())
        .map(command -> "its health check calls " + command + ", which is not in its image");
  }

  private static Optional<String> killed(Evidence evidence) {
    return lastCode(evidence).stream().anyMatch(code -> code == SIGKILL)
        ? Optional.of(
            "it was killed (exit code 137), most often because memory ran out: see sudo dmesg on"
                + " the Pi")
        : Optional.empty();
  }

  /** A guess: compose warns about all services of its file. */
  private static Optional<String> unsetVariable(Evidence evidence) {
    List<String> names =
        UNSET_VARIABLE
            .matcher(evidence.composeSaid())
            .results()
            .map(match -> match.group(1))
            .distinct()
            .toList();
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "perhaps because the compose file uses "
                + String.join(", ", names)
                + ", which is not set on the Pi (set it in .env beside the compose file)");
  }

  private static Optional<String> crashLoop(Evidence evidence) {
    Container container = evidence.container();
    List<Integer> codes = evidence.exits().codes();
    int restarts = Math.max(container == null ? 0 : container.restarts(), codes.size() - 1);
    if (restarts == 0 || codes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "it exits every time it is started: "
            + restarts
            + " restart(s), exit code "
            + codes.stream().distinct().map(String::valueOf).collect(Collectors.joining(", ")));
  }

  private static Optional<String> healthCheck(Evidence evidence) {
    String said = oneLine(evidence.healthSaid());
    return said.isEmpty() ? Optional.empty() : Optional.of("its health check says: " + said);
  }

  private static Optional<String> answer(Evidence evidence) {
    String said = oneLine(evidence.answer());
    return said.isEmpty() ? Optional.empty() : Optional.of("the answer was: " + said);
  }

  private static Optional<Integer> lastCode(Evidence evidence) {
    Container container = evidence.container();
    if (container != null && !container.running() && container.exitCode() != 0) {
      return Optional.of(container.exitCode());
    }
    List<Integer> codes = evidence.exits().codes();
    return codes.isEmpty() ? Optional.empty() : Optional.of(codes.get(codes.size() - 1));
  }

  private static int number(String digits) {
    return digits.length() > 5 ? 0 : Integer.parseInt(digits);
  }
}
