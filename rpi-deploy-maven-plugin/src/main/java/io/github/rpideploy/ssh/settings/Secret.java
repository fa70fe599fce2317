package io.github.rpideploy.ssh.settings;

/**
 * A value that nobody may see, and where it is from; only the latter is ever shown.
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
