package io.github.rpideploy.maven;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.BuildContext;
import io.github.rpideploy.deploy.Deployer;
import io.github.rpideploy.deploy.FirstLook;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.SshConnection;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.maven.execution.MavenSession;
import org.eclipse.aether.SessionData;
import org.jspecify.annotations.Nullable;

/**
 * Connections and first looks that are made beside Maven's own work. Nobody is asked for anything,
 * and nothing is said: whoever needs one that has failed tries again, and tells.
 */
final class EarlyLooks implements AutoCloseable {

  /** A connection with what is to be told of it. */
  private record Opened(SshConnection connection, Untold events) {}

  /** Keeps what happens until there is somebody to tell. */
  private static final class Untold implements Reporter {

    private final List<Event> kept = new ArrayList<>();
    private @Nullable Reporter listener;

    @Override
    public synchronized void report(Event event) {
      if (listener == null) {
        kept.add(early(event));
      } else {
        listener.report(event);
      }
    }

    synchronized void tell(Reporter reporter) {
      kept.forEach(reporter::report);
      listener = reporter;
    }

    private static Event early(Event event) {
      return event instanceof Event.Connected made
          ? new Event.Connected(made.host(), made.authentication(), made.elapsed(), true)
          : event;
    }
  }

  private final Map<SshRequest, CompletableFuture<Opened>> connections = new ConcurrentHashMap<>();
  private final Map<TargetStack, CompletableFuture<FirstLook>> looks = new ConcurrentHashMap<>();
  private CompletableFuture<Void> asked = new CompletableFuture<>();
  private CompletableFuture<Void> started = new CompletableFuture<>();
  private boolean closed;

  /** Those of this build. */
  static EarlyLooks of(MavenSession session) {
    SessionData data = session.getRepositorySession().getData();
    EarlyLooks made = new EarlyLooks();
    return data.set(EarlyLooks.class, null, made) ? made : (EarlyLooks) data.get(EarlyLooks.class);
  }

  /**
   * Begins when it is time, and it is known where.
   *
   * @param time whoever needs a connection after that waits until it is known where
   */
  synchronized void start(
      CompletableFuture<Void> time, CompletableFuture<List<TargetStack>> targets) {
    asked = time;
    started = time.thenAcceptBoth(targets, (now, where) -> start(where));
  }

  /** Begins to connect, and then to look. */
  synchronized void start(List<TargetStack> targets) {
    for (TargetStack target : closed ? List.<TargetStack>of() : targets) {
      CompletableFuture<Opened> opened = connections.computeIfAbsent(target.ssh(), this::opening);
      looks.put(
          target,
          opened.thenApplyAsync(
              there -> FirstLook.at(there.connection(), target.stack()), EarlyLooks::inBackground));
    }
  }

  private CompletableFuture<Opened> opening(SshRequest request) {
    return CompletableFuture.supplyAsync(
        () -> {
          Untold events = new Untold();
          return new Opened(SshConnection.open(request, events), events);
        },
        EarlyLooks::inBackground);
  }

  /**
   * A connection to a Pi, for the caller to close: the one that was made early, or else a new one.
   *
   * @param reporter hears of it
   * @param prompt asks for a passphrase that is not configured
   * @throws DeployException as {@link SshConnection#open}
   */
  SshConnection connection(SshRequest request, Reporter reporter, SecretPrompt prompt) {
    return early(request, reporter)
        .orElseGet(
            () -> {
              inBackground(Deployer::warmUp);
              return SshConnection.open(request, reporter, prompt);
            });
  }

  private Optional<SshConnection> early(SshRequest request, Reporter reporter) {
    awaitStarted();
    CompletableFuture<Opened> early = connections.remove(request);
    if (early == null) {
      return Optional.empty();
    }
    boolean waits = !early.isDone();
    Opened opened;
    try {
      opened = early.join();
    } catch (CompletionException e) {
      // It has been waited for: to try again would only take as long once more.
      if (waits
          && e.getCause() instanceof DeployException why
          && SshConnection.isUnreachable(why)) {
        throw why;
      }
      return Optional.empty();
    }
    opened.events().tell(reporter);
    // It may have been lost meanwhile.
    opened.connection().reconnect();
    return Optional.of(opened.connection());
  }

  private void awaitStarted() {
    CompletableFuture<Void> starting;
    synchronized (this) {
      starting = asked.isDone() ? started : CompletableFuture.completedFuture(null);
    }
    try {
      starting.join();
    } catch (CompletionException e) {
      // Nobody knows where: the goal will tell.
    }
  }

  /** The deployer for what was looked at, or else looks now; as {@link Deployer#connect}. */
  Deployer deployer(TargetStack target, SshConnection connection, BuildContext build) {
    return look(target)
        .map(look -> look.connect(target.stack(), build))
        .orElseGet(() -> Deployer.connect(connection, target.stack(), build));
  }

  private Optional<FirstLook> look(TargetStack target) {
    CompletableFuture<FirstLook> look = looks.remove(target);
    try {
      return Optional.ofNullable(look).map(CompletableFuture::join);
    } catch (CompletionException e) {
      return Optional.empty();
    }
  }

  /** Closes the connections that nobody needed, also one that is still being made. */
  @Override
  public synchronized void close() {
    closed = true;
    for (CompletableFuture<Opened> early : connections.values()) {
      CompletableFuture<Void> unused = early.thenAccept(opened -> opened.connection().close());
    }
    connections.clear();
  }

  /** Runs something for which nobody waits. */
  static void inBackground(Runnable work) {
    Thread thread = new Thread(work, "rpi-deploy in the background");
    thread.setDaemon(true);
    // A build that ends meanwhile takes the classes away, which is no failure.
    thread.setUncaughtExceptionHandler((ended, ignored) -> {});
    thread.start();
  }
}
