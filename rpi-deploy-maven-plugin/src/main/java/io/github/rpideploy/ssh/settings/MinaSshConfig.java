package io.github.rpideploy.ssh.settings;

import io.github.rpideploy.DeployException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.sshd.client.config.hosts.HostConfigEntry;

/**
 * The user's SSH configuration file as MINA reads it: {@code Host} blocks only, for machines
 * without OpenSSH's client.
 */
final class MinaSshConfig {

  private static final Set<String> UNREAD = Set.of("match", "include", "proxycommand");

  private static final Set<String> LISTS = Set.of("identityfile", "certificatefile");

  private MinaSshConfig() {}

  /**
   * @param warnings receives the keywords that MINA does not understand
   * @throws DeployException when the file exists and cannot be read
   */
  static SshConfig read(SshConfig.Question question, List<String> warnings) {
    Path file =
        question.file() == null
            ? Path.of(System.getProperty("user.home"), ".ssh", "config")
            : Path.of(question.file());
    if (SshConfig.NO_FILE.equals(question.file()) || !Files.isRegularFile(file)) {
      return new SshConfig(Map.of(), Map.of(), "the SSH configuration");
    }
    try {
      Set<String> unread = unread(file);
      if (!unread.isEmpty()) {
        warnings.add(
            "OpenSSH's client is not installed, so "
                + file
                + " is read without "
                + String.join(", ", unread)
                + "; install it, or set what is missing with parameters such as -Drpi.proxyJump=…");
      }
      return new SshConfig(values(file, question), Map.of(), file.toString());
    } catch (IOException | IllegalArgumentException e) {
      throw new DeployException(
          "The SSH configuration " + file + " cannot be read: " + e.getMessage(),
          "Fix it, install OpenSSH's client, or name another file with -Drpi.sshConfig=…",
          e);
    }
  }

  private static Map<String, List<String>> values(Path file, SshConfig.Question question)
      throws IOException {
    Map<String, List<String>> values = new HashMap<>();
    List<HostConfigEntry> entries = readable(file);
    // As in ssh_config(5): the first value counts, but every identity does.
    for (HostConfigEntry entry : HostConfigEntry.findMatchingEntries(question.host(), entries)) {
      entry
          .getProperties()
          .forEach(
              (name, value) -> {
                String keyword = name.toLowerCase(Locale.ROOT);
                if (LISTS.contains(keyword)) {
                  values
                      .computeIfAbsent(keyword, ignored -> new ArrayList<>())
                      .addAll(SshRequest.split(value));
                } else {
                  // MINA puts commas between the words of a value.
                  values.putIfAbsent(
                      keyword,
                      List.of(
                          keyword.endsWith("knownhostsfile") ? value.replace(',', ' ') : value));
                }
              });
    }
    values.remove("host");
    return values;
  }

  /** Leaves out what MINA refuses: each Match up to the next Host, Include and ProxyCommand. */
  private static List<HostConfigEntry> readable(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    boolean inMatch = false;
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      String keyword = keyword(line);
      inMatch = keyword.equals("match") || (inMatch && !keyword.equals("host"));
      if (!inMatch && !UNREAD.contains(keyword)) {
        text.append(line).append('\n');
      }
    }
    return HostConfigEntry.readHostConfigEntries(new StringReader(text.toString()), true);
  }

  private static String keyword(String line) {
    return line.strip().split("[\\s=]", 2)[0].toLowerCase(Locale.ROOT);
  }

  private static Set<String> unread(Path file) throws IOException {
    Set<String> unread = new TreeSet<>();
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      if (UNREAD.contains(keyword(line))) {
        unread.add(line.strip().split("[\\s=]", 2)[0]);
      }
    }
    return unread;
  }
}
