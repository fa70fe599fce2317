package io.github.rpideploy.docker.swarm;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node of a swarm, as a manager knows it.
 *
 * @param id its id in the swarm
 * @param name its host name
 * @param address at which the manager reaches it
 * @param state Docker's word: {@code ready}, {@code down}, {@code unknown}, {@code disconnected}
 * @param availability Docker's word: {@code active}, {@code pause}, {@code drain}
 * @param role Docker's word: {@code manager}, {@code worker}
 * @param architecture as the kernel calls it: {@code aarch64}, {@code x86_64}
 * @param labels of the node
 * @param self whether it is the manager that was asked
 */
public record SwarmNode(
    String id,
    String name,
    String address,
    String state,
    String availability,
    String role,
    String architecture,
    Map<String, String> labels,
    boolean self) {

  private static final Pattern CONSTRAINT =
      Pattern.compile("\\s*(node\\.[A-Za-z0-9._-]+)\\s*(==|!=)\\s*(.*?)\\s*");

  /** Keeps a copy. */
  public SwarmNode {
    labels = Map.copyOf(labels);
  }

  /** The failure to reach it, with its name, and what to do if it is reached otherwise. */
  public DeployException unreachable(DeployException failure) {
    return new DeployException(
        "Node " + name + " (" + address + "): " + failure.getMessage(),
        failure.hint()
            + "\nIf it has another address, SSH port, user or key than its manager, say so in the"
            + " POM: <nodes><node><name>"
            + name
            + "</name><port>2222</port></node></nodes>",
        failure);
  }

  /** Whether it can be reached now. */
  public boolean isReady() {
    return state.equals("ready");
  }

  /**
   * Whether the swarm may give it a task of a service, by the constraints of the service. What
   * cannot be told here, such as labels of an Engine, does not exclude it: it is better to have an
   * image too many.
   *
   * @param service what the compose file says of it
   */
  public boolean mayRun(Map<String, Object> service) {
    Map<String, Object> placement =
        ComposeTree.map(ComposeTree.map(service.get("deploy")).get("placement"));
    List<String> constraints = new ArrayList<>();
    if (placement.get("constraints") instanceof Collection<?> all) {
      all.forEach(one -> constraints.add(String.valueOf(one)));
    }
    return !availability.equals("drain") && constraints.stream().allMatch(this::satisfies);
  }

  private boolean satisfies(String constraint) {
    Matcher parts = CONSTRAINT.matcher(constraint);
    if (!parts.matches()) {
      return true;
    }
    String key = parts.group(1);
    String mine =
        key.startsWith("node.labels.")
            ? labels.getOrDefault(key.substring("node.labels.".length()), "")
            : switch (key) {
              case "node.id" -> id;
              case "node.hostname" -> name;
              case "node.role" -> role;
              case "node.platform.arch" -> architecture;
              default -> null;
            };
    return mine == null || mine.equalsIgnoreCase(parts.group(3)) == parts.group(2).equals("==");
  }
}
