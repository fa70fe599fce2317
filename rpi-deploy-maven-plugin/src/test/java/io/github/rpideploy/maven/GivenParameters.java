package io.github.rpideploy.maven;

import io.github.rpideploy.deploy.look.LogQuery;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.docker.file.ComposeFile;
import io.github.rpideploy.image.Platform;
import io.github.rpideploy.ssh.settings.SshResolution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.codehaus.plexus.component.configurator.BasicComponentConfigurator;

/** A build that is given parameters with {@code -D}, and reads all of them as its goals do. */
final class GivenParameters {

  private final MojoExecution goal = TestReactor.called("deploy");
  private final MavenSession session;
  private final Modules modules;

  GivenParameters(Path directory) throws IOException {
    session = new TestReactor(directory).service("a", "").session();
    modules = new Modules(session, goal, new BasicComponentConfigurator(), TestReactor.decrypter());
  }

  /** All that the goals make of it, before the Pi is contacted. */
  String read(String property, String value) {
    return read(property, value, true);
  }

  /**
   * @param ask whether OpenSSH's client is asked for the host, as for a connection
   */
  String read(String property, String value, boolean ask) {
    Properties given = session.getUserProperties();
    given.clear();
    if (!property.equals("rpi.targets")) {
      given.setProperty("rpi.host", "pi");
    }
    given.setProperty("rpi.sshConfig", "none");
    given.setProperty("rpi.smokePath", "/health");
    given.setProperty("rpi.smokePort", "8080");
    given.setProperty(property, value);
    Parameters parameters = modules.parametersOf(session.getProjects().get(1));
    ServiceSpec spec = parameters.spec(modules.root());
    List<TargetStack> targets = modules.targets(parameters);
    List<Object> read =
        new ArrayList<>(
            List.of(
                spec,
                targets,
                parameters.rolling(),
                parameters.unreachable(),
                Platform.parse(spec.platform()),
                parameters.deploySettings(modules.root()),
                String.valueOf(parameters.after)));
    ComposeFile.Service service = ComposeFile.Service.of("a");
    read.addAll(spec.smoke().resolve("a", service, "pi"));
    if (ask) {
      for (TargetStack each : targets) {
        read.add(new ArrayList<>(SshResolution.of(each.ssh(), new ArrayList<>()).routes()));
      }
    }
    switch (property) {
      case "rpi.tail" -> read.add(new LogQuery(true, value, null).arguments());
      case "rpi.since" -> read.add(new LogQuery(true, "1", value).arguments());
      case "rpi.output" -> validateOutput(value);
      default -> {}
    }
    return read.toString();
  }

  private void validateOutput(String value) {
    StatusMojo status = new StatusMojo(new BasicComponentConfigurator(), TestReactor.decrypter());
    status.output = value;
    status.validate();
  }
}
