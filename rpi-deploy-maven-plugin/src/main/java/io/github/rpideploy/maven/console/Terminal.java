package io.github.rpideploy.maven.console;

import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.io.Console;
import java.util.Optional;
import org.apache.maven.execution.MavenExecutionRequest;

/** The user at the terminal, if there is one and Maven may ask. */
public final class Terminal {

  private Terminal() {}

  /** Asks the user; with {@code -B} or without a terminal nobody is asked. */
  @SuppressWarnings("SystemConsoleNull") // isThere checks it
  public static SecretPrompt prompt(MavenExecutionRequest request) {
    Console console = System.console();
    if (!request.isInteractiveMode() || console == null || !isThere()) {
      return SecretPrompt.NOBODY;
    }
    return question -> {
      char[] answer = console.readPassword("%s: ", question);
      return answer == null || answer.length == 0
          ? Optional.empty()
          : Optional.of(new String(answer));
    };
  }

  /** Since JDK 22 there is a console even without a terminal. */
  @SuppressWarnings("SystemConsoleNull") // newer ones are asked next
  static boolean isThere() {
    if (System.console() == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(System.console());
    } catch (ReflectiveOperationException beforeJdk22) {
      return true;
    }
  }
}
