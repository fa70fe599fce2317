package io.github.rpideploy.deploy.swarm;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.stack.ComposeDirectory;
import io.github.rpideploy.docker.ComposeAnswer;
import io.github.rpideploy.docker.file.ComposeTree;
import io.github.rpideploy.docker.swarm.ServiceFile;
import io.github.rpideploy.remote.ExecResult;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What compose makes of the compose file, and what a swarm is told of it. */
final class ComposeConfig {

  private final ComposeDirectory directory;
  private final ComposeAnswer answer;

  /** What compose has printed of the file in the directory. */
  private @Nullable String present;

  /**
   * @param answer what compose has printed when the Pi was probed
   */
  ComposeConfig(ComposeDirectory directory, ComposeAnswer answer) {
    this.directory = directory;
    this.answer = answer;
  }

  /** The name of the stack. */
  String stack() {
    return ServiceFile.stack(text(), directory.path());
  }

  /** What it says of a service. */
  Map<String, Object> service(String service) {
    return ComposeTree.map(ComposeTree.map(ComposeTree.typed(text()).get("services")).get(service));
  }

  /** The files and directories that it sees; null when this build does not know them. */
  @Nullable Set<String> uses(String service) {
    return directory.uses(service);
  }

  /**
   * What the swarm is told of a service.
   *
   * @param release the release's tag
   * @param image by which each node knows its image
   * @throws DeployException when the compose file says something that no swarm can do
   */
  ServiceFile file(String service, String release, String image) {
    return ServiceFile.of(text(), directory.path(), service, release, image);
  }

  /** Of the file that is there; before it is, of the one that will be. */
  private synchronized String text() {
    if (!directory.isUploaded()) {
      return answer.yaml();
    }
    String known = present;
    if (known == null) {
      ExecResult result = directory.config();
      known = result.ok() ? result.stdout() : answer.yaml();
      present = known;
    }
    return known;
  }
}
