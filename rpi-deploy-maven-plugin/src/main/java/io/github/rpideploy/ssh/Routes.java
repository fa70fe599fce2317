package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.settings.SshRequest;
import io.github.rpideploy.ssh.settings.SshResolution;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The routes to one Pi, of which the first that answers is used. When it answers and the connection
 * fails, no other is tried: it would lead to the same Pi, or to somebody else.
 */
record Routes(List<SshSettings> settings, Reporter reporter) {

  Routes {
    settings = List.copyOf(settings);
  }

  /**
   * @throws DeployException when a name, a port or the SSH configuration is invalid
   */
  static Routes of(SshRequest request, Reporter reporter) {
    List<String> warnings = new ArrayList<>();
    SshResolution resolution = SshResolution.of(request, warnings);
    List<SshSettings> settings = resolution.routes();
    warnings.forEach(text -> reporter.report(new Event.Warning(text)));
    resolution.origins().forEach(text -> reporter.report(new Event.Detail("SSH: " + text)));
    return new Routes(settings, reporter);
  }

  /** The result of {@code open} for the first route that answers. */
  <T> T first(Function<SshSettings, T> open) {
    long end = System.nanoTime() + settings.get(0).connectTimeout().toNanos();
    List<DeployException> silent = new ArrayList<>();
    for (int i = 0; i < settings.size(); i++) {
      SshSettings route = settings.get(i);
      long left = end - System.nanoTime();
      Duration share =
          Duration.ofSeconds(Math.max(1, Math.round(left / 1e9 / (settings.size() - i))));
      try {
        return open.apply(route.withTimeouts(share, route.keepAlive()));
      } catch (DeployException e) {
        if (settings.size() == 1 || !(e.getCause() instanceof NoAnswerException)) {
          throw e;
        }
        silent.add(e);
        reporter.report(new Event.Detail("SSH: " + e.getMessage()));
      }
    }
    throw new DeployException(
        silent.stream().map(Throwable::getMessage).collect(Collectors.joining("\n")),
        silent.get(silent.size() - 1).hint(),
        silent.get(silent.size() - 1).getCause());
  }
}
