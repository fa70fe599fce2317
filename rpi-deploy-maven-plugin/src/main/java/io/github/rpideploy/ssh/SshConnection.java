package io.github.rpideploy.ssh;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import io.github.rpideploy.ssh.settings.Route;
import io.github.rpideploy.ssh.settings.SecretPrompt;
import io.github.rpideploy.ssh.settings.SshNode;
import io.github.rpideploy.ssh.settings.SshRequest;
import io.github.rpideploy.ssh.settings.SshSettings;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * One SSH connection to the Pi. Commands and sockets are its channels, any number at a time, from
 * any thread. Another connection is made only when {@linkplain Command#lasting lasting} commands
 * have all the sessions that the server gives on one ({@code MaxSessions}).
 */
public final class SshConnection implements RemoteHost, AutoCloseable {

  /** Answers are short; taken apart, one may need twenty times as much memory. */
  private static final int KEPT_OUTPUT = 4 * 1024 * 1024;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Map<SshRequest, SshConnection> onward = new ConcurrentHashMap<>();
  private final SshSettings settings;
  private final Supplier<String> markers;
  private final Supplier<AuthenticatedSession> another;
  private final ExecutorService pumps;

  /** The first, and one more each time that lasting commands had all sessions. */
  private final List<Link> links = new ArrayList<>();

  private SshConnection(
      SshSettings settings,
      AuthenticatedSession first,
      Supplier<AuthenticatedSession> another,
      Supplier<String> markers) {
    this.settings = settings;
    this.another = another;
    links.add(new Link(first, new Sessions()));
    this.markers = markers;
    this.pumps =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "rpi-deploy stdout of " + settings.address());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Whether a connection failed because nobody answered, which may change by itself. */
  public static boolean isUnreachable(DeployException failure) {
    return failure.getCause() instanceof NoAnswerException;
  }

  /** Makes the first connection of this JVM faster; nothing is sent. */
  public static void warmUp() {
    WarmUp.run();
  }

  /**
   * Connects by the first route that answers, checks the host key, authenticates, and reports
   * {@link Event.Connected}.
   *
   * @param prompt asks for a passphrase that is not configured
   * @throws DeployException when any of that fails; nothing is authenticated before the host key is
   *     accepted
   */
  public static SshConnection open(SshRequest request, Reporter reporter, SecretPrompt prompt) {
    return Routes.of(request, reporter).first(route -> open(route, reporter, prompt));
  }

  /** {@link #open(SshRequest, Reporter, SecretPrompt)} where nobody can be asked for anything. */
  public static SshConnection open(SshRequest request, Reporter reporter) {
    return open(request, reporter, SecretPrompt.NOBODY);
  }

  static SshConnection open(SshSettings settings, Reporter reporter) {
    return open(settings, reporter, SecretPrompt.NOBODY);
  }

  static SshConnection open(SshSettings settings, Reporter reporter, SecretPrompt prompt) {
    return open(settings, reporter, prompt, SshConnection::randomMarker);
  }

  static SshConnection open(
      SshSettings settings, Reporter reporter, SecretPrompt prompt, Supplier<String> markers) {
    long start = System.nanoTime();
    Supplier<AuthenticatedSession> handshake =
        () -> new Handshake(settings, reporter, prompt).run();
    AuthenticatedSession link = handshake.get();
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    reporter.report(
        new Event.Connected(settings.nameWithRoute(), link.authentication(), elapsed, false));
    return new SshConnection(settings, link, handshake, markers);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
    while (true) {
      Link used = last();
      try {
        return execution(command, used).run(stdin, stdout);
      } catch (Sessions.NoneLeftException e) {
        // Nothing was started, and nothing of stdin was read.
        makeAnother(used);
      }
    }
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin) {
    KeptOutput kept = new KeptOutput(KEPT_OUTPUT);
    ExecResult result = exec(command, stdin, kept);
    return new ExecResult(
        result.exitStatus(),
        result.signal(),
        kept.toString(StandardCharsets.UTF_8),
        result.stderr());
  }

  @Override
  public synchronized boolean reconnect() {
    if (links.stream().allMatch(link -> link.established().session().isOpen())) {
      return false;
    }
    AuthenticatedSession made = another.get();
    end();
    links.clear();
    links.add(new Link(made, new Sessions()));
    return true;
  }

  @Override
  public Socket socket() {
    return new TunnelSocket(new TunnelDial(first().session(), settings.name()));
  }

  /**
   * The connection from here on to another machine, with the same user and keys unless it says
   * otherwise, as strict as any other; made again if it was lost. It ends with this one.
   *
   * @param node the other machine
   * @param request what is trusted, and the SSH configuration
   */
  public RemoteHost onTo(SshNode node, SshRequest request, Reporter reporter, SecretPrompt prompt) {
    SshConnection there =
        onward.computeIfAbsent(
            request.withUser(settings.user()).toNode(node),
            to ->
                Routes.of(to, reporter)
                    .first(
                        route ->
                            open(
                                (node.identityFile() == null ? route.with(settings.login()) : route)
                                    .with(new Route.Through(this)),
                                reporter,
                                prompt)));
    there.reconnect();
    return there;
  }

  /** Ends the connection and everything that uses it. */
  @Override
  public void close() {
    onward.values().forEach(SshConnection::close);
    end();
    pumps.shutdownNow();
  }

  /** A connection, and the sessions in use on it. */
  private record Link(AuthenticatedSession established, Sessions sessions) {}

  private Execution execution(Command command, Link used) {
    return new Execution(
        settings, used.established(), used.sessions(), pumps, command, markers.get());
  }

  private synchronized void end() {
    links.forEach(link -> link.established().end());
  }

  private synchronized AuthenticatedSession first() {
    return links.get(0).established();
  }

  private synchronized Link last() {
    return links.get(links.size() - 1);
  }

  /** Unless another thread has done so in the meantime. */
  private synchronized void makeAnother(Link full) {
    if (full.equals(last())) {
      links.add(new Link(another.get(), new Sessions()));
    }
  }

  private static String randomMarker() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
