package io.github.rpideploy.ssh.key;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.PlainText;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was tried to log in and what the server answered, for the message when all of it fails. */
public final class AuthenticationLog {

  /** The reason when the server refused everything. */
  public static final String REFUSED = "every key was refused";

  /** What a message can hold of the server's methods, in characters. */
  private static final int SHOWN = 300;

  private final List<String> tried = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private String serverAccepts = "";
  private @Nullable String last;

  /** A key or a password is about to be offered. */
  public synchronized void offering(String what, String source) {
    last = what + " from " + source;
    tried.add(last);
  }

  /** A place that gave no key, and why. */
  synchronized void note(String text) {
    notes.add(text);
  }

  /** The methods that the server would accept next, separated by commas. */
  public synchronized void serverAccepts(String methods) {
    serverAccepts = PlainText.line(methods, SHOWN);
  }

  /** What the server accepted in the end, for the user. */
  public synchronized String accepted() {
    return last == null ? "none" : last;
  }

  /**
   * The failure to show.
   *
   * @param reason the last answer of the server, or how the connection ended
   */
  public synchronized DeployException failure(SshSettings settings, String reason) {
    StringBuilder message =
        new StringBuilder("Cannot log in to ").append(settings.name()).append(": ");
    if (tried.isEmpty()) {
      message.append("there is no key to try");
    } else {
      message.append(reason);
      tried.stream().distinct().forEach(key -> message.append("\nTried: ").append(key));
    }
    notes.forEach(note -> message.append("\nNot tried: ").append(note));
    if (!serverAccepts.isEmpty()) {
      message.append("\nThe server accepts: ").append(serverAccepts);
    }
    return new DeployException(message.toString(), hint(settings, reason));
  }

  private String hint(SshSettings settings, String reason) {
    String options = settings.port() == 22 ? "" : "-p " + settings.port() + " ";
    String address = settings.user() + "@" + settings.host();
    if (reason.contains("Too many authentication failures")) {
      return "The server ends the connection after a few keys. Name the right one, so that it is"
          + " tried first: -Drpi.identityFile=…, or IdentityFile in ~/.ssh/config";
    }
    return (tried.isEmpty() ? "Make a key: ssh-keygen -t ed25519\n" : "")
        + "Put your public key on the Pi: ssh-copy-id "
        + options
        + Command.of(address).toShell()
        + "\nThen check: "
        + settings.sshCommand("-o BatchMode=yes")
        + " true";
  }
}
