package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.LockRequest;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.maven.console.ConsoleReporter;
import io.github.rpideploy.maven.console.Progress;
import io.github.rpideploy.maven.console.Terminal;
import io.github.rpideploy.report.DeployJson;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.maven.execution.ExecutionEvent;
import org.apache.maven.execution.ExecutionListener;
import org.apache.maven.execution.MavenExecutionRequest;
import org.apache.maven.execution.MavenExecutionResult;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.project.MavenProject;
import org.eclipse.aether.SessionData;
import org.jspecify.annotations.Nullable;

/**
 * What all goals of one Maven build share: one connection to each Pi, what happened so far, and the
 * report of it. Closed when Maven says that the build has ended.
 */
final class BuildSession implements AutoCloseable {

  private final Reporter reporter;
  private final DeployJson deployJson;
  private final Path root;

  /** Found while the Pi is connected to: git takes a moment, and many goals never ask. */
  private final CompletableFuture<Origin> origin;

  private final SecretPrompt prompt;
  private final Map<SshRequest, SshConnection> connections = new HashMap<>();
  private boolean expected;
  private @Nullable Deferrals deferrals;
  private final Map<Path, LayerCompression> compressions = new HashMap<>();
  private final Map<Map.Entry<SshRequest, Stack>, Deployer> deployers = new HashMap<>();

  private BuildSession(MavenSession session, Log log) {
    this.root = reports(Reactor.root(session));
    MavenProject project = Reactor.root(session);
    this.origin = CompletableFuture.supplyAsync(() -> Caller.origin(System.getenv(), project));
    this.prompt = Terminal.prompt(session.getRequest());
    this.deployJson = new DeployJson(InstantSource.system());
    Reporter console = new ConsoleReporter(log, Progress.of(session.getRequest(), log));
    this.reporter =
        event -> {
          console.report(event);
          deployJson.report(event);
        };
  }

  /** The session of this build; the first goal that asks makes it. */
  static BuildSession of(MavenSession session, Log log) {
    SessionData data = session.getRepositorySession().getData();
    BuildSession existing = (BuildSession) data.get(BuildSession.class);
    if (existing != null) {
      return existing;
    }
    BuildSession made = new BuildSession(session, log);
    if (data.set(BuildSession.class, null, made)) {
      made.closeWhenEnded(session.getRequest());
      return made;
    }
    return of(session, log);
  }

  /** Where reports and collected logs go. */
  static Path reports(MavenProject root) {
    return Path.of(root.getBuild().getDirectory()).resolve("rpi");
  }

  Reporter reporter() {
    return reporter;
  }

  /**
   * The deployer for one compose project on one Pi; connects when it is first asked for.
   *
   * @throws DeployException when the Pi cannot be reached or is not fit
   */
  synchronized Deployer deployer(
      SshRequest request, Stack stack, Duration lockTimeout, Path layerCache) {
    Map.Entry<SshRequest, Stack> key = Map.entry(request, stack);
    Deployer deployer = deployers.get(key);
    if (deployer == null) {
      deployer =
          new Deployer(
              connection(request, reporter),
              stack,
              new LockRequest(Caller.of(System.getenv(), Instant.now()), lockTimeout),
              origin::join,
              compression(layerCache),
              reporter,
              InstantSource.system(),
              Pause.SLEEP);
      deployers.put(key, deployer);
    }
    return deployer;
  }

  /** What keeps the goals of the build in order; the first goal that asks makes it. */
  synchronized Deferrals deferrals(RpiMojo mojo) {
    Deferrals known = deferrals;
    if (known == null) {
      known = new Deferrals(new ReactorOrder(mojo), reporter);
      deferrals = known;
    }
    return known;
  }

  /**
   * The connection to a Pi; made when it is first asked for.
   *
   * @param told hears of it when it is made
   * @throws DeployException when the Pi cannot be reached, trusted or logged in to
   */
  synchronized SshConnection connection(SshRequest request, Reporter told) {
    SshConnection connection = connections.get(request);
    if (connection == null) {
      inBackground(Deployer::warmUp);
      connection = SshConnection.open(request, told, prompt);
      connections.put(request, connection);
    }
    return connection;
  }

  /** A service takes part, so the Pi will be connected to: its tarball is read meanwhile. */
  synchronized void expectToConnect() {
    if (connections.isEmpty() && !expected) {
      expected = true;
      inBackground(SshConnection::warmUp);
    }
  }

  private static void inBackground(Runnable warmUp) {
    Thread thread = new Thread(warmUp, "rpi-deploy warms up");
    thread.setDaemon(true);
    // A build that ends meanwhile takes the classes away: nobody has to know.
    thread.setUncaughtExceptionHandler((ended, ignored) -> {});
    thread.start();
  }

  /** What compresses layers in the background and keeps them in that directory. */
  synchronized LayerCompression compression(Path layerCache) {
    return compressions.computeIfAbsent(layerCache, LayerCompression::in);
  }

  /** Writes {@code target/rpi/deploy.json} at the reactor's root, if there is anything to say. */
  void writeReport() {
    if (deployJson.isEmpty()) {
      return;
    }
    try {
      deployJson.write(root.resolve("deploy.json"));
    } catch (IOException e) {
      reporter.report(new Event.Warning("deploy.json could not be written: " + e.getMessage()));
    }
  }

  /** The report is written again when there is more to say. */
  private synchronized void end(MavenExecutionResult result) {
    if (deferrals != null) {
      deferrals.end(result);
      writeReport();
    }
  }

  @Override
  public synchronized void close() {
    deployers.values().forEach(Deployer::close);
    connections.values().forEach(SshConnection::close);
    connections.clear();
    compressions.values().forEach(LayerCompression::close);
    compressions.clear();
    deployers.clear();
  }

  /**
   * A plugin that is no build extension is not told that the build has ended, so it listens in:
   * every call goes on to the listener that was there.
   */
  private void closeWhenEnded(MavenExecutionRequest request) {
    ExecutionListener listener = request.getExecutionListener();
    request.setExecutionListener(
        (ExecutionListener)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ExecutionListener.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("sessionEnded")) {
                    end(((ExecutionEvent) arguments[0]).getSession().getResult());
                    close();
                  }
                  try {
                    return listener == null ? null : method.invoke(listener, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                }));
  }
}
