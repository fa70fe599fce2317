package io.github.rpideploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Workflows of GitHub Actions run what was looked at, with no more rights than they need, and take
 * no text of others for a command.
 */
class WorkflowsTest {

  private static final String PINNED = "[\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+";

  static Stream<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../.github/workflows"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void a_workflow_is_safe(Path file) throws IOException {
    assertThat(flaws(Files.readString(file))).isEmpty();
  }

  @Test
  void flaws_are_found() {
    assertThat(
            flaws(
                """
                jobs:
                  a:
                    permissions: write-all
                    steps:
                      - uses: actions/checkout@v4
                      - run: echo ${{ inputs.name }}
                      - run: |
                          echo one
                          echo "${{ github.head_ref }}"
                        env:
                          NAME: ${{ inputs.name }}
                """))
        .containsExactly(
            "no permissions for all jobs",
            "permissions: write-all",
            "- uses: actions/checkout@v4",
            "- run: echo ${{ inputs.name }}",
            "echo \"${{ github.head_ref }}\"");
  }

  private static List<String> flaws(String workflow) {
    String rights =
        workflow.contains("\npermissions:\n  contents: read\n")
            ? null
            : "no permissions for all jobs";
    return Stream.of(
            Stream.ofNullable(rights),
            workflow.lines().map(String::strip).filter(WorkflowsTest::isLoose),
            commands(workflow).filter(line -> line.matches(".*\\$\\{\\{ (?!matrix\\.).*")))
        .flatMap(found -> found)
        .toList();
  }

  private static boolean isLoose(String line) {
    return line.equals("permissions: write-all")
        || (line.matches("(- )?uses: .*") && !line.matches("(- )?uses: " + PINNED));
  }

  /** The lines that a shell gets. */
  private static Stream<String> commands(String workflow) {
    Stream.Builder<String> commands = Stream.builder();
    int block = Integer.MAX_VALUE;
    for (String line : workflow.lines().toList()) {
      int indent = line.length() - line.stripLeading().length();
      if (indent > block) {
        commands.add(line.strip());
        continue;
      }
      block = Integer.MAX_VALUE;
      if (line.matches(" *(- )?run: .*")) {
        commands.add(line.strip());
        block = line.endsWith("|") ? line.indexOf("run:") : block;
      }
    }
    return commands.build();
  }
}
