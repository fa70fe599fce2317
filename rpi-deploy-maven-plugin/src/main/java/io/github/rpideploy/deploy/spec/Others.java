package io.github.rpideploy.deploy.spec;

import java.time.Duration;
import java.util.Set;

/**
 * What a deploy does with services that no module deploys: databases, brokers, proxies.
 *
 * @param mode what it does with them
 * @param timeout how long each may take until it has reached what a deployed service needs
 * @param modules the services that the modules of the reactor deploy, also those that this build
 *     leaves out
 */
public record Others(Mode mode, Duration timeout, Set<String> modules) {

  /** By default they are started. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(10);

  /** Keeps a copy. */
  public Others {
    modules = Set.copyOf(modules);
  }

  /** The same, but nothing is done with them. */
  public Others left() {
    return new Others(Mode.LEAVE, timeout, modules);
  }

  /** What a deploy does with them. */
  public enum Mode {
    /** Starts those that a deployed service needs and that do not run. */
    START,
    /** The same, and recreates those whose part of the compose file has changed. */
    UPDATE,
    /** Nothing. */
    LEAVE
  }
}
