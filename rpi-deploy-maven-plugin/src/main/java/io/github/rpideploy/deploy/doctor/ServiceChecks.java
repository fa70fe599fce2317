package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.ExaminationResult;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.docker.file.Endpoint;
import io.github.rpideploy.docker.file.PortClash;
import io.github.rpideploy.docker.file.PublishedPort;
import io.github.rpideploy.report.Check;
import io.github.rpideploy.report.Units;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Checks the compose file, and whether the Pi has what its services ask for. */
final class ServiceChecks {

  private static final String COMPOSE_FILE = "compose file";
  private static final String PORTS = "ports";
  private static final String MEMORY = "memory limits";

  static final List<String> NAMES =
      List.of("directory", COMPOSE_FILE, FilesCheck.NAME, PORTS, MEMORY, OtherChecks.NAME);

  private final ExaminationResult result;
  private final Stack stack;
  private final List<ServiceSpec> services;
  private final OtherChecks others;

  ServiceChecks(ExaminationResult result, Stack stack, List<ServiceSpec> services, Others others) {
    this.others = new OtherChecks(result, stack, services, others);
    this.result = result;
    this.stack = stack;
    this.services = services;
  }

  /** What these services ask for; all services of the compose file when the list is empty. */
  static Map<String, ComposeFile.Service> participants(
      List<ServiceSpec> services, Map<String, ComposeFile.Service> all) {
    if (services.isEmpty()) {
      return all;
    }
    Map<String, ComposeFile.Service> ours = new LinkedHashMap<>(all);
    ours.keySet().retainAll(services.stream().map(ServiceSpec::service).toList());
    return ours;
  }

  /**
   * @param files the check of what goes along with the compose file
   * @param host names the Pi in messages
   */
  List<Check> all(FilesCheck files, String host) {
    List<Check> checks = new ArrayList<>(List.of(directory()));
    Check ofFiles = files.check(result, host);
    if (result.docker() instanceof ExaminationResult.Answer answer
        && answer.compose().isPresent()) {
      ExaminationResult.ComposeFinding compose = answer.compose().get();
      // Without its files compose may refuse what is good.
      checks.add(
          files.isComplete() || compose.file().config().ok()
              ? composeFile(compose)
              : Check.notChecked(COMPOSE_FILE));
      checks.add(ofFiles);
      if (compose.file().config().ok()) {
        Map<String, ComposeFile.Service> ours = participants(services, compose.services());
        if (!ours.isEmpty()) {
          checks.add(ports(ours, compose.services()));
          checks.add(memory(ours, compose.services(), answer.memory()));
          checks.add(
              stack.swarm()
                  ? Check.pass(OtherChecks.NAME, "left to the swarm")
                  : others.of(compose.services()));
          return checks;
        }
      }
    } else {
      checks.add(Check.notChecked(COMPOSE_FILE));
      // What the Pi has of them was not asked.
      checks.add(files.isComplete() ? Check.notChecked(FilesCheck.NAME) : ofFiles);
    }
    checks.add(Check.notChecked(PORTS));
    checks.add(Check.notChecked(MEMORY));
    checks.add(Check.notChecked(OtherChecks.NAME));
    return checks;
  }

  private Check directory() {
    Optional<String> unwritable = result.directory().unwritable();
    if (unwritable.isPresent()) {
      return Check.fail(
          "directory",
          stack.directory()
              + (result.directory().path().isPresent() ? " cannot be written" : " cannot be made")
              + ": the user may not write "
              + unwritable.get(),
          "Use one that the user may write: -Drpi.directory=rpi/my-services (relative to the"
              + " home)");
    }
    List<String> unsettled = result.directory().unsettled();
    if (!unsettled.isEmpty()) {
      return Check.warn(
          "directory",
          "a deploy ended before it had verified " + String.join(", ", unsettled),
          "Deploy again: it lets that go back to the last verified release first");
    }
    return Check.pass(
        "directory",
        result.directory().path().orElse(stack.directory() + ", which the first deploy makes"));
  }

  private Check composeFile(ExaminationResult.ComposeFinding compose) {
    String where = stack.composeFile() == null ? "on the Pi" : stack.composeFile().toString();
    ComposeFile file;
    try {
      file = compose.file().read();
    } catch (DeployException e) {
      return Check.fail(COMPOSE_FILE, e.getMessage(), e.hint());
    }
    for (ServiceSpec spec : services) {
      Optional<ComposeFile.Service> service = file.service(spec.service());
      if (service.isEmpty()) {
        return Check.fail(
            COMPOSE_FILE,
            "knows no service "
                + spec.service()
                + ", only "
                + String.join(", ", file.services().keySet())
                + " ("
                + where
                + ")",
            "Name the service in the module's POM: <properties><rpi.service>name"
                + "</rpi.service></properties>, or skip the module: <rpi.skip>true</rpi.skip>");
      }
      if (service.get().image() == null) {
        return Check.fail(
            COMPOSE_FILE,
            "names no image for " + spec.service() + ", only a build (" + where + ")",
            "Name the image that Jib builds: image: " + spec.service());
      }
    }
    List<String> known =
        services.isEmpty()
            ? List.copyOf(file.services().keySet())
            : services.stream().map(ServiceSpec::service).toList();
    String finding = "knows " + String.join(", ", known) + " (" + where + ")";
    return compose.unset().isEmpty()
        ? Check.pass(COMPOSE_FILE, finding)
        : Check.warn(
            COMPOSE_FILE,
            finding + ", but these variables have no value: " + shown(compose.unset()),
            "Set them on the Pi, in "
                + stack.directory()
                + "/.env. Where a dollar sign is part of a value, write $$");
  }

  /** Compose takes what follows a dollar sign in a password for a variable: show no such name. */
  private static String shown(Set<String> names) {
    List<String> capitals = names.stream().filter(name -> name.matches("[A-Z0-9_]+")).toList();
    int others = names.size() - capitals.size();
    String not = others + " whose name is not in capitals";
    return capitals.isEmpty()
        ? not
        : String.join(", ", capitals) + (others == 0 ? "" : " and " + not);
  }

  private Check ports(Map<String, ComposeFile.Service> ours, Map<String, ComposeFile.Service> all) {
    List<String> clashes =
        new ComposeFile(all)
            .portClashes().stream()
                .filter(clash -> ours.containsKey(clash.one()) || ours.containsKey(clash.other()))
                .map(PortClash::described)
                .toList();
    if (!clashes.isEmpty()) {
      return Check.fail(PORTS, String.join("\n", clashes), PortClash.FIX);
    }
    if (stack.swarm()) {
      return Check.pass(PORTS, "two services publish none of them; each node has its own");
    }
    List<String> good = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    List<String> fixes = new ArrayList<>();
    ours.forEach(
        (service, inFile) -> {
          for (Endpoint wanted : inFile.ports()) {
            Optional<PublishedPort> holder =
                result.published().stream()
                    .filter(port -> port.endpoint().collides(wanted))
                    .findFirst();
            Optional<ExaminationResult.Listener> listener =
                result.listeners().stream()
                    .filter(other -> other.endpoint().collides(wanted))
                    .findFirst();
            String what = service + " " + wanted;
            if (holder.isPresent() && isItself(holder.get(), service)) {
              good.add(what + " held by itself");
            } else if (holder.isPresent()) {
              taken.add(what + " is held by container " + described(holder.get()));
              fixes.add("docker stop " + holder.get().container());
            } else if (listener.isPresent()) {
              taken.add(what + " is held by " + listener.get().process().orElse("another process"));
              fixes.add("sudo ss -lptn 'sport = :" + wanted.port() + "'");
            } else {
              good.add(what + " free");
            }
          }
        });
    if (!taken.isEmpty()) {
      return Check.fail(
          PORTS,
          String.join("\n", taken),
          "On the Pi: "
              + String.join("; ", fixes)
              + "\nor publish another port in the compose file");
    }
    return Check.pass(PORTS, good.isEmpty() ? "none are published" : String.join(", ", good));
  }

  private boolean isItself(PublishedPort holder, String service) {
    return holder.service().equals(service)
        && result.directory().path().filter(holder.directory()::equals).isPresent();
  }

  private static String described(PublishedPort holder) {
    return holder.directory().isEmpty()
        ? holder.container()
        : holder.container() + " (service " + holder.service() + " of " + holder.directory() + ")";
  }

  private Check memory(
      Map<String, ComposeFile.Service> ours, Map<String, ComposeFile.Service> all, long there) {
    List<String> limits = new ArrayList<>();
    List<String> tooLarge = new ArrayList<>();
    ours.forEach(
        (service, inFile) ->
            inFile
                .memoryLimit()
                .ifPresent(
                    limit -> {
                      limits.add(service + " " + Units.bytes(limit));
                      if (limit > there) {
                        tooLarge.add(service);
                      }
                    }));
    long sum = all.values().stream().mapToLong(inFile -> inFile.memoryLimit().orElse(0)).sum();
    String finding =
        (limits.isEmpty() ? "none" : String.join(", ", limits))
            + "; the Pi has "
            + Units.bytes(there);
    if (!tooLarge.isEmpty()) {
      return Check.warn(
          MEMORY,
          finding + ": less than " + String.join(", ", tooLarge) + " may take",
          "Lower "
              + limit()
              + " in the compose file, and the heap with it: JAVA_TOOL_OPTIONS="
              + "-XX:MaxRAMPercentage=75");
    }
    return sum <= there
        ? Check.pass(MEMORY, finding)
        : Check.warn(
            MEMORY,
            finding + ": all services of the compose file may take " + Units.bytes(sum),
            "Lower " + limit() + " of some of them in the compose file");
  }

  private String limit() {
    return stack.swarm() ? "deploy.resources.limits.memory" : "mem_limit";
  }
}
