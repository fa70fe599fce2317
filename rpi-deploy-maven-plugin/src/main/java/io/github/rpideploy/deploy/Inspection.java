package io.github.rpideploy.deploy;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.ComposeAnswer;
import io.github.rpideploy.docker.ComposeFile;
import io.github.rpideploy.docker.Docker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at services as they are on the Pi; nothing is changed.
 *
 * @param directoryName where the compose project lives
 * @param compose what compose makes of its file
 */
record Inspection(
    Docker docker, ComposeDirectory directory, String directoryName, ComposeAnswer compose) {

  List<ServiceStatus> status(List<String> services) {
    Map<String, ComposeFile.Service> asked = chosen(services);
    return new Status(docker.snapshot(directoryName)).of(asked);
  }

  void logs(List<String> services, LogQuery query, LogSink sink) {
    Map<String, List<String>> containers = new LinkedHashMap<>();
    for (String service : chosen(services).keySet()) {
      containers.put(service, directory.compose().containers(service));
    }
    new Logs(docker, sink).show(containers, query);
  }

  /**
   * @throws DeployException when the compose file does not know one of them
   */
  private Map<String, ComposeFile.Service> chosen(List<String> services) {
    ComposeFile file = compose.read();
    if (services.isEmpty()) {
      return file.services();
    }
    Map<String, ComposeFile.Service> chosen = new LinkedHashMap<>();
    services.forEach(name -> chosen.put(name, Release.inFile(name, file, directory.described())));
    return chosen;
  }
}
