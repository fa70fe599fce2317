package io.github.rpideploy.deploy.spec;

import java.util.Set;

/**
 * The services that must be good before a service is deployed.
 *
 * @param all every one of them, direct or indirect
 * @param running those that this build does not deploy, so they must already be running
 * @param required whether the deploy fails if one of those is not good; otherwise it warns
 */
public record Predecessors(Set<String> all, Set<String> running, boolean required) {

  /** There are none. */
  public static final Predecessors NONE = new Predecessors(Set.of(), Set.of(), true);

  /** Keeps copies of the sets. */
  public Predecessors {
    all = Set.copyOf(all);
    running = Set.copyOf(running);
  }
}
