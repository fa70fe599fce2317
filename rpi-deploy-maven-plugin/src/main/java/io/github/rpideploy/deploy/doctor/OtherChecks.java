package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.deploy.others.Need;
import io.github.rpideploy.deploy.others.OtherServices;
import io.github.rpideploy.deploy.others.Readiness;
import io.github.rpideploy.deploy.spec.Others;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.docker.ExaminationResult;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.report.Check;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the services that deployed ones need and that no module deploys. */
final class OtherChecks {

  static final String NAME = "other services";

  private final ExaminationResult result;
  private final Stack stack;
  private final List<ServiceSpec> services;
  private final Others others;

  OtherChecks(ExaminationResult result, Stack stack, List<ServiceSpec> services, Others others) {
    this.result = result;
    this.stack = stack;
    this.services = services;
    this.others = others;
  }

  /**
   * @param file what compose makes of the compose file
   */
  Check of(Map<String, ComposeFile.Service> file) {
    List<String> good = new ArrayList<>();
    List<String> bad = new ArrayList<>();
    List<String> pulled = new ArrayList<>();
    Set<String> modules = new HashSet<>(others.modules());
    List<String> deployed = services.stream().map(ServiceSpec::service).toList();
    modules.addAll(deployed);
    List<String> stopped = new ArrayList<>();
    ComposeFile there = new ComposeFile(file);
    for (Need need : Need.of(deployed, there, modules)) {
      Readiness now = Readiness.before(need, result.project().of(need.service()));
      String name = need.service() + ", needed by " + need.byWhom();
      if (now instanceof Readiness.Stopped found) {
        stopped.add(need.service());
        String image = there.service(need.service()).map(ComposeFile.Service::image).orElse(null);
        boolean missing = OtherServices.isPulled(image, result.images()::contains);
        good.add(
            name
                + ", would be started: "
                + found.reason()
                + (missing ? ", " + image + " would be pulled" : ""));
        if (missing) {
          pulled.add(image);
        }
      } else if (now instanceof Readiness.Broken broken) {
        bad.add(name + ", is not good: " + broken.reason());
      } else {
        good.add(
            need.service()
                + " "
                + (now instanceof Readiness.Ready ready
                    ? ready.evidence()
                    : ((Readiness.Starting) now).state()));
      }
    }
    return check(good, bad, stopped, pulled);
  }

  private Check check(
      List<String> good, List<String> bad, List<String> stopped, List<String> pulled) {
    String there = "On the Pi, in " + stack.directory() + ": docker compose ";
    if (others.mode() == Others.Mode.LEAVE) {
      return stopped.isEmpty()
          ? Check.pass(NAME, "none is missing")
          : Check.warn(
              NAME,
              "needed, but not running, and rpi.others=leave does not start them: "
                  + String.join(", ", stopped),
              there + "up -d " + String.join(" ", stopped));
    }
    if (!bad.isEmpty()) {
      return Check.fail(
          NAME,
          String.join("\n", bad),
          there + "ps -a; or deploy all the same: -Drpi.others=leave");
    }
    String finding = good.isEmpty() ? "none is needed" : String.join("\n", good);
    return pulled.isEmpty()
        ? Check.pass(NAME, finding)
        : Check.warn(
            NAME,
            finding,
            "The Pi needs its registry for that. Try it there: docker pull "
                + String.join(" && docker pull ", pulled));
  }
}
