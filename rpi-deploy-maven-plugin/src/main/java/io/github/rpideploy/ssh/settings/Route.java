package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.remote.RemoteHost;

/** How to reach an SSH server. */
public sealed interface Route {

  /** By TCP from this machine, to any address. */
  Route ANY_ADDRESS = new Direct(true, true);

  /**
   * By TCP from this machine: {@code AddressFamily}.
   *
   * @param ip4 whether addresses of IP version 4 are tried
   * @param ip6 whether addresses of IP version 6 are tried
   */
  record Direct(boolean ip4, boolean ip6) implements Route {}

  /** Through another SSH server: {@code ProxyJump}. */
  record Jump(SshSettings via) implements Route {}

  /** By TCP from another machine, to which there is a connection already. */
  record Through(RemoteHost host) implements Route {}

  /** Through the input and output of a local command: {@code ProxyCommand}. */
  record Proxy(String command) implements Route {}
}
