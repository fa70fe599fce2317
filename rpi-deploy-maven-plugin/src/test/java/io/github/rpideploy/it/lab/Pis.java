package io.github.rpideploy.it.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several Pis in boxes, and an SSH configuration that knows them by their names. */
public final class Pis {

  private final Map<String, Lab> labs = new LinkedHashMap<>();
  private final Path sshConfig;

  private Pis(Path directory) {
    this.sshConfig = directory.resolve("ssh_config");
  }

  /**
   * Makes them side by side.
   *
   * @param directory where the SSH configuration is to be
   */
  public static Pis up(Path directory, List<String> names) throws Exception {
    Pis pis = new Pis(directory);
    ExecutorService threads = Executors.newFixedThreadPool(names.size());
    try {
      List<Callable<Lab>> all =
          names.stream().<Callable<Lab>>map(name -> () -> Lab.up(name)).toList();
      List<Future<Lab>> made = threads.invokeAll(all);
      for (int i = 0; i < names.size(); i++) {
        pis.labs.put(names.get(i), made.get(i).get());
      }
    } finally {
      threads.shutdown();
    }
    StringBuilder config = new StringBuilder();
    StringBuilder known = new StringBuilder();
    Path knownHosts = directory.resolve("known_hosts");
    for (Map.Entry<String, Lab> pi : pis.labs.entrySet()) {
      Properties properties = pi.getValue().properties();
      config.append(
          """
          Host %s
            HostName 127.0.0.1
            Port %s
            User %s
            IdentityFile %s
            UserKnownHostsFile %s
          """
              .formatted(
                  pi.getKey(),
                  properties.getProperty("rpi.port"),
                  properties.getProperty("rpi.user"),
                  properties.getProperty("rpi.identityFile"),
                  knownHosts));
      known
          .append(Files.readString(Path.of(properties.getProperty("rpi.knownHosts"))))
          .append('\n');
    }
    Files.writeString(pis.sshConfig, config);
    Files.writeString(knownHosts, known);
    return pis;
  }

  public void down() throws Exception {
    for (Lab pi : labs.values()) {
      pi.down();
    }
  }

  public Path sshConfig() {
    return sshConfig;
  }

  public Set<String> names() {
    return labs.keySet();
  }

  public Lab pi(String name) {
    return Objects.requireNonNull(labs.get(name), name);
  }

  /** The image of the service's container; empty when there is none. */
  public String runs(String name, String service) throws Exception {
    return inspect(name, service, "{{.Image}}");
  }

  /** What Docker says of the service's container; empty when there is none. */
  public String inspect(String name, String service, String format) throws Exception {
    return pi(name)
        .ssh(
            "docker ps -aq --filter label=com.docker.compose.service="
                + service
                + " | xargs -r docker inspect --format '"
                + format
                + "'")
        .strip();
  }
}
