package io.github.rpideploy.maven.console;

import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Asks the user for a passphrase once in a build, however many Pis the key opens. */
public final class PassphrasePrompt {

  private final SecretPrompt user;
  private final Map<String, String> answers = new HashMap<>();

  /**
   * @param user is asked
   */
  public PassphrasePrompt(SecretPrompt user) {
    this.user = user;
  }

  /** A connection that asks the same again did not get the right answer. */
  public SecretPrompt forOneConnection() {
    if (user == SecretPrompt.NOBODY) {
      return user;
    }
    Set<String> asked = new HashSet<>();
    return question -> answer(question, asked.add(question));
  }

  private synchronized Optional<String> answer(String question, boolean first) {
    String known = answers.get(question);
    if (first && known != null) {
      return Optional.of(known);
    }
    Optional<String> answer = user.ask(question);
    answer.ifPresent(text -> answers.put(question, text));
    return answer;
  }
}
