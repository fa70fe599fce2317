package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.PlainText;
import io.github.rpideploy.ssh.settings.Route;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What to tell the user when there is no connection. */
final class ConnectFailures {

  /** What OpenSSH's sshd says because of PerSourcePenalties and MaxStartups. */
  private static final Pattern TURNED_AWAY =
      Pattern.compile("Not allowed at this time|Exceeded MaxStartups");

  private static final String WHY_TURNED_AWAY =
      "OpenSSH turns an address away for up to ten minutes after several failed logins, and when"
          + " too many clients log in at once. Find out why logins failed, wait, and try again."
          + " To see the limits, on the Pi: sudo sshd -T | grep -i -e persource -e maxstartups";

  private ConnectFailures() {}

  static DeployException unknownHost(SshSettings settings, UnknownHostException cause) {
    return new DeployException(
        "No address is known for the host " + settings.host(),
        "Check the name, or use the Pi's address: -Drpi.host=192.168.1.20. To see whether the"
            + " name works without Maven: "
            + settings.sshCommand(""),
        new NoAnswerException(cause));
  }

  static DeployException notConnected(SshSettings settings, @Nullable Throwable cause) {
    return new DeployException(
        "Cannot connect to " + settings.address() + ": " + reason(settings, cause),
        "Check that the Pi is on, that its SSH server runs (sudo systemctl enable --now ssh), and"
            + " that -Drpi.host and -Drpi.port are right. To see the same without Maven: "
            + settings.sshCommand(""),
        new NoAnswerException(cause));
  }

  static DeployException noAddressOfFamily(SshSettings settings, Route.Direct route) {
    return new DeployException(
        "The host "
            + settings.host()
            + " has no address of IP version "
            + (route.ip4() ? "4" : "6"),
        "Remove AddressFamily for this host in ~/.ssh/config",
        new NoAnswerException(null));
  }

  /**
   * @param jump the name of the machine between
   * @param command that connects to it
   */
  static DeployException notThrough(
      SshSettings settings, String jump, String command, IOException cause) {
    return new DeployException(
        "Cannot reach " + settings.address() + " through " + jump + ": " + cause.getMessage(),
        "Check that the Pi is on and that the jump host can reach it: "
            + command
            + " nc -vz "
            + settings.host()
            + " "
            + settings.port(),
        new NoAnswerException(cause));
  }

  static DeployException noProxy(SshSettings settings, String complaint, Throwable cause) {
    return new DeployException(
        "Cannot connect to " + settings.address() + ": " + complaint,
        "Try the command itself, or ssh, which also runs it: " + settings.sshCommand("-v"),
        new NoAnswerException(cause));
  }

  static DeployException noKeyExchange(
      SshSettings settings, SessionWatch watch, String reason, Throwable cause) {
    if (watch.speaksSsh()) {
      return new DeployException(
          "No secure connection to " + settings.address() + " could be agreed on: " + reason,
          "Nothing was authenticated or sent. To see what the server offers: "
              + settings.sshCommand("-v"),
          cause);
    }
    String line = watch.firstLine();
    if (line != null && TURNED_AWAY.matcher(line).lookingAt()) {
      return new DeployException(
          "The SSH server of %s turns this machine away for a while: it says \"%s\""
              .formatted(settings.address(), shortened(line)),
          WHY_TURNED_AWAY,
          new NoAnswerException(cause));
    }
    // What it said may be lost: we have sent by then, and a reset discards what was not read.
    return new DeployException(
        "%s is not an SSH server, or one that turns this machine away: %s"
            .formatted(
                settings.address(), line == null ? reason : "it says \"" + shortened(line) + "\""),
        "Check -Drpi.host and -Drpi.port, and see what OpenSSH finds there: "
            + settings.sshCommand("-v")
            + (line == null ? ". " + WHY_TURNED_AWAY : ""),
        new NoAnswerException(cause));
  }

  private static String reason(SshSettings settings, @Nullable Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String text = String.valueOf(t.getMessage());
      if (text.contains("time-out") || text.contains("timed out")) {
        return noAnswer(settings);
      }
      if (t instanceof ConnectException || t instanceof NoRouteToHostException) {
        return text.contains("refused") ? "connection refused" : text.toLowerCase(Locale.ROOT);
      }
    }
    return failure == null
        ? noAnswer(settings)
        : PlainText.line(String.valueOf(failure.getMessage()));
  }

  private static String noAnswer(SshSettings settings) {
    return "no answer within " + settings.connectTimeout().toSeconds() + " s";
  }

  private static String shortened(String line) {
    return line.length() <= 80 ? line : line.substring(0, 80) + "…";
  }
}
