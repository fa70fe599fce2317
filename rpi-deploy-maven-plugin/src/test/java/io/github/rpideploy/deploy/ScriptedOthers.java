package io.github.rpideploy.deploy;

import static io.github.rpideploy.deploy.ScriptedPi.ok;

import io.github.rpideploy.remote.ExecResult;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The services of a {@link ScriptedPi} that no module deploys. */
final class ScriptedOthers {

  private final ScriptedPi pi;
  private final Set<String> present = new HashSet<>();

  /** The states that a service goes through once it is started; then it runs. */
  final Map<String, List<String>> statesOnceStarted = new HashMap<>();

  /** What the registry says to a pull of an image, if it does not simply send it. */
  final Map<String, String> registry = new HashMap<>();

  /** The images that the Pi has, and what they are for. */
  final Map<String, String> images = new HashMap<>();

  /** What compose says when it cannot start a service. */
  final Map<String, String> refused = new HashMap<>();

  ScriptedOthers(ScriptedPi pi) {
    this.pi = pi;
  }

  /** A service has a container that goes through these states. */
  void runs(String service, String... states) {
    present.add(service);
    pi.states.put(service, new ArrayDeque<>(Arrays.asList(states)));
    pi.containers.make(service);
  }

  String members() {
    return present.isEmpty() ? "" : pi.containers.members();
  }

  ExecResult start(List<String> arguments) {
    String service = arguments.get(5);
    boolean anew = arguments.get(6).contains("--force-recreate");
    pi.changes.add((anew ? "recreate " : "start ") + service);
    if (refused.containsKey(service)) {
      return new ExecResult(0, null, "up 1\n", refused.get(service));
    }
    List<String> states = statesOnceStarted.getOrDefault(service, List.of(ScriptedPi.running()));
    runs(service, states.toArray(String[]::new));
    return ok(
        "up 0\nmember "
            + service
            + " /x "
            + pi.containers.inspect("container-" + service).stdout()
            + "\n");
  }

  ExecResult pull(String image) {
    if (images.containsKey(image)) {
      return ok("platform " + images.get(image) + "\n");
    }
    pi.changes.add("pull " + image);
    String said =
        registry.getOrDefault(
            image,
            """
            17: Pulling from library/x
            1f7ce2fa46ab: Pulling fs layer
            .
            .
            1f7ce2fa46ab: Pull complete
            pulled 0
            platform linux/arm64
            """);
    if (said.contains("platform ")) {
      images.put(image, "linux/arm64");
    }
    return ok(said);
  }
}
