package io.github.rpideploy.maven.console;

import io.github.rpideploy.ssh.settings.SecretPrompt;
import java.io.Console;
import java.util.Optional;
import org.apache.maven.execution.MavenExecutionRequest;

/** The user at the terminal, if Maven may ask and somebody is there. */
public final class Terminal {

  private Terminal() {}

  /** What asks there; nobody is asked under {@code -B} or without a terminal. */
  @SuppressWarnings("SystemConsoleNull") // isThere tells
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

  /** From JDK 22 on there is a console also where there is no terminal. */
  @SuppressWarnings("SystemConsoleNull") // what is asked next tells the newer ones apart
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
