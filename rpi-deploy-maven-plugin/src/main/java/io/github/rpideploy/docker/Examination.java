package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Script;
import org.jspecify.annotations.Nullable;

/**
 * Asks what the doctor checks. The script keeps nothing on the Pi, not even a temporary file: it
 * must work on a Pi whose disk is full.
 *
 * <p>It prints a line "key value" for each fact, then {@code =yaml} and the compose file as compose
 * sees it, {@code =config} with the exit status and what compose complained about, and {@code
 * =end}. None of these is a line of YAML that compose prints. Of files and command lines that may
 * hold secrets it only says whether a word is in them.
 */
public final class Examination {

  private static final Script SCRIPT = Script.of(Examination.class, "examination.sh");

  private Examination() {}

  /**
   * Examines a Pi for the doctor, in one round trip. It changes nothing there.
   *
   * @param directory the compose directory, absolute or relative to the user's home; it need not
   *     exist yet
   * @param given the compose file that will be uploaded, or null to use the one on the Pi
   * @param sudo whether docker and compose are called with {@code sudo -n}
   * @throws DeployException when no shell works there; all other faults are part of the result
   */
  public static ExaminationResult of(
      RemoteHost host, String directory, Probe.@Nullable Given given, boolean sudo) {
    Command command =
        Command.script(
            SCRIPT,
            sudo ? Probe.SUDO : "",
            Command.asPath(directory),
            ProbeResult.Project.FORMAT,
            given == null ? "" : given.files().isEmpty() ? "given" : "files");
    ExecResult result = given == null ? host.exec(command) : host.exec(command, given.stdin());
    if (!result.ok()) {
      throw new DeployException(
          "No shell works on " + host.name() + ": " + result.describe(),
          "Log in there by ssh and see what it says; the login shell must be able to run: sh -c"
              + " true");
    }
    return result.read(
        "The examination",
        host,
        said -> new ExaminationAnswer(host.name(), directory, said).result());
  }
}
