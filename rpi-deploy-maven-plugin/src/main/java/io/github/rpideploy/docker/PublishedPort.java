package io.github.rpideploy.docker;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port of the Pi that a running container holds.
 *
 * @param container its name
 * @param directory of the compose project that made it; empty when compose did not
 * @param service its name in that project
 * @param endpoint the port
 */
public record PublishedPort(String container, String directory, String service, Endpoint endpoint) {

  /** {@code 127.0.0.1:8081->80/tcp}; consecutive ports are shown as a range. */
  private static final Pattern PORTS =
      Pattern.compile("(.*):(\\d{1,5})(?:-(\\d{1,5}))?->[\\d-]+/(tcp|udp)");

  /** {@code name TAB directory TAB service TAB ports} of {@code docker ps}. */
  static List<PublishedPort> parse(String line) {
    String[] fields = line.split("\t", -1);
    List<PublishedPort> ports = new ArrayList<>();
    if (fields.length == 4) {
      for (String shown : fields[3].split(", ", -1)) {
        Matcher range = PORTS.matcher(shown);
        if (range.matches()) {
          int first = Integer.parseInt(range.group(2));
          int last = range.group(3) == null ? first : Integer.parseInt(range.group(3));
          for (int port = first; port <= last; port++) {
            Endpoint endpoint = Endpoint.of(range.group(4), range.group(1), port);
            ports.add(new PublishedPort(fields[0], fields[1], fields[2], endpoint));
          }
        }
      }
    }
    return ports;
  }
}
