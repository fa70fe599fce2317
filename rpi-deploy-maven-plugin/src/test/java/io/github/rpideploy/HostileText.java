package io.github.rpideploy;

import java.util.ArrayList;
import java.util.List;

/** Texts that mean something to a shell, to a file system or to a program's options. */
public final class HostileText {

  /** In a list, {@code CANARY} is the command that must not run. */
  private static final List<String> TEXTS =
      List.of(
          "two words",
          "it's",
          "say \"hi\"",
          "$(CANARY)",
          "\"$(CANARY)\"",
          "'$(CANARY)'",
          "`CANARY`",
          "a; CANARY #",
          "a | CANARY",
          "a && CANARY",
          "' ; CANARY ; '",
          "\" ; CANARY ; \"",
          "a\nCANARY\n",
          "a\rCANARY",
          "${x:-$(CANARY)}",
          "<(CANARY)",
          "> pwned",
          "-rf",
          "--help",
          "-oProxyCommand=CANARY",
          "~",
          "~root",
          "..",
          "../../up",
          "*",
          "?",
          "[a-z]*",
          "{a,b}",
          "%h",
          "%n$s %%",
          "$HOME",
          "!!",
          "a\\",
          "\\'; CANARY; \\'",
          "#",
          "é€😀",
          "\u202Eevil",
          "\u001B[31mred");

  private HostileText() {}

  /**
   * All of them.
   *
   * @param canary a command, which must not run
   */
  public static List<String> with(String canary) {
    return TEXTS.stream().map(text -> text.replace("CANARY", canary)).toList();
  }

  /** Those of them that also are in a POM what they are here. */
  public static List<String> inXml(String canary) {
    List<String> texts = new ArrayList<>(with(canary));
    texts.removeIf(text -> text.chars().anyMatch(c -> c < ' ' && c != '\n'));
    // Maven's own: it evaluates them to nothing.
    texts.removeIf(text -> text.contains("${"));
    return texts;
  }
}
