package io.github.rpideploy.remote;

import java.net.ConnectException;

/** The Pi's SSH server opens no connections for this user: it forbids TCP forwarding. */
public final class ForwardingProhibitedException extends ConnectException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message which server forbids it
   */
  public ForwardingProhibitedException(String message) {
    super(message);
  }
}
