package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What to tell the user when a command was not run to its end. */
final class ExecFailures {

  private static final int SHOWN = 100;

  private final SshSettings settings;
  private final Command command;
  private final SessionWatch watch;

  ExecFailures(SshSettings settings, Command command, SessionWatch watch) {
    this.settings = settings;
    this.command = command;
    this.watch = watch;
  }

  DeployException lost() {
    return new DeployException(
        "the connection to %s was lost while `%s` ran: %s"
            .formatted(settings.name(), shown(), watch.end()),
        "What the command did before is not known. When the Pi answers again, run the same goal"
            + " once more: "
            + settings.sshCommand("")
            + " uptime");
  }

  DeployException notStarted(@Nullable Throwable cause) {
    return new DeployException(
        "`%s` could not be started on %s: %s"
            .formatted(shown(), settings.name(), cause == null ? "no answer" : cause.getMessage()),
        "The SSH server of the Pi allows no further session; see MaxSessions in its"
            + " /etc/ssh/sshd_config",
        cause);
  }

  DeployException notRun(@Nullable Integer status, String said) {
    String end = status == null ? "ended without a status" : "ended with status " + status;
    return new DeployException(
        "`%s` was not run on %s: the login shell %s%s"
            .formatted(shown(), settings.name(), end, said.isEmpty() ? "" : " and said: " + said),
        "The user needs a login shell that runs commands. Check with: "
            + settings.sshCommand("")
            + " echo it works");
  }

  DeployException timedOut(String stderr) {
    String said = stderr.isBlank() ? "" : ", it said: " + stderr.strip();
    return new DeployException(
        "`%s` on %s did not end within %d s%s"
            .formatted(shown(), settings.name(), command.timeout().toSeconds(), said),
        "It was told to end. See what keeps the Pi busy: " + settings.sshCommand("") + " top -bn1");
  }

  DeployException stalled() {
    return new DeployException(
        "`%s` on %s took no more of its input".formatted(shown(), settings.name()),
        "See what keeps the Pi busy: " + settings.sshCommand("") + " top -bn1");
  }

  DeployException interrupted() {
    return new DeployException(
        "`%s` on %s was interrupted".formatted(shown(), settings.name()),
        "It was told to end; run the same goal once more to finish");
  }

  DeployException noStdin(Throwable cause) {
    return new DeployException(
        "the input of `%s` on %s could not be produced: %s"
            .formatted(shown(), settings.name(), cause.getMessage()),
        "The command was ended. See to the cause and run the same goal once more",
        cause);
  }

  DeployException stdoutRefused(@Nullable Throwable cause) {
    Throwable root = cause instanceof UncheckedIOException io ? io.getCause() : cause;
    String why = root == null ? "" : ": " + root.getMessage();
    return new DeployException(
        "the output of `%s` on %s could not be kept%s".formatted(shown(), settings.name(), why),
        "The command was ended. See to the cause and run the same goal once more",
        root);
  }

  private String shown() {
    String line = String.join(" ", command.argv()).lines().findFirst().orElse("");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
