package io.github.rpideploy.ssh.settings;

import java.util.Optional;

/** Asks the user for a secret without showing it, if there is a user at a terminal. */
@FunctionalInterface
public interface SecretPrompt {

  /** Where there is nobody to ask. */
  SecretPrompt NOBODY = question -> Optional.empty();

  /**
   * Asks and waits for the answer.
   *
   * @param question one line without a colon
   * @return the answer; empty when nobody can be asked or nothing was entered
   */
  Optional<String> ask(String question);
}
