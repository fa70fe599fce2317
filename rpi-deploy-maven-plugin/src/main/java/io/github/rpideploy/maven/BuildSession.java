package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.BuildContext;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.SideBySide;
import io.github.rpideploy.deploy.SteadyClock;
import io.github.rpideploy.deploy.ship.LayerCompression;
import io.github.rpideploy.deploy.spec.Dial;
import io.github.rpideploy.deploy.spec.Origin;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.maven.console.DeployReports;
import io.github.rpideploy.maven.console.PassphrasePrompt;
import io.github.rpideploy.maven.console.Progress;
import io.github.rpideploy.maven.console.TargetReporter;
import io.github.rpideploy.maven.console.Terminal;
import io.github.rpideploy.maven.origin.Caller;
import io.github.rpideploy.maven.session.BuildEvents;
import io.github.rpideploy.maven.session.Once;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

  private record Opened(Deployer deployer, DeploySettings settings) {}

  private final Reporter reporter;
  private final DeployReports reports;
  private final Supplier<Origin> origin;
  private final PassphrasePrompt prompt;
  private final EarlyLooks early;
  private final Once<SshRequest, SshConnection> connections = new Once<>();
  private final Once<Path, LayerCompression> compressions = new Once<>();
  private final Once<TargetStack, Opened> deployers = new Once<>();
  private volatile Map<TargetStack, String> names = Map.of();
  private final Map<String, String> versions = new ConcurrentHashMap<>();
  private final Set<String> asked = new HashSet<>();
  private @Nullable Deferrals deferrals;
  private @Nullable ConnectedTargets targets;

  /**
   * @param console shows what happens
   * @param reports what it leaves for people, scripts and CI
   * @param origin where this build comes from; asked when the history is written
   * @param prompt asks for passphrases
   * @param early what was done on the Pis already
   */
  BuildSession(
      Reporter console,
      DeployReports reports,
      Supplier<Origin> origin,
      SecretPrompt prompt,
      EarlyLooks early) {
    this.reporter =
        event -> {
          console.report(event);
          reports.report(event);
        };
    this.reports = reports;
    this.origin = origin;
    this.prompt = new PassphrasePrompt(prompt);
    this.early = early;
  }

  /** The session of this build; the first goal that asks makes it. */
  static BuildSession of(MavenSession session, Log log) {
    SessionData data = session.getRepositorySession().getData();
    BuildSession existing = (BuildSession) data.get(BuildSession.class);
    if (existing != null) {
      return existing;
    }
    BuildSession made = in(session, log);
    if (data.set(BuildSession.class, null, made)) {
      BuildEvents.atEnd(session.getRequest(), made::end);
      return made;
    }
    return of(session, log);
  }

  private static BuildSession in(MavenSession session, Log log) {
    MavenProject root = Reactor.root(session);
    // Asked for while the Pi is connected to: git takes a moment, and many goals never need it.
    CompletableFuture<Origin> origin =
        CompletableFuture.supplyAsync(
            () ->
                Caller.origin(
                    System.getenv(),
                    Reactor.directory(root),
                    root.getBasedir() == null ? null : root.getVersion()));
    return new BuildSession(
        new TargetReporter(log, Progress.of(session.getRequest(), log)),
        DeployReports.of(Reactor.reports(root), System.getenv()),
        origin::join,
        Terminal.prompt(session.getRequest()),
        EarlyLooks.of(session));
  }

  Reporter reporter() {
    return reporter;
  }

  /** The build deploys to these. */
  void deploysTo(Stream<TargetStack> targets) {
    names = TargetStack.names(targets.toList());
  }

  /** How the Pi is called; empty where the build deploys to only one. */
  Optional<String> name(TargetStack target) {
    return Optional.ofNullable(names.get(target));
  }

  /** Hears what happens on one Pi of the build. */
  Reporter reporter(TargetStack target) {
    return name(target)
        .<Reporter>map(name -> event -> reporter.report(new Event.OnTarget(name, event)))
        .orElse(reporter);
  }

  /**
   * The deployer for one compose project on one Pi; connects when any thread first asks for it.
   *
   * @param settings the first module's are used; a later one that differs is warned
   * @param services those that the modules of the reactor deploy
   * @param own hears what happens on that Pi
   * @throws DeployException when the Pi cannot be reached or is not fit
   */
  Deployer deployer(
      TargetStack target, DeploySettings settings, Supplier<Set<String>> services, Reporter own) {
    Opened opened =
        deployers.of(target, () -> new Opened(connect(target, settings, services, own), settings));
    settings.ignoredFor(opened.settings()).forEach(this::warnOnce);
    return opened.deployer();
  }

  private Deployer connect(
      TargetStack target,
      DeploySettings settings,
      Supplier<Set<String>> services,
      Reporter reporter) {
    return early.deployer(
        target,
        connection(target.ssh(), reporter),
        new BuildContext(
            settings.lock(Caller.of(System.getenv(), Instant.now())),
            settings.others(services.get()),
            () -> origin.get().withVersions(versions),
            compression(settings.layerCache()),
            reporter,
            new SteadyClock(),
            Pause.SLEEP,
            dial(target, reporter)));
  }

  /** Connects to the nodes of the swarm that a Pi manages. */
  Dial dial(TargetStack target, Reporter reporter) {
    return (node, address) ->
        connection(target.ssh(), reporter)
            .onTo(target.node(node, address), target.ssh(), reporter, prompt.forOneConnection());
  }

  /** A service is built of a module that has a version of its own. */
  void noteVersion(String service, String version) {
    versions.put(service, version);
  }

  /** All Pis that the build deploys to; the first goal that asks makes it. */
  synchronized ConnectedTargets targets(Supplier<ConnectedTargets> list) {
    ConnectedTargets known = targets;
    if (known == null) {
      known = list.get();
      targets = known;
    }
    return known;
  }

  /** Whether the build deploys to more than one Pi or directory. */
  boolean isForSeveral() {
    return !names.isEmpty();
  }

  /** Warns, but of the same thing only once in a build. */
  void warnOnce(String text) {
    if (isFirstToAsk(text)) {
      reporter.report(new Event.Warning(text));
    }
  }

  /** Whether no goal of the build has asked this before. */
  synchronized boolean isFirstToAsk(String question) {
    return asked.add(question);
  }

  /** What keeps the goals of the build in order; the first goal that asks makes it. */
  synchronized Deferrals deferrals(Supplier<ReactorOrder> order) {
    Deferrals known = deferrals;
    if (known == null) {
      known = new Deferrals(order.get(), reporter);
      deploysTo(known.reactor().targets().values().stream().flatMap(List::stream));
      deferrals = known;
    }
    return known;
  }

  /**
   * The connection to a Pi; made when it is first asked for.
   *
   * @param reporter hears of it when it is made
   * @throws DeployException when the Pi cannot be reached, trusted or logged in to
   */
  SshConnection connection(SshRequest request, Reporter reporter) {
    return connections.of(
        request, () -> early.connection(request, reporter, prompt.forOneConnection()));
  }

  /** A service takes part, so a connection will be made; meanwhile its tarball is read. */
  synchronized void expectToConnect() {
    if (connections.isEmpty() && isFirstToAsk("whether a connection will be made")) {
      EarlyLooks.inBackground(SshConnection::warmUp);
    }
  }

  /** What compresses layers in the background and keeps them in that directory. */
  LayerCompression compression(Path layerCache) {
    return compressions.of(layerCache, () -> LayerCompression.in(layerCache));
  }

  /** Writes the reports in {@code target/rpi} of the root, if there is anything to report. */
  void writeReport() {
    reports.write(reporter);
  }

  /** The reports are written again when deferred goals have added to them. */
  synchronized void end(MavenExecutionResult result) {
    try {
      if (deferrals != null) {
        deferrals.end(result);
        writeReport();
      }
    } finally {
      close();
      reports.tellCi(reporter);
    }
  }

  /** Each is closed whatever becomes of the others, side by side; what fails is a warning. */
  @Override
  public synchronized void close() {
    List<Opened> opened = deployers.drain();
    SideBySide.forEach(opened, opened.size(), one -> close(one.deployer()::close));
    early.close();
    connections.drain().forEach(connection -> close(connection::close));
    compressions.drain().forEach(compression -> close(compression::close));
  }

  private void close(Runnable closing) {
    try {
      closing.run();
    } catch (RuntimeException e) {
      reporter.report(
          new Event.Warning(
              "This build could not end its work on the Pi, so the history there may lack it;"
                  + " see what runs with mvn rpi:status. The reason: "
                  + (e instanceof DeployException ? e.getMessage() : e)));
    }
  }
}
