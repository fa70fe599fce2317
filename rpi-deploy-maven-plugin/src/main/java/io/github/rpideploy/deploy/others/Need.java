package io.github.rpideploy.deploy.others;

import io.github.rpideploy.docker.file.ComposeFile;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A service that no module deploys and that a deployed one needs, directly or not.
 *
 * @param service its name
 * @param conditions compose's words for what it must have reached
 * @param required whether the deploy cannot do without it
 * @param by the services that name it in their {@code depends_on}
 */
public record Need(String service, Set<String> conditions, boolean required, Set<String> by) {

  /** Keeps copies. */
  public Need {
    conditions = Set.copyOf(conditions);
    by = Set.copyOf(by);
  }

  /** Whether something needs it to have reached that. */
  boolean is(String condition) {
    return conditions.contains(condition);
  }

  /** The services that name it, in words. */
  public String byWhom() {
    return String.join(", ", new TreeSet<>(by));
  }

  /**
   * What services need, in the order of {@code depends_on}.
   *
   * @param services that are deployed
   * @param modules services that the modules of the reactor deploy: they have an order of their own
   */
  public static List<Need> of(Collection<String> services, ComposeFile file, Set<String> modules) {
    Search search = new Search(file, modules);
    services.forEach(search::visit);
    return search.found();
  }

  /** Goes through the compose file; what a service needs comes before it. */
  private static final class Search {

    private final ComposeFile file;
    private final Set<String> modules;
    private final Set<String> visited = new HashSet<>();
    private final Set<String> deployed = new HashSet<>();
    private final Map<String, Need> needs = new LinkedHashMap<>();
    private final List<String> order = new ArrayList<>();

    Search(ComposeFile file, Set<String> modules) {
      this.file = file;
      this.modules = modules;
    }

    void visit(String service) {
      deployed.add(service);
      follow(service);
    }

    private void follow(String service) {
      if (!visited.add(service)) {
        return;
      }
      file.service(service)
          .map(ComposeFile.Service::needs)
          .orElse(Map.of())
          .forEach(
              (name, need) -> {
                boolean seen = visited.contains(name);
                follow(name);
                if (file.service(name).isPresent()) {
                  needs.merge(
                      name,
                      new Need(name, Set.of(need.condition()), need.required(), Set.of(service)),
                      Search::both);
                }
                if (!seen) {
                  order.add(name);
                }
              });
    }

    private static Need both(Need one, Need other) {
      Set<String> conditions = new HashSet<>(one.conditions);
      conditions.addAll(other.conditions);
      Set<String> by = new HashSet<>(one.by);
      by.addAll(other.by);
      return new Need(one.service, conditions, one.required || other.required, by);
    }

    List<Need> found() {
      List<Need> found = new ArrayList<>();
      for (String service : order) {
        Need need = needs.get(service);
        if (need != null && !modules.contains(service) && !deployed.contains(service)) {
          found.add(need);
        }
      }
      return found;
    }
  }
}
