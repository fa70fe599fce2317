package io.github.rpideploy.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.Tricks;
import io.github.rpideploy.deploy.look.LogQuery;
import io.github.rpideploy.deploy.look.LogSink;
import io.github.rpideploy.deploy.look.ServiceStatus;
import io.github.rpideploy.deploy.ship.Candidate;
import io.github.rpideploy.deploy.spec.Patience;
import io.github.rpideploy.deploy.spec.Policy;
import io.github.rpideploy.deploy.spec.ServiceSpec;
import io.github.rpideploy.deploy.spec.SmokeSpec;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.image.Compression;
import io.github.rpideploy.image.TestImages;
import io.github.rpideploy.image.TestTar;
import io.github.rpideploy.maven.console.ConsoleReporter;
import io.github.rpideploy.maven.console.LogPrinter;
import io.github.rpideploy.maven.console.Progress;
import io.github.rpideploy.maven.console.StatusTable;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.report.DeployJson;
import io.github.rpideploy.report.Reporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.plugin.logging.SystemStreamLog;

/**
 * A Pi on which everything works, and that says something else. What a build shows of it is plain
 * text and not much.
 */
final class LyingPi implements RemoteHost {

  /** As much as the connection keeps of an answer. */
  static final int LONGEST = 4 << 20;

  private static final long SHOWN = 2 << 20;
  private static final String COMPOSE =
      """
      services:
        auth-server:
          image: auth-server
          environment: {DB_PASSWORD: %s}
        extension-server:
          image: extension-server
          depends_on: [auth-server]
      """
          .formatted(Tricks.SECRET);

  private static final Map<String, byte[]> TARBALLS = new ConcurrentHashMap<>();

  /** What it says in place of the truth. */
  @FunctionalInterface
  interface Lie {
    void print(String truth, OutputStream out) throws IOException;
  }

  private final Path home;
  private final ScriptedPi honest = new ScriptedPi(COMPOSE);
  private final Map<String, Lie> lies = new LinkedHashMap<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private Patience patience = Patience.of(Duration.ofSeconds(30));
  private long shown;
  private boolean told;
  private final SystemStreamLog console =
      new SystemStreamLog() {
        @Override
        public void info(CharSequence line) {
          show(line);
        }

        @Override
        public void warn(CharSequence line) {
          show(line);
        }

        @Override
        public void error(CharSequence line) {
          show(line);
        }
      };

  LyingPi(Path home) {
    this.home = home;
    for (String service : List.of("auth-server", "extension-server")) {
      honest.environments.put(service, "[\"DB_PASSWORD=" + Tricks.SECRET + "\"]");
      honest.logs.put(service, "it is " + Tricks.SECRET + "\n");
    }
  }

  /** Says this when it is asked for what has the word. */
  LyingPi lie(String word, Lie lie) {
    lies.put(word, lie);
    return this;
  }

  LyingPi lie(String word, UnaryOperator<String> lie) {
    return lie(word, (truth, out) -> out.write(lie.apply(truth).getBytes(StandardCharsets.UTF_8)));
  }

  /** The second service does not come up, and its log and that of the first are asked for. */
  LyingPi broken() {
    honest.states.put(
        "extension-server",
        new ArrayDeque<>(List.of(ScriptedPi.state("exited", ",\"ExitCode\":1"))));
    return this;
  }

  /** Services may take as long as they took before. */
  LyingPi patient() {
    patience = Patience.DEFAULT;
    return this;
  }

  LyingPi portTaken() {
    honest.recreateResult =
        result -> ScriptedPi.failed("Bind for 0.0.0.0:8081 failed: port is already allocated");
    return this;
  }

  void deploy() throws IOException {
    DeployJson json = new DeployJson(now::get);
    ConsoleReporter lines =
        new ConsoleReporter(console, Progress.of(new DefaultMavenExecutionRequest(), console));
    try {
      deployer(
              event -> {
                lines.report(event);
                json.report(event);
              })
          .deploy(List.of(candidate("auth-server"), candidate("extension-server")));
    } finally {
      json.write(home.resolve("target/rpi/deploy.json"));
      Tricks.requirePlain(Files.readString(home.resolve("target/rpi/deploy.json")));
    }
  }

  /** Ships jars to a Pi that has most of them. */
  void shipMoreJars() throws IOException {
    Deployers.connect(
            honest, new Stack("rpi/test", null), event -> {}, () -> Instant.EPOCH, pause -> {})
        .ship(List.of(jars(1)));
    assertThat(honest.fileLists).isNotEmpty();
    // It makes nothing of a delta, so the layer is then sent whole.
    honest.makes =
        program -> TestTar.write(Map.of("manifest.json", TestTar.file(new byte[] {'[', ']'})));
    try {
      deployer(
              new ConsoleReporter(
                  console, Progress.of(new DefaultMavenExecutionRequest(), console)))
          .ship(List.of(jars(2)));
    } finally {
      assertThat(told).as("it lied").isTrue();
    }
  }

  private Candidate jars(int version) throws IOException {
    Map<String, TestTar.Entry> entries = new LinkedHashMap<>();
    for (int i = 0; i < 10; i++) {
      byte[] jar = new byte[60_000];
      new Random(i == 5 ? -version : i).nextBytes(jar);
      entries.put("app/libs/lib-" + i + ".jar", TestTar.file(jar));
    }
    Path tarball =
        Files.createDirectories(home.resolve(".given")).resolve("jars-" + version + ".tar");
    TestImages.named("auth-server:latest")
        .layer(TestTar.write(entries), Compression.GZIP)
        .writeDocker(tarball);
    return Candidate.read(Specs.of("auth-server", tarball, home.resolve("target/rpi/log")));
  }

  void rollBack() throws IOException {
    deployer(event -> {}).rollBack(List.of(candidate("auth-server").spec()), "1");
  }

  void status() {
    List<ServiceStatus> found = deployer(event -> {}).view().status(List.of(), List.of());
    StatusTable.lines(found, Instant.EPOCH).forEach(this::show);
    show(StatusTable.json(found));
  }

  void logs() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LogSink sink = new LogPrinter(new PrintStream(out, true, StandardCharsets.UTF_8), false);
    deployer(event -> {}).view().logs(List.of(), new LogQuery(false, "all", null), sink);
    Tricks.requirePlain(out.toString(StandardCharsets.UTF_8));
  }

  private Deployer deployer(Reporter reporter) {
    return Deployers.connect(
        this,
        new Stack("rpi/test", null),
        reporter,
        now::get,
        pause -> now.updateAndGet(instant -> instant.plus(pause)));
  }

  private Candidate candidate(String service) throws IOException {
    Path tarball = Files.createDirectories(home.resolve(".given")).resolve(service + ".tar");
    Files.write(tarball, TARBALLS.computeIfAbsent(service, LyingPi::tarball));
    Path log = home.resolve("target/rpi/" + service + ".log");
    return Candidate.read(
        new ServiceSpec(
            service, tarball, "linux/arm64", SmokeSpec.NONE, patience, log, Policy.DEFAULT));
  }

  private static byte[] tarball(String service) {
    try {
      Path tarball = Files.createTempFile("jib-image", ".tar");
      TestImages.typical(service + ":latest").layer(service, 500).writeDocker(tarball);
      byte[] bytes = Files.readAllBytes(tarball);
      Files.delete(tarball);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void show(CharSequence line) {
    Tricks.requirePlain(line.toString());
    shown += line.length();
    if (shown > SHOWN) {
      throw new AssertionError("the console has more than " + SHOWN + " characters");
    }
  }

  @Override
  public String name() {
    return honest.name();
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin) {
    ByteArrayOutputStream kept =
        new ByteArrayOutputStream() {
          @Override
          public synchronized void write(byte[] bytes, int offset, int length) {
            if (size() + length > LONGEST) {
              throw tooMuch();
            }
            super.write(bytes, offset, length);
          }
        };
    ExecResult result = honest.exec(command, stdin);
    return new ExecResult(
        result.exitStatus(),
        result.signal(),
        said(command, result.stdout(), kept)
            ? kept.toString(StandardCharsets.UTF_8)
            : result.stdout(),
        result.stderr());
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
    boolean lock = ScriptedPi.inner(command.argv()).contains("lock.sh");
    if (lock && said(command, "rpi-lock mine\n", stdout)) {
      return honest.exec(command, stdin, OutputStream.nullOutputStream());
    } else if (lock) {
      return honest.exec(command, stdin, stdout);
    }
    ByteArrayOutputStream truth = new ByteArrayOutputStream();
    ExecResult result = honest.exec(command, stdin, truth);
    if (!said(command, truth.toString(StandardCharsets.UTF_8), stdout)) {
      try {
        truth.writeTo(stdout);
      } catch (IOException e) {
        throw notKept(e);
      }
    }
    return new ExecResult(result.exitStatus(), result.signal(), "", result.stderr());
  }

  /** Whether it lied. */
  private boolean said(Command command, String truth, OutputStream out) {
    List<String> argv = ScriptedPi.inner(command.argv());
    String asked = String.join(" ", argv);
    for (Map.Entry<String, Lie> lie : lies.entrySet()) {
      if (asked.contains(lie.getKey())) {
        told = true;
        try {
          lie.getValue().print(truth, out);
        } catch (IOException e) {
          throw notKept(e);
        }
        return true;
      }
    }
    return false;
  }

  private static DeployException notKept(IOException e) {
    return new DeployException("The output could not be kept: " + e.getMessage(), "none");
  }

  private static DeployException tooMuch() {
    return new DeployException("The output could not be kept: it is too much", "none");
  }

  @Override
  public Socket socket() {
    throw new UnsupportedOperationException("no smoke tests here");
  }
}
