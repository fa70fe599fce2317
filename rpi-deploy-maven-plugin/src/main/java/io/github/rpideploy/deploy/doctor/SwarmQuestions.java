package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.EngineContents;
import io.github.rpideploy.docker.Probe;
import io.github.rpideploy.docker.ProbeResult;
import io.github.rpideploy.docker.swarm.Swarm;
import io.github.rpideploy.docker.swarm.SwarmNode;
import io.github.rpideploy.remote.RemoteHost;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asks a manager, and the other nodes through it. */
final class SwarmQuestions implements SwarmChecks.Questions {

  /** What it is asked to run is of no interest here. */
  private static final String NO_IMAGE = "no-such-image";

  private final RemoteHost host;
  private final Stack stack;
  private final Dial dial;
  private @Nullable ProbeResult found;

  SwarmQuestions(RemoteHost host, Stack stack, Dial dial) {
    this.host = host;
    this.stack = stack;
    this.dial = dial;
  }

  private ProbeResult manager() {
    ProbeResult known = found;
    if (known == null) {
      known = probe(host);
      found = known;
    }
    return known;
  }

  private ProbeResult probe(RemoteHost machine) {
    return Probe.of(machine, ".", null, stack.sudo());
  }

  private Swarm swarm() {
    return new Swarm(host, manager().docker(), stack.directory());
  }

  @Override
  public List<SwarmNode> nodes() {
    return swarm().nodes();
  }

  @Override
  public String runs(String name, String service) {
    return swarm().now(name, service, NO_IMAGE, NO_IMAGE).running();
  }

  @Override
  public Predicate<String> tags(SwarmNode node) {
    ProbeResult there = node.self() ? manager() : probe(dial.to(node.name(), node.address()));
    EngineContents contents = there.contents();
    return tag -> contents.named(tag).isPresent();
  }
}
