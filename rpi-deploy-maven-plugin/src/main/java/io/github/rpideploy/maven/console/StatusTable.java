package io.github.rpideploy.maven.console;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import io.github.rpideploy.PlainText;
import io.github.rpideploy.deploy.look.ServiceStatus;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows the status of the services of a Pi: a line for each, and below it how it has drifted and
 * what it can go back to.
 */
public final class StatusTable {

  private static final List<String> HEADER =
      List.of(
          "SERVICE",
          "STATE",
          "HEALTH",
          "RELEASE",
          "VERSION",
          "COMMIT",
          "SINCE",
          "RESTARTS",
          "MEMORY");

  /** No name or version is so long; every line would be. */
  private static final int WIDEST = 200;

  private static final JsonSerializer<String> PLAIN =
      (text, type, context) -> new JsonPrimitive(PlainText.of(text));

  private StatusTable() {}

  /** A JSON array whose objects have all fields of {@link ServiceStatus}. */
  public static String json(List<ServiceStatus> services) {
    return new GsonBuilder()
        .setPrettyPrinting()
        .disableHtmlEscaping()
        .serializeNulls()
        .registerTypeAdapter(String.class, PLAIN)
        .create()
        .toJson(services);
  }

  public static List<String> lines(List<ServiceStatus> services, Instant now) {
    boolean several = services.stream().anyMatch(service -> service.target() != null);
    boolean swarm = services.stream().anyMatch(service -> service.node() != null);
    List<List<String>> rows =
        new ArrayList<>(List.of(first("TARGET", last(HEADER, "NODE", swarm), several)));
    services.forEach(
        service ->
            rows.add(
                first(
                    shown(service.target()),
                    last(row(service, now), shown(service.node()), swarm),
                    several)));
    int columns = rows.get(0).size();
    List<Integer> widths =
        IntStream.range(0, columns).mapToObj(column -> width(rows, column)).toList();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        String cell = rows.get(i).get(column);
        line.append(cell).append(" ".repeat(widths.get(column) - cell.length() + 2));
      }
      lines.add(PlainText.line(line.toString().stripTrailing()));
      if (i > 0) {
        lines.addAll(more(services.get(i - 1), i < services.size() ? services.get(i) : null));
      }
    }
    return lines;
  }

  /** Where there are several Pis, the first column says which one. */
  private static List<String> first(String target, List<String> cells, boolean several) {
    return several
        ? Stream.concat(Stream.of(PlainText.line(target, WIDEST)), cells.stream()).toList()
        : cells;
  }

  /** Where there is a swarm, the last column says on which node. */
  private static List<String> last(List<String> cells, String node, boolean swarm) {
    return swarm
        ? Stream.concat(cells.stream(), Stream.of(PlainText.line(node, WIDEST))).toList()
        : cells;
  }

  /**
   * @param next what is on the next line: what they can both go back to is told once
   */
  private static List<String> more(ServiceStatus service, @Nullable ServiceStatus next) {
    List<String> lines = new ArrayList<>();
    if (service.drift() != null) {
      lines.add("  drift: " + service.drift());
    }
    boolean same =
        next != null
            && next.node() != null
            && next.service().equals(service.service())
            && next.earlier().equals(service.earlier());
    if (!service.earlier().isEmpty() && !same) {
      lines.add(
          service.earlier().stream()
              .map(StatusTable::shown)
              .collect(Collectors.joining(", ", "  earlier: ", "")));
    }
    return lines;
  }

  /** Without the repository: the line above has it. */
  private static String shown(ServiceStatus.Earlier earlier) {
    String tag = earlier.release().substring(earlier.release().lastIndexOf(':') + 1);
    return earlier.version() == null ? tag : tag + " (" + earlier.version() + ")";
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(cells -> cells.get(column).length()).max().orElse(0);
  }

  private static List<String> row(ServiceStatus service, Instant now) {
    String commit = service.commit();
    boolean absent = service.state().equals("absent");
    return Stream.of(
            service.service(),
            service.state(),
            shown(service.health()),
            shown(service.release()),
            shown(service.version()),
            commit == null ? "-" : shortened(commit),
            since(service.since(), now),
            absent ? "-" : String.valueOf(service.restarts()),
            shown(service.memory()))
        .map(cell -> PlainText.line(cell, WIDEST))
        .toList();
  }

  /** Twelve digits, and that files differed from the commit. */
  private static String shortened(String commit) {
    String hash = commit.replaceFirst("-dirty$", "");
    return hash.substring(0, Math.min(12, hash.length())) + commit.substring(hash.length());
  }

  private static String shown(@Nullable String value) {
    return value == null ? "-" : value;
  }

  /** {@code 5 d}, {@code 3 h}, {@code 12 min}, {@code 8 s}. A Pi's clock may be ahead. */
  private static String since(@Nullable String start, Instant now) {
    if (start == null) {
      return "-";
    }
    try {
      Duration time = Duration.between(Instant.parse(start), now);
      if (time.isNegative()) {
        return "0 s";
      }
      return time.toDays() > 0
          ? time.toDays() + " d"
          : time.toHours() > 0
              ? time.toHours() + " h"
              : time.toMinutes() > 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    } catch (DateTimeException e) {
      return start;
    }
  }
}
