package io.github.rpideploy.maven.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogPrinterTest {

  private static List<String> printed(boolean colours) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LogPrinter printer =
        new LogPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8), colours);
    printer.begin(List.of("auth-server", "db"));
    printer.line("db", "ready");
    printer.line("auth-server", "Started");
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void each_line_has_its_service_before_it() {
    assertThat(printed(false)).containsExactly("db          | ready", "auth-server | Started");
  }

  @Test
  void each_service_has_its_colour() {
    assertThat(printed(true))
        .containsExactly(
            "\033[33mdb          | \033[0mready", "\033[36mauth-server | \033[0mStarted");
  }

  @Test
  void a_log_has_no_colours_of_its_own_and_does_not_command_the_terminal() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LogPrinter printer = new LogPrinter(new PrintStream(bytes, true, StandardCharsets.UTF_8), true);
    printer.begin(List.of("db"));
    printer.line("db", "\033[31mFATAL\033[0m\tdown \033]52;c;eA==\007\u009b2J\rx");

    assertThat(bytes.toString(StandardCharsets.UTF_8).strip())
        .isEqualTo("\033[36mdb | \033[0mFATAL\tdown ?]52;c;eA==??2J?x");
  }
}
