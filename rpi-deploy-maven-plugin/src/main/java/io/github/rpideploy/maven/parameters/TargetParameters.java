package io.github.rpideploy.maven.parameters;

import org.jspecify.annotations.Nullable;

/**
 * One of several Pis, {@code <target>} in {@code <targets>}. Its elements are named like the
 * parameters, and replace them there. All but {@code name} may be left out.
 */
public final class TargetParameters {

  private @Nullable String name;
  private @Nullable String host;
  private @Nullable Integer port;
  private @Nullable String user;
  private @Nullable String hostKey;
  private @Nullable String directory;

  /** Called by Maven for each. */
  public TargetParameters() {}

  /** Called by Maven for a name alone: of a list with commas. */
  public void set(String name) {
    this.name = name;
  }

  /** One that has only a name. */
  public static TargetParameters named(String name) {
    TargetParameters target = new TargetParameters();
    target.name = name;
    return target;
  }

  /** How the user calls it, else its host; null when it has neither. */
  public @Nullable String name() {
    return given(name) == null ? given(host) : given(name);
  }

  /** By default the name. */
  public @Nullable String host() {
    return given(host) == null ? given(name) : given(host);
  }

  /** Null for that of the module, like what follows. */
  public @Nullable Integer port() {
    return port;
  }

  public @Nullable String user() {
    return given(user);
  }

  public @Nullable String hostKey() {
    return given(hostKey);
  }

  public @Nullable String directory() {
    return given(directory);
  }

  private static @Nullable String given(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }
}
