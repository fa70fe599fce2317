package io.github.rpideploy.docker.file;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads endpoints of the Pi in every form in which compose, Docker and the kernel print them. */
public final class Ports {

  private static final int HIGHEST = 65535;

  /** All ports of both protocols, for both versions of IP. */
  public static final int MOST = 4 * HIGHEST;

  /** {@code 127.0.0.1:8080:80/tcp}, as version 1 of compose prints it. */
  private static final Pattern SHORT =
      Pattern.compile("(?:(\\[?[0-9A-Fa-f.:]+]?):)?(\\d{1,5}):\\d{1,5}(?:/(tcp|udp))?");

  /** {@code 127.0.0.1:8081->80/tcp}; {@code docker ps} shows consecutive ports as a range. */
  private static final Pattern PUBLISHED =
      Pattern.compile("(.*):(\\d{1,5})(?:-(\\d{1,5}))?->[\\d-]+/(tcp|udp)");

  /** As {@code /proc/net/tcp} has it: four bytes at a time in the order of the processor. */
  private static final Pattern KERNEL = Pattern.compile("([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})");

  private Ports() {}

  /**
   * The endpoints of the {@code ports} of a service in {@code docker compose config}. Version 2
   * prints {@code {target: 80, published: "8080", protocol: tcp}}, version 1 also the short form.
   * Ranges, and ports that the Engine chooses, are left out.
   *
   * @param ports the YAML node: a list, or anything else when there are none
   */
  public static List<Endpoint> ofCompose(@Nullable Object ports) {
    List<Endpoint> endpoints = new ArrayList<>();
    if (ports instanceof List<?> list) {
      list.forEach(port -> one(port).ifPresent(endpoints::add));
    }
    return endpoints;
  }

  /**
   * Whether there is a TCP port among the {@code ports} or {@code expose} of a service in {@code
   * docker compose config}.
   */
  static boolean namesTcp(@Nullable Object ports) {
    return ports instanceof List<?> list
        && list.stream()
            .anyMatch(
                port ->
                    port instanceof Map<?, ?> fields
                        ? text(fields, "protocol", "tcp").equals("tcp")
                        : !String.valueOf(ComposeTree.text(port)).endsWith("/udp"));
  }

  private static Optional<Endpoint> one(Object port) {
    if (port instanceof Map<?, ?> fields) {
      return endpoint(
          text(fields, "protocol", "tcp"),
          text(fields, "host_ip", ""),
          text(fields, "published", ""));
    }
    Matcher shortForm = SHORT.matcher(String.valueOf(ComposeTree.text(port)));
    return shortForm.matches()
        ? endpoint(
            orElse(shortForm.group(3), "tcp"), orElse(shortForm.group(1), ""), shortForm.group(2))
        : Optional.empty();
  }

  private static Optional<Endpoint> endpoint(String protocol, String address, String published) {
    return published.matches("[1-9]\\d{0,4}") && Integer.parseInt(published) <= HIGHEST
        ? Optional.of(Endpoint.of(protocol, address, Integer.parseInt(published)))
        : Optional.empty();
  }

  private static String text(Map<?, ?> fields, String key, String otherwise) {
    return orElse(ComposeTree.text(fields.get(key)), otherwise);
  }

  private static String orElse(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }

  /** The endpoints of the column {@code Ports} of {@code docker ps}; every port of a range. */
  public static List<Endpoint> ofDockerPs(String column) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String shown : column.split(", ", -1)) {
      Matcher range = PUBLISHED.matcher(shown);
      if (range.matches()) {
        int first = Math.max(1, Integer.parseInt(range.group(2)));
        int last = Math.min(HIGHEST, Integer.parseInt(orElse(range.group(3), range.group(2))));
        for (int port = first; port <= last && endpoints.size() < MOST; port++) {
          endpoints.add(Endpoint.of(range.group(4), range.group(1), port));
        }
      }
    }
    return endpoints;
  }

  /** An endpoint as the kernel prints it: {@code 0100007F:1F91}; a Pi is little-endian. */
  public static Optional<Endpoint> ofKernel(String protocol, String text) {
    Matcher matcher = KERNEL.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    byte[] words = HexFormat.of().parseHex(matcher.group(1));
    byte[] bytes = new byte[words.length];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i - i % 4 + 3 - i % 4];
    }
    try {
      int port = Integer.parseInt(matcher.group(2), 16);
      return Optional.of(new Endpoint(protocol, InetAddress.getByAddress(bytes), port));
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are an address", e);
    }
  }
}
