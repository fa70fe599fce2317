package io.github.rpideploy.ssh.settings;

/**
 * A value that is never shown, and where it comes from, which may be.
 *
 * @param value the secret itself
 * @param source for messages, for example {@code RPI_SSH_KEY}
 */
public record Secret(String value, String source) {

  @Override
  public String toString() {
    return "(a secret from " + source + ")";
  }
}
