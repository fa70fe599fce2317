package io.github.rpideploy.maven.parameters;

import io.github.rpideploy.ssh.settings.SshNode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One of the nodes of a swarm, {@code <node>} in {@code <nodes>}. Its elements are named like the
 * parameters, and replace them there. All but {@code name} may be left out.
 */
public final class NodeParameters {

  private @Nullable String name;
  private @Nullable String host;
  private @Nullable Integer port;
  private @Nullable String user;
  private @Nullable String identityFile;

  /** Called by Maven for each. */
  public NodeParameters() {}

  /** Called by Maven for a name alone: of a list with commas. */
  public void set(String name) {
    this.name = name;
  }

  /** What {@code docker node ls} calls it; null when that is not said. */
  public @Nullable String name() {
    return given(name);
  }

  /**
   * How it is reached.
   *
   * @param base where a relative path starts
   */
  public SshNode ssh(Path base) {
    return new SshNode(
        given(host),
        port,
        given(user),
        PathParameter.parse("The identityFile of node " + name, given(identityFile), base));
  }

  private static @Nullable String given(@Nullable String value) {
    return value == null || value.isBlank() ? null : value.strip();
  }
}
