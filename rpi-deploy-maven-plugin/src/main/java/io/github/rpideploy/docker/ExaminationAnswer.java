package io.github.rpideploy.docker;

import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.docker.file.Ports;
import io.github.rpideploy.docker.file.PublishedPort;
import io.github.rpideploy.remote.ExecResult;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@link Examination} printed. */
final class ExaminationAnswer {

  private static final Pattern UNSET =
      Pattern.compile("The \\\\?\"?([A-Za-z_][A-Za-z0-9_]*)\\\\?\"? variable is not set");

  private final String host;
  private final String directory;

  /** Every value of a key, in order. */
  private final Map<String, List<String>> facts = new HashMap<>();

  private final StringBuilder yaml = new StringBuilder();
  private final StringBuilder said = new StringBuilder();
  private int configStatus = -1;
  private String end = "";

  ExaminationAnswer(String host, String directory, String printed) {
    this.host = host;
    this.directory = directory;
    StringBuilder text = null;
    for (String line : printed.lines().toList()) {
      if (line.startsWith("=end ")) {
        end = line.substring("=end ".length());
      } else if (line.equals("=yaml")) {
        text = yaml;
      } else if (line.startsWith("=config ")) {
        configStatus = (int) number(line.substring("=config ".length()));
        text = said;
      } else if (text != null) {
        text.append(line).append('\n');
      } else {
        String[] parts = line.split(" ", 2);
        if (parts.length == 2 && !parts[1].isBlank()) {
          facts.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(parts[1].strip());
        }
      }
    }
  }

  ExaminationResult result() {
    return new ExaminationResult(
        instant(first("begin").orElse("")),
        instant(end),
        new ExaminationResult.Machine(
            first("kernel").orElse("unknown"),
            first("page").map(ExaminationAnswer::number).orElse(0L),
            first("throttled"),
            first("interpreter")),
        all("disk").stream().flatMap(text -> Disk.parse(text).stream()).toList(),
        listeners(),
        all("published").stream()
            .flatMap(text -> PublishedPort.parse(text).stream())
            .limit(Ports.MOST)
            .toList(),
        docker(),
        new ExaminationResult.Directory(first("directory"), first("unwritable"), all("unsettled")),
        ProbeResult.Project.parse(lines("member", "made")),
        Set.copyOf(all("image")),
        lines("record", "there").toList());
  }

  private Stream<String> lines(String... keys) {
    return Stream.of(keys).flatMap(key -> all(key).stream().map(value -> key + " " + value));
  }

  private List<ExaminationResult.Listener> listeners() {
    Map<String, String> processes = new HashMap<>();
    for (String text : all("process")) {
      String[] words = text.split(" ", 3);
      if (words.length == 3) {
        processes.put(words[0] + " " + words[1], words[2]);
      }
    }
    List<ExaminationResult.Listener> listeners = new ArrayList<>();
    for (String text : all("listener")) {
      String[] words = (text + " ").split(" ", 3);
      Ports.ofKernel(words[0], words[1])
          .ifPresent(
              endpoint ->
                  listeners.add(
                      new ExaminationResult.Listener(
                          endpoint,
                          Optional.ofNullable(
                              processes.get(endpoint.protocol() + " " + endpoint.port())))));
    }
    return listeners;
  }

  private ExaminationResult.DockerFinding docker() {
    Optional<String> docker = first("docker");
    if (docker.isEmpty()) {
      return new ExaminationResult.NoDocker();
    }
    String[] server = first("server").orElse("").split(" ", -1);
    if (first("error").isPresent() || server.length != 3) {
      String said = first("error").orElse("no answer " + String.join(" ", server)).strip();
      String fix = Probe.fix(host, docker.get(), first("standalone").orElse(null), said);
      return new ExaminationResult.NoAnswer(said, fix);
    }
    Map<String, String> found = new HashMap<>();
    facts.forEach((key, values) -> found.put(key, values.get(0)));
    return new ExaminationResult.Answer(
        Probe.engine(server, found),
        first("security").orElse("").contains("name=rootless"),
        first("memory").map(ExaminationAnswer::number).orElse(0L),
        !first("limits-memory").orElse("").equals("false"),
        new ExaminationResult.Log(
            first("log-driver").orElse("unknown"),
            first("rotates").isPresent(),
            first("daemon-json").isPresent()),
        compose(found));
  }

  private Optional<ExaminationResult.ComposeFinding> compose(Map<String, String> found) {
    ComposeCommand compose =
        Probe.compose(
            found.getOrDefault("with", ""), found.getOrDefault("docker", "docker"), found);
    if (compose == null) {
      return Optional.empty();
    }
    boolean accepted = configStatus == 0;
    ExecResult config =
        new ExecResult(
            configStatus, null, accepted ? yaml.toString() : "", accepted ? "" : said.toString());
    return Optional.of(
        new ExaminationResult.ComposeFinding(
            compose.version(),
            compose.neverPulls(),
            new ComposeAnswer(host, directory, first("unwritable").orElse(null), config),
            accepted ? ComposeFile.parse(yaml.toString()).services() : Map.of(),
            unset()));
  }

  private Set<String> unset() {
    Set<String> names = new LinkedHashSet<>();
    Matcher matcher = UNSET.matcher(said);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private List<String> all(String key) {
    return facts.getOrDefault(key, List.of());
  }

  private Optional<String> first(String key) {
    return all(key).stream().findFirst();
  }

  private static long number(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /** {@code 1795611939.769769365}; busybox knows no {@code %N}. */
  private static Instant instant(String text) {
    Matcher time = Pattern.compile("(\\d{1,11})(\\.\\d{1,9})?.*").matcher(text);
    if (!time.matches()) {
      return Instant.EPOCH;
    }
    String fraction = time.group(2) == null ? "0" : "0" + time.group(2);
    return Instant.ofEpochSecond(
        Long.parseLong(time.group(1)), new BigDecimal(fraction).movePointRight(9).longValue());
  }
}
