package io.github.rpideploy.docker.file;

import java.util.List;

/**
 * A port of the Pi that a running container holds.
 *
 * @param container its name
 * @param directory the directory of its compose project; empty when compose did not create it
 * @param service its name in that project
 * @param endpoint the port
 */
public record PublishedPort(String container, String directory, String service, Endpoint endpoint) {

  /** Reads {@code name TAB directory TAB service TAB ports}, a line of {@code docker ps}. */
  public static List<PublishedPort> parse(String line) {
    String[] fields = line.split("\t", -1);
    return fields.length != 4
        ? List.of()
        : Ports.ofDockerPs(fields[3]).stream()
            .map(endpoint -> new PublishedPort(fields[0], fields[1], fields[2], endpoint))
            .toList();
  }
}
