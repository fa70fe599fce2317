package io.github.rpideploy.ssh.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which host keys are accepted.
 *
 * @param names the names under which files know the host, as they write them: {@code
 *     raspberrypi.local}, {@code [raspberrypi.local]:2222}, or a HostKeyAlias; first the one of
 *     this route, then those of other routes to the same Pi
 * @param files known_hosts files; missing ones are skipped; a new key goes to the first
 * @param text the same as text, from an environment variable
 * @param pinned fingerprints or public keys; unless empty, only these are accepted
 * @param acceptNew whether a host without any known key is accepted and its key remembered
 * @param hashed whether the name of a remembered host is hashed
 * @param revoked files with keys that are never accepted
 */
public record HostTrust(
    List<String> names,
    List<Path> files,
    Optional<Secret> text,
    List<String> pinned,
    boolean acceptNew,
    boolean hashed,
    List<Path> revoked) {

  public HostTrust {
    names = List.copyOf(names);
    files = List.copyOf(files);
    pinned = List.copyOf(pinned);
    revoked = List.copyOf(revoked);
  }

  /** Only the keys in these files under the host's own name. */
  static HostTrust in(List<Path> files, String host, int port) {
    return new HostTrust(
        List.of(SshNames.knownHostsName(host, port)),
        files,
        Optional.empty(),
        List.of(),
        false,
        false,
        List.of());
  }

  HostTrust withNames(List<String> others) {
    return new HostTrust(others, files, text, pinned, acceptNew, hashed, revoked);
  }

  HostTrust withText(Optional<Secret> other) {
    return new HostTrust(names, files, other, pinned, acceptNew, hashed, revoked);
  }
}
