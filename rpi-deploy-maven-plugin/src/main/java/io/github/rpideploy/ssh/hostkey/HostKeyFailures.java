package io.github.rpideploy.ssh.hostkey;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.ssh.hostkey.KnownHosts.Line;
import io.github.rpideploy.ssh.key.SshKey;
import io.github.rpideploy.ssh.settings.HostTrust;
import io.github.rpideploy.ssh.settings.Route;
import io.github.rpideploy.ssh.settings.Secret;
import io.github.rpideploy.ssh.settings.SshNames;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What to tell the user when a host key is not accepted: unknown, changed and revoked differ. */
final class HostKeyFailures {

  private static final String NOTHING_SENT = "Nothing was authenticated or sent";

  private final SshSettings settings;
  private final HostTrust trust;

  HostKeyFailures(SshSettings settings) {
    this.settings = settings;
    this.trust = settings.trust();
  }

  /** How messages name the host. */
  String address() {
    return settings.address();
  }

  DeployException unknown(SshKey offered) {
    List<String> places = new ArrayList<>();
    trust.text().ifPresent(text -> places.add(text.source()));
    trust.files().stream().map(Path::toString).forEach(places::add);
    return new DeployException(
        """
        The host key of %s is not known: it offers %s, and there is no line for this host in %s
        %s\
        """
            .formatted(
                address(),
                offered,
                places.isEmpty() ? "any known_hosts file" : String.join(", ", places),
                NOTHING_SENT),
        """
        On the Pi, see its real key: ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub
        Only if it shows the same fingerprint: %s\
        """
            .formatted(offered.shortType(), addCommand(offered)));
  }

  /** Also when the server offers another type than the ones that we know and asked for. */
  DeployException changed(SshKey offered, List<Line> trusted) {
    String forget =
        trusted.stream().map(this::forgetCommand).distinct().collect(Collectors.joining(" && "));
    return new DeployException(
        """
        The host key of %s has changed: it offers %s instead of %s
        Either the Pi was set up again, or somebody is intercepting the connection. %s\
        """
            .formatted(address(), offered, places(trusted), NOTHING_SENT),
        """
        On the Pi, see its real key: ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub
        Only if it shows the offered fingerprint: %s && %s\
        """
            .formatted(offered.shortType(), forget, addCommand(offered)));
  }

  DeployException notPinned(SshKey offered) {
    return new DeployException(
        """
        The host key of %s is not the pinned one: it offers %s instead of %s
        Either the Pi was set up again, or somebody is intercepting the connection. %s\
        """
            .formatted(
                address(),
                offered,
                trust.pinned().stream()
                    .map(HostKeyFailures::shown)
                    .collect(Collectors.joining(", ")),
                NOTHING_SENT),
        """
        On the Pi, see its real key: ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub
        Only if it shows the offered fingerprint: -Drpi.hostKey=%s\
        """
            .formatted(offered.shortType(), offered.fingerprint()));
  }

  DeployException revoked(SshKey offered, Line line) {
    return new DeployException(
        """
        The host key of %s is revoked: it offers %s, which %s marks as @revoked
        %s\
        """
            .formatted(address(), offered, line.place(), NOTHING_SENT),
        "Find out why the key was revoked, give the Pi a new one (remove the old files in"
            + " /etc/ssh, then: sudo ssh-keygen -A), and add that one: "
            + addCommand(offered));
  }

  DeployException otherAuthority(SshKey authority, List<Line> expected) {
    return new DeployException(
        """
        The host certificate of %s is signed by another authority: %s instead of %s
        %s\
        """
            .formatted(address(), authority, places(expected), NOTHING_SENT),
        "Have the Pi's key signed by the expected authority (ssh-keygen -s), or trust the other one"
            + " for this host with an @cert-authority line in known_hosts");
  }

  private static String places(List<Line> lines) {
    return lines.stream()
        .map(line -> line.key() + " (" + line.place() + ")")
        .collect(Collectors.joining(", "));
  }

  private static String shown(String pin) {
    String[] words = pin.split(" ", -1);
    return words.length < 2
        ? pin
        : SshKey.parse(words[0], words[1]).map(SshKey::toString).orElse(pin);
  }

  private String addCommand(SshKey offered) {
    if (trust.files().isEmpty()) {
      return "add to %s: %s"
          .formatted(
              trust.text().map(Secret::source).orElse("a known_hosts file"),
              KnownHosts.line(trust.names().get(0), offered, false));
    }
    Path file = trust.files().get(0);
    if (!(settings.route() instanceof Route.Direct)
        || !trust.names().contains(SshNames.knownHostsName(settings.host(), settings.port()))) {
      // ssh-keyscan knows neither routes nor aliases.
      return "echo %s >> %s"
          .formatted(
              SshNames.quoted(KnownHosts.line(trust.names().get(0), offered, false)),
              SshNames.quoted(file));
    }
    return "ssh-keyscan -t %s -p %d %s >> %s"
        .formatted(offered.shortType(), settings.port(), settings.host(), SshNames.quoted(file));
  }

  private String forgetCommand(Line line) {
    return line.isFile()
        ? "ssh-keygen -R %s -f %s"
            .formatted(SshNames.quoted(trust.names().get(0)), SshNames.quoted(line.source()))
        : "(remove line %d of %s)".formatted(line.number(), line.source());
  }
}
