package io.github.rpideploy.deploy.doctor;

import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.docker.Engine;
import io.github.rpideploy.docker.ExaminationResult;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.report.Check;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks Docker: whether it is installed, answers this user, and can do what a deploy needs. */
final class EngineChecks {

  static final List<String> NAMES =
      List.of("docker", "image store", "compose", "architecture", "memory cgroup", "log rotation");

  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");
  private static final int OLDEST_MAJOR = 20;
  private static final int OLDEST_MINOR = 10;

  /** They copy every layer whole ({@code vfs}), or Docker has removed or deprecated them. */
  private static final Set<String> POOR_STORES = Set.of("vfs", "aufs", "devicemapper", "overlay");

  private final ExaminationResult result;
  private final List<ServiceSpec> services;
  private final Set<String> platforms;

  /**
   * @param platforms what the images are built for
   */
  EngineChecks(ExaminationResult result, List<ServiceSpec> services, Set<String> platforms) {
    this.result = result;
    this.services = services;
    this.platforms = platforms;
  }

  List<Check> all() {
    if (result.docker() instanceof ExaminationResult.Answer answer) {
      return List.of(
          version(answer),
          store(answer.engine()),
          compose(answer),
          architecture(answer.engine()),
          memory(answer),
          logs(answer));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(
        result.docker() instanceof ExaminationResult.NoAnswer none
            ? noAnswer(none)
            : Check.fail(
                "docker",
                "not found in PATH, /usr/local/bin or /snap/bin",
                "On the Pi: curl -fsSL https://get.docker.com | sudo sh"
                    + " && sudo usermod -aG docker \"$USER\""));
    NAMES.stream().skip(1).forEach(name -> checks.add(Check.notChecked(name)));
    return checks;
  }

  private static Check noAnswer(ExaminationResult.NoAnswer answer) {
    String said = answer.said();
    boolean forbidden =
        said.toLowerCase(Locale.ROOT).contains("permission denied") || said.contains("sudo: ");
    return Check.fail(
        "docker",
        (forbidden ? "the user may not use it: " : "the Engine does not answer: ") + said,
        answer.fix());
  }

  private static Check version(ExaminationResult.Answer answer) {
    String finding =
        "Engine "
            + answer.engine().version()
            + (answer.rootless() ? ", rootless" : "")
            + ", which the user may use";
    Matcher numbers = VERSION.matcher(answer.engine().version());
    if (!numbers.matches()) {
      return Check.pass("docker", finding);
    }
    int major = Integer.parseInt(numbers.group(1));
    boolean old =
        major < OLDEST_MAJOR
            || (major == OLDEST_MAJOR && Integer.parseInt(numbers.group(2)) < OLDEST_MINOR);
    return old
        ? Check.fail(
            "docker",
            "Engine " + answer.engine().version() + ", older than 20.10",
            "On the Pi: sudo apt update && sudo apt full-upgrade, or"
                + " https://docs.docker.com/engine/install/debian")
        : Check.pass("docker", finding);
  }

  private static Check store(Engine engine) {
    if (POOR_STORES.contains(engine.store())) {
      return Check.warn(
          "image store",
          engine.store() + ", which copies every layer whole, or which Docker no longer supports",
          "Remove \"storage-driver\" from /etc/docker/daemon.json on the Pi, then: sudo systemctl"
              + " restart docker (all images must then be sent again)");
    }
    return Check.pass(
        "image store",
        engine.store().equals(Engine.CONTAINERD)
            ? "containerd"
            : engine.store() + " (Docker's own store)");
  }

  private static Check compose(ExaminationResult.Answer answer) {
    if (answer.compose().isEmpty()) {
      return Check.fail(
          "compose",
          "neither \"docker compose\" nor \"docker-compose\" is installed",
          "On the Pi: sudo apt install docker-compose-plugin"
              + " (Debian's own package: docker-compose)");
    }
    ExaminationResult.ComposeFinding compose = answer.compose().get();
    return compose.neverPulls()
        ? Check.pass("compose", compose.version())
        : Check.warn(
            "compose",
            compose.version()
                + ", older than 2.8: it would pull an image of the same name if ours were missing",
            "Install the plugin on the Pi: https://docs.docker.com/compose/install/linux");
  }

  private Check architecture(Engine engine) {
    List<String> emulated = new ArrayList<>();
    for (String name : platforms) {
      Platform platform = Platform.parse(name);
      if (!engine.runs(platform.os(), platform.architecture())) {
        return Check.fail(
            "architecture",
            engine.platform() + " does not run " + platform,
            fixArchitecture(engine));
      }
      if (!engine.architecture().equals(platform.architecture())) {
        emulated.add(platform.toString());
      }
    }
    return emulated.isEmpty()
        ? Check.pass("architecture", engine.platform())
        : Check.warn(
            "architecture",
            engine.platform()
                + " runs "
                + String.join(", ", emulated)
                + " by emulation (binfmt, QEMU): many times slower",
            "Build for it, with Jib's <architecture>"
                + engine.architecture()
                + "</architecture> and -Drpi.platform="
                + engine.platform()
                + ", or deploy to a Pi");
  }

  private String fixArchitecture(Engine engine) {
    String build =
        "build for the Engine, with Jib's <architecture>"
            + engine.architecture()
            + "</architecture> and -Drpi.platform="
            + engine.platform();
    return result.machine().kernel().equals("aarch64")
        ? "The kernel is 64-bit, the system on it 32-bit. Install the 64-bit Raspberry Pi OS, or "
            + build
        : "Install the 64-bit Raspberry Pi OS (Pi 3 and later), or " + build;
  }

  private static Check memory(ExaminationResult.Answer answer) {
    return answer.limitsMemory()
        ? Check.pass("memory cgroup", "on: memory limits hold")
        : Check.warn(
            "memory cgroup",
            "off, the default of Raspberry Pi OS: memory limits of services are ignored",
            "On the Pi: sudo sed -i '1 s/$/ cgroup_enable=memory cgroup_memory=1/'"
                + " /boot/firmware/cmdline.txt && sudo reboot");
  }

  private Check logs(ExaminationResult.Answer answer) {
    ExaminationResult.Log log = answer.log();
    List<String> endless = new ArrayList<>();
    Map<String, ComposeFile.Service> all =
        answer.compose().map(ExaminationResult.ComposeFinding::services).orElse(Map.of());
    Map<String, ComposeFile.Service> ours = ServiceChecks.participants(services, all);
    ours.forEach(
        (name, inFile) -> {
          String driver = inFile.log().driver() == null ? log.driver() : inFile.log().driver();
          // The Engine's log options also apply to a service that names the same driver.
          boolean bounded =
              inFile.log().rotates() || (driver.equals(log.driver()) && log.rotates());
          if (driver.equals("json-file") && !bounded) {
            endless.add(name);
          }
        });
    boolean byDefault = log.driver().equals("json-file") && !log.rotates();
    if (endless.isEmpty() && !(byDefault && ours.isEmpty())) {
      return Check.pass("log rotation", log.driver() + ", and no service's log grows for ever");
    }
    String lines =
        """
        { "log-driver": "json-file", "log-opts": { "max-size": "10m", "max-file": "3" } }\
        """;
    return Check.warn(
        "log rotation",
        "json-file without max-size: the log of "
            + (endless.isEmpty() ? "every container" : String.join(", ", endless))
            + " grows until the disk is full",
        log.configured()
            ? "Add these entries, without the outer braces, to /etc/docker/daemon.json on the Pi:\n"
                + lines
                + "\nthen: sudo systemctl restart docker"
                + "\n(it applies to containers once they are recreated)"
            : "On the Pi: echo '"
                + lines
                + "' | sudo tee /etc/docker/daemon.json && sudo systemctl restart docker"
                + "\n(it applies to containers once they are recreated)");
  }
}
