package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.PlainText;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
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
        "The connection to %s was lost while `%s` ran: %s"
            .formatted(settings.name(), shown(), watch.end()),
        "How far the command came is not known. Run the same goal again as soon as the Pi"
            + " answers: "
            + settings.sshCommand("")
            + " uptime");
  }

  DeployException notStarted(@Nullable Throwable cause) {
    String why = cause == null ? "no answer" : PlainText.line(String.valueOf(cause.getMessage()));
    if (cause instanceof SshChannelOpenException) {
      return new DeployException(
          "The SSH server of %s gives no session to run `%s`: %s"
              .formatted(settings.name(), shown(), why),
          "MaxSessions in its /etc/ssh/sshd_config must be at least 1. To see the value for this"
              + " user, on the Pi: sudo sshd -T -C user="
              + settings.user()
              + " | grep -i maxsessions",
          cause);
    }
    return new DeployException(
        "`%s` could not be started on %s: %s".formatted(shown(), settings.name(), why),
        "The SSH server of the Pi must let the user run commands. Check with: "
            + settings.sshCommand("")
            + " uptime",
        cause);
  }

  DeployException cutOff() {
    return new DeployException(
        "The SSH server of %s closed the channel of `%s` before the command ended"
            .formatted(settings.name(), shown()),
        "How far the command came is not known. A ChannelTimeout closes channels that are silent"
            + " for too long; on the Pi, see: sudo sshd -T | grep -i timeout");
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
        "It was told to stop. See what keeps the Pi busy: "
            + settings.sshCommand("")
            + " top -bn1");
  }

  DeployException stalled() {
    return new DeployException(
        "`%s` on %s stopped reading its input".formatted(shown(), settings.name()),
        "See what keeps the Pi busy: " + settings.sshCommand("") + " top -bn1");
  }

  DeployException interrupted() {
    return new DeployException(
        "`%s` on %s was interrupted".formatted(shown(), settings.name()),
        "It was told to stop. Run the same goal again to finish");
  }

  DeployException noStdin(Throwable cause) {
    return new DeployException(
        "The input of `%s` on %s could not be produced: %s"
            .formatted(shown(), settings.name(), cause.getMessage()),
        "The command was stopped. Fix the cause and run the same goal again",
        cause);
  }

  /** A {@link DeployException} from the reader of the output is passed on unchanged. */
  DeployException stdoutRefused(@Nullable Throwable cause) {
    if (cause instanceof DeployException ours) {
      return ours;
    }
    Throwable root = cause instanceof UncheckedIOException io ? io.getCause() : cause;
    String why = root == null ? "" : ": " + root.getMessage();
    return new DeployException(
        "The output of `%s` on %s could not be kept%s".formatted(shown(), settings.name(), why),
        "The command was stopped. Fix the cause and run the same goal again",
        root);
  }

  /** The words of the command; for a script its name; for a line of shell its arguments or it. */
  private String shown() {
    List<String> argv = command.argv();
    if (argv.size() >= 4 && argv.subList(0, 2).equals(List.of("sh", "-c"))) {
      if (!argv.get(3).equals("sh")) {
        argv = List.of(argv.get(3));
      } else {
        argv = argv.size() == 4 ? List.of(argv.get(2)) : argv.subList(4, argv.size());
      }
    }
    String line = String.join(" ", argv).lines().findFirst().orElse("");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
