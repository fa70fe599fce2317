package io.github.rpideploy.remote;

import java.io.OutputStream;
import java.net.Socket;

/** Passes everything on to another host; for those that do one thing differently. */
public class WrappedHost implements RemoteHost {

  private final RemoteHost host;

  /**
   * @param host to which everything is passed on
   */
  public WrappedHost(RemoteHost host) {
    this.host = host;
  }

  @Override
  public String name() {
    return host.name();
  }

  @Override
  public String hostName() {
    return host.hostName();
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
    return host.exec(command, stdin, stdout);
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin) {
    return host.exec(command, stdin);
  }

  @Override
  public boolean reconnect() {
    return host.reconnect();
  }

  @Override
  public Socket socket() {
    return host.socket();
  }
}
