package io.github.rpideploy.remote;

import java.net.ConnectException;

/** The Pi's SSH server does not dial for this user: it forbids TCP forwarding. */
public final class ForwardingProhibitedException extends ConnectException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message who forbids what
   */
  public ForwardingProhibitedException(String message) {
    super(message);
  }
}
