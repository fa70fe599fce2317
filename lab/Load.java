import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Asks services over and over, each at its own pace whether or not it has answered, and tells what went wrong.
 * No more than eight requests to one service wait at a time: busybox' httpd has a queue of nine, and what is refused
 * because a busy machine does not get to it says nothing about a deploy.
 *
 * <p>{@code java Load.java PATIENCE_SECONDS NAME=EVERY_MILLIS=URL...} prints {@code begun NAME} at the first good answer of each
 * service, which may be a while after the start. It goes on until its standard input ends; then it waits for what was asked and prints, with tabs between,
 * {@code asked NAME REQUESTS FAILED SILENT_FROM SILENT_TO} of each service, and {@code failed NAME FROM TO WHY} of each
 * request that was not answered with status 200. Times are milliseconds since the start; <em>silent</em> is the longest
 * time between two good answers. Nothing counts before a service's first good answer.
 *
 * <p>Each request has a connection of its own: nothing is retried in silence, as HTTP clients do that keep connections.
 * An {@code AUTHORIZATION} in the environment is sent as the header of that name.
 */
public final class Load {

  /** One request; it was good when nothing is to be said against it. */
  private record Request(long from, long to, String flaw) {
    boolean good() {
      return flaw.isEmpty();
    }
  }

  /** One service that is asked. */
  private record Target(String name, long everyMillis, URI uri, List<Request> requests, Semaphore free) {

    static Target parse(String word) {
      String[] parts = word.split("=", 3);
      return new Target(parts[0], Long.parseLong(parts[1]), URI.create(parts[2]), new ArrayList<>(), new Semaphore(8));
    }
  }

  private final long start = System.nanoTime();
  private final int patienceMillis;
  private final String head;

  private Load(int patienceMillis, String authorization) {
    this.patienceMillis = patienceMillis;
    this.head = authorization == null ? "" : "Authorization: " + authorization + "\r\n";
  }

  public static void main(String[] args) throws Exception {
    Load load = new Load(1000 * Integer.parseInt(args[0]), System.getenv("AUTHORIZATION"));
    List<Target> targets = Arrays.stream(args).skip(1).map(Target::parse).toList();
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    ExecutorService clients = Executors.newCachedThreadPool();
    for (Target target : targets) {
      clock.scheduleAtFixedRate(
          () -> {
            if (target.free.tryAcquire()) {
              clients.execute(() -> load.ask(target));
            }
          },
          0,
          target.everyMillis,
          TimeUnit.MILLISECONDS);
    }
    System.in.readAllBytes();
    clock.shutdownNow();
    clients.shutdown();
    if (!clients.awaitTermination(1, TimeUnit.HOURS)) {
      throw new IllegalStateException("requests do not end");
    }
    targets.forEach(Load::print);
  }

  private void ask(Target target) {
    long from = now();
    String flaw;
    try {
      flaw = flaw(target.uri);
    } catch (IOException | RuntimeException e) {
      flaw = e.toString().replaceAll("\\s+", " ");
    } finally {
      target.free.release();
    }
    synchronized (target.requests) {
      if (flaw.isEmpty() && target.requests.isEmpty()) {
        System.out.printf("begun\t%s%n", target.name);
      }
      if (flaw.isEmpty() || !target.requests.isEmpty()) {
        target.requests.add(new Request(from, now(), flaw));
      }
    }
  }

  private long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private String flaw(URI uri) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(patienceMillis);
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), patienceMillis);
      String request = "GET %s HTTP/1.0\r\nHost: %s\r\n%s\r\n".formatted(uri.getRawPath(), uri.getAuthority(), head);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      return answer.matches("(?s)HTTP/1\\.[01] 200 .*") ? "" : "answered " + answer.lines().findFirst().orElse("nothing");
    }
  }

  private static void print(Target target) {
    // What was asked before the service was there at all may have ended later.
    List<Request> requests =
        target.requests.stream().filter(r -> r.good() || r.from >= target.requests.get(0).to).toList();
    List<Long> good = requests.stream().filter(Request::good).map(Request::to).sorted().toList();
    int silence = 1;
    for (int i = 2; i < good.size(); i++) {
      if (good.get(i) - good.get(i - 1) > good.get(silence) - good.get(silence - 1)) {
        silence = i;
      }
    }
    boolean none = good.size() < 2;
    System.out.printf(
        "asked\t%s\t%d\t%d\t%d\t%d%n",
        target.name, requests.size(), requests.size() - good.size(), none ? 0 : good.get(silence - 1), none ? 0 : good.get(silence));
    requests.stream()
        .filter(request -> !request.good())
        .sorted(Comparator.comparing(Request::from))
        .forEach(r -> System.out.printf("failed\t%s\t%d\t%d\t%s%n", target.name, r.from, r.to, r.flaw));
  }
}
