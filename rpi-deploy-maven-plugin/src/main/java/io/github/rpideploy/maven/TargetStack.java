package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.ssh.settings.SshNode;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Where a module goes: a compose project on a Pi.
 *
 * @param name what the user calls it
 * @param nodes of the swarm that it manages: how those are reached that differ from it
 */
record TargetStack(String name, SshRequest ssh, Stack stack, Map<String, SshNode> nodes) {

  private static final int SSH = 22;

  TargetStack {
    nodes = Map.copyOf(nodes);
  }

  /** One that is called as its host. */
  TargetStack(SshRequest ssh, Stack stack, Map<String, SshNode> nodes) {
    this(host(ssh), ssh, stack, nodes);
  }

  /** What is wanted of the same, whatever it is called. */
  TargetStack with(Stack other) {
    return new TargetStack(ssh, other, nodes);
  }

  /** How a node is reached, which its manager knows by an address. */
  SshNode node(String called, String address) {
    return nodes.getOrDefault(called, SshNode.SAME).at(address);
  }

  /** How each is called where there are several; a single one needs no name. */
  static Map<TargetStack, String> names(Collection<TargetStack> targets) {
    Set<TargetStack> all = new LinkedHashSet<>(targets);
    if (all.size() < 2) {
      return Map.of();
    }
    List<Function<TargetStack, String>> ways =
        List.of(
            TargetStack::name,
            target -> target.name + ":" + target.stack.directory(),
            target -> target.name + ":" + target.port() + ":" + target.stack.directory());
    Map<TargetStack, String> names = new LinkedHashMap<>();
    for (TargetStack target : all) {
      String name =
          ways.stream()
              .filter(way -> isAlone(way.apply(target), all.stream().map(way)))
              .findFirst()
              .orElse(ways.get(2))
              .apply(target);
      names.put(target, name);
    }
    return names;
  }

  private static boolean isAlone(String name, Stream<String> names) {
    return names.filter(name::equals).count() == 1;
  }

  /**
   * @throws DeployException when two of them are the same directory on the same Pi, with different
   *     compose files or files
   */
  static void requireOneFileEach(Map<TargetStack, String> modules) {
    Map<List<Object>, TargetStack> byPlace = new HashMap<>();
    modules.forEach(
        (target, module) -> {
          TargetStack other = byPlace.put(List.of(target.ssh, target.stack.directory()), target);
          if (other != null) {
            throw new DeployException(
                "Modules "
                    + modules.get(other)
                    + " and "
                    + module
                    + " deploy to the same directory on "
                    + host(target.ssh)
                    + ", "
                    + target.stack.directory()
                    + ", but not with the same name, compose file, rpi.files, rpi.filesLimit,"
                    + " rpi.overwriteFiles and rpi.sudo",
                "A directory has one of each: set them in the parent POM or with -D");
          }
        });
  }

  /** In the order in which every build locks them. */
  static Comparator<TargetStack> order() {
    return Comparator.comparing((TargetStack target) -> host(target.ssh))
        .thenComparing(TargetStack::port)
        .thenComparing(target -> target.stack.directory());
  }

  private int port() {
    return ssh.port() == null ? SSH : ssh.port();
  }

  /** As the user wrote it, without the login and the port. */
  private static String host(SshRequest ssh) {
    String first = ssh.hosts().get(0);
    return first.substring(first.indexOf('@') + 1).replaceFirst("(?<=[^:]):\\d+$", "");
  }
}
