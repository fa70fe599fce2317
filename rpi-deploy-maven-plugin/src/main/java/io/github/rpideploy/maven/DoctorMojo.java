package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.doctor.Doctor;
import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.inject.Inject;
import javax.inject.Named;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.codehaus.plexus.component.configurator.ComponentConfigurator;

/**
 * Checks whether the Pi is ready for a deploy: SSH, Docker and compose, architecture, memory, disk,
 * clock, power, logs, the compose file, and whether the ports of its services are free. Each line
 * is {@code ok}, {@code warn} or {@code fail}, and says how to fix what is wrong. The build fails
 * when a check fails. Nothing is changed on the Pi, and no image tarball is needed.
 *
 * <p>In a project, it checks the services of the modules. Without a project, it checks the Pi
 * alone; with {@code rpi.directory} also every service of the compose file there, or only the one
 * that {@code rpi.service} names.
 *
 * <ul>
 *   <li>Example: {@code mvn rpi:doctor}, or without a project {@code mvn
 *       io.github.rpideploy:rpi-deploy-maven-plugin:doctor -Drpi.host=raspberrypi.local}
 * </ul>
 *
 * @since 0.1.0
 */
@Mojo(name = "doctor", aggregator = true, requiresProject = false, threadSafe = true)
public final class DoctorMojo extends RpiMojo {

  /** Called by Maven. */
  @Inject
  public DoctorMojo(
      @Named("basic") ComponentConfigurator configurator, SettingsDecrypter decrypter) {
    super(configurator, decrypter);
  }

  @Override
  void run(BuildSession build) {
    List<Parameters> modules = Participants.of(modules(), event -> {});
    boolean everyService = modules.isEmpty() && service == null;
    Map<Examined, List<Parameters>> examineds = new LinkedHashMap<>();
    for (Parameters module : modules.isEmpty() ? List.of(this) : modules) {
      for (Examined examined : examined(module)) {
        examineds.computeIfAbsent(examined, first -> new ArrayList<>()).add(module);
      }
    }
    build.deploysTo(examineds.keySet().stream().flatMap(examined -> examined.target.stream()));
    List<DeployException> failures = new ArrayList<>();
    examineds.forEach(
        (examined, there) -> {
          try {
            examine(examined, there, everyService, build);
          } catch (DeployException e) {
            failures.add(e);
          }
        });
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  private void examine(
      Examined examined, List<Parameters> there, boolean everyService, BuildSession build) {
    Reporter reporter = examined.target.map(build::reporter).orElse(build.reporter());
    Dial dial = examined.target.map(target -> build.dial(target, event -> {})).orElse(Dial.NOWHERE);
    new Doctor(reporter, InstantSource.system(), dial)
        .examine(
            examined.name,
            heard -> build.connection(examined.ssh, heard),
            examined.target.map(TargetStack::stack),
            there.get(0).sudo,
            everyService ? List.of() : there.stream().map(m -> m.spec(root())).toList(),
            new TreeSet<>(there.stream().map(m -> m.platform).toList()),
            there.get(0).deploySettings(root()).others(modules().services()));
  }

  @Override
  List<Parameters> steps(MavenProject module) {
    return List.of();
  }

  private record Examined(SshRequest ssh, String name, Optional<TargetStack> target) {}

  /** Without a project and a named directory, the Pi alone is checked. */
  private List<Examined> examined(Parameters module) {
    if (namesNoStack(module)) {
      SshRequest ssh = module.ssh(root(), modules().servers());
      return List.of(new Examined(ssh, String.valueOf(module.host), Optional.empty()));
    }
    return modules().targets(module).stream()
        .map(target -> new Examined(target.ssh(), target.name(), Optional.of(target)))
        .toList();
  }

  /** {@code deploy.json} stays as the last deploy left it. */
  @Override
  boolean isReported() {
    return false;
  }
}
