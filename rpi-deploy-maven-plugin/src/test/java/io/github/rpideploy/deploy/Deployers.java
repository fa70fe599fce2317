package io.github.rpideploy.deploy;

import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshNode;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** Deployers of builds about which there is little to say. */
public final class Deployers {

  /** They are started. */
  static final Others OTHERS =
      new Others(
          Others.Mode.START,
          Duration.ofMinutes(10),
          Set.of("auth-server", "extension-server", "gateway", "config-server", "other"));

  private Deployers() {}

  /** One without a name and an origin that sends layers as they are in their tarballs. */
  public static Deployer connect(
      RemoteHost host, Stack stack, Reporter reporter, InstantSource clock, Pause pause) {
    return connect(host, stack, LayerCompression.none(), reporter, clock, pause);
  }

  /** The same, which makes layers smaller. */
  public static Deployer connect(
      RemoteHost host,
      Stack stack,
      LayerCompression compression,
      Reporter reporter,
      InstantSource clock,
      Pause pause) {
    return connect(
        host,
        stack,
        new LockRequest("", Duration.ofMinutes(5), Duration.ofMinutes(1)),
        compression,
        reporter,
        clock,
        pause);
  }

  /** The same, with its own wishes for the deploy lock. */
  public static Deployer connect(
      RemoteHost host,
      Stack stack,
      LockRequest lock,
      LayerCompression compression,
      Reporter reporter,
      InstantSource clock,
      Pause pause) {
    return Deployer.connect(
        host,
        stack,
        new BuildContext(lock, OTHERS, () -> Origin.UNKNOWN, compression, reporter, clock, pause));
  }

  /** One of a manager of a swarm, through which its nodes are reached; its guard soon goes back. */
  public static Deployer onSwarm(
      SshConnection manager, SshRequest request, Stack stack, Reporter reporter) {
    return Deployer.connect(
        manager,
        stack,
        new BuildContext(
            new LockRequest("", Duration.ofMinutes(5), Duration.ofSeconds(2)),
            OTHERS,
            () -> Origin.UNKNOWN,
            LayerCompression.none(),
            reporter,
            InstantSource.system(),
            Pause.SLEEP,
            (node, address) ->
                manager.onTo(SshNode.SAME.at(address), request, event -> {}, SecretPrompt.NOBODY)));
  }
}
