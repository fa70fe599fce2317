package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a module goes: a compose project on a Pi. */
record Target(SshRequest ssh, Stack stack) {

  /** How each is called where there are several; a single one needs no name. */
  static Map<Target, String> names(Collection<Target> targets) {
    Set<Target> all = new LinkedHashSet<>(targets);
    if (all.size() < 2) {
      return Map.of();
    }
    List<String> hosts = all.stream().map(Target::host).toList();
    Map<Target, String> names = new LinkedHashMap<>();
    for (Target target : all) {
      boolean alone = hosts.stream().filter(target.host()::equals).count() == 1;
      names.put(target, alone ? target.host() : target.host() + ":" + target.stack.directory());
    }
    return names;
  }

  /**
   * @throws DeployException when two of them are the same directory on the same Pi, with different
   *     compose files or files
   */
  static void requireOneFileEach(Map<Target, String> modules) {
    Map<List<Object>, Target> byPlace = new HashMap<>();
    modules.forEach(
        (target, module) -> {
          Target other = byPlace.put(List.of(target.ssh, target.stack.directory()), target);
          if (other != null) {
            throw new DeployException(
                "Modules "
                    + modules.get(other)
                    + " and "
                    + module
                    + " deploy to the same directory on "
                    + target.host()
                    + ", "
                    + target.stack.directory()
                    + ", but not with the same compose file, rpi.files, rpi.filesLimit,"
                    + " rpi.overwriteFiles and rpi.sudo",
                "A directory has one of each: set them in the parent POM or with -D");
          }
        });
  }

  /** In the order in which every build locks them. */
  static Comparator<Target> order() {
    return Comparator.comparing(Target::host).thenComparing(target -> target.stack.directory());
  }

  /** As the user wrote it, without the login and the port. */
  private String host() {
    String first = ssh.hosts().get(0);
    return first.substring(first.indexOf('@') + 1).replaceFirst("(?<=[^:]):\\d+$", "");
  }
}
