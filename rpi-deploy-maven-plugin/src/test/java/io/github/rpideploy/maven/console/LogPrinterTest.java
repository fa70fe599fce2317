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
            "\033[33mdb          | \033[0mready\033[0m",
            "\033[36mauth-server | \033[0mStarted\033[0m");
  }
}
