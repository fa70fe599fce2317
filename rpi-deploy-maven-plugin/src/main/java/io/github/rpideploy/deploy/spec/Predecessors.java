package io.github.rpideploy.deploy.spec;

import java.util.Set;

/**
 * What goes before a service.
 *
 * @param all every service that goes before it, directly or not
 * @param running those of them that this build does not deploy, so that they have to run already
 * @param required whether the deploy fails when one of those does not; otherwise it warns
 */
public record Predecessors(Set<String> all, Set<String> running, boolean required) {

  /** Nothing does. */
  public static final Predecessors NONE = new Predecessors(Set.of(), Set.of(), true);

  /** Keeps copies of the sets. */
  public Predecessors {
    all = Set.copyOf(all);
    running = Set.copyOf(running);
  }
}
