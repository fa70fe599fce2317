package io.github.rpideploy.docker.swarm;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeTree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a compose file says of a service and no swarm can do, gathered to be told at once. */
final class Refusals {

  /** For what there is no other way. */
  static final String ON_ONE_PI =
      "no swarm has it: deploy this service to one Pi with compose, from a directory of its own";

  private final List<String> all = new ArrayList<>();

  /**
   * @param where in the compose file
   * @param instead what to write in its place
   */
  void add(String where, String instead) {
    all.add(where + ": " + instead);
  }

  /**
   * A part of the compose file with what docker stack deploy does as compose does it. What is known
   * to make no difference is left out, everything else is refused: docker would leave some of it
   * out without a word.
   *
   * @param where in the compose file
   * @param same the keys that stay
   * @param harmless those that are left out
   */
  Map<String, Object> only(
      String where, @Nullable Object part, Set<String> same, Set<String> harmless) {
    Map<String, Object> kept = new LinkedHashMap<>();
    ComposeTree.map(part)
        .forEach(
            (key, value) -> {
              if (same.contains(key)) {
                kept.put(key, value);
              } else if (!harmless.contains(key) && !key.startsWith("x-") && !isNothing(value)) {
                add(where + ": " + key, "a swarm cannot do that; remove it");
              }
            });
    return kept;
  }

  /** Whether a value says nothing. */
  static boolean isNothing(@Nullable Object value) {
    return value == null
        || value.equals(false)
        || value.equals(0)
        || value.equals("")
        || (value instanceof Collection<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  /**
   * @throws DeployException with all of them, if there are any
   */
  void throwIfAny(String service) {
    if (!all.isEmpty()) {
      throw new DeployException(
          service
              + " cannot run on a swarm as the compose file says:\n  "
              + String.join("\n  ", all),
          "Change that in the compose file; nothing was changed. docs/swarm.md has an example");
    }
  }
}
