import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP relay that behaves like a link: one rate per direction, shared by all connections, and half of
 * the round trip time as delay each way. It counts the payload bytes, and cuts the link when told to.
 *
 * <p>{@code java Relay.java STATE_FILE TARGET_HOST TARGET_PORT [PORT]} listens on the loopback and writes
 * its port and its control port to STATE_FILE. A control connection sends one line and gets one line:
 * {@code link BITS_PER_SECOND RTT_MICROS} (0 = no limit), {@code bytes}, {@code reset}, {@code cut},
 * {@code hold}, {@code target HOST PORT}, {@code status}.
 */
public final class Relay {

  /** What a router on the way would buffer, and what each kernel buffer here holds. */
  private static final int BUFFER = 256 * 1024;

  /** How far a sender may run ahead of the link, so that late wake-ups leave no gaps on it. */
  private static final long AHEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final Direction up = new Direction();
  private final Direction down = new Direction();
  private final Gate gate = new Gate();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile InetSocketAddress target;
  private volatile long bitsPerSecond;
  private volatile long roundTripNanos;

  private Relay(InetSocketAddress target) {
    this.target = target;
  }

  public static void main(String[] args) throws IOException {
    Path stateFile = Path.of(args[0]);
    Relay relay = new Relay(new InetSocketAddress(args[1], Integer.parseInt(args[2])));
    ServerSocket link = listen(args.length > 3 ? Integer.parseInt(args[3]) : 0);
    ServerSocket control = new ServerSocket(0, 16, LOOPBACK);
    String state = "port=%d%ncontrol=%d%n".formatted(link.getLocalPort(), control.getLocalPort());
    Path draft = Files.writeString(stateFile.resolveSibling(stateFile.getFileName() + ".new"), state);
    Files.move(draft, stateFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    start("control", () -> relay.serveControl(control));
    relay.serveLink(link);
  }

  /** Prefers the port of the last time, so that what was configured with it goes on working. */
  private static ServerSocket listen(int port) throws IOException {
    ServerSocket server = new ServerSocket();
    // Small, and set before bind, or the kernels would swallow megabytes that never crossed the link.
    server.setReceiveBufferSize(BUFFER);
    server.setReuseAddress(true);
    try {
      server.bind(new InetSocketAddress(LOOPBACK, port), 128);
    } catch (IOException taken) {
      server.bind(new InetSocketAddress(LOOPBACK, 0), 128);
    }
    return server;
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void serveLink(ServerSocket server) throws IOException {
    while (true) {
      Connection connection = new Connection(server.accept());
      connections.add(connection);
      start("connection", connection::open);
    }
  }

  private void serveControl(ServerSocket server) {
    while (true) {
      try (Socket socket = server.accept()) {
        socket.setSoTimeout(2000);
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
        PrintWriter out = new PrintWriter(socket.getOutputStream(), true);
        String line = in.readLine();
        out.println(line == null ? "error: no command" : obey(line.trim().split("\\s+")));
      } catch (IOException | RuntimeException e) {
        System.err.println("control: " + e);
      }
    }
  }

  private String obey(String[] words) {
    switch (words[0]) {
      case "link" -> {
        bitsPerSecond = Long.parseLong(words[1]);
        roundTripNanos = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[2]));
        gate.hold(false);
      }
      case "reset" -> {
        up.bytes.set(0);
        down.bytes.set(0);
      }
      case "cut" -> connections.forEach(Connection::cut);
      case "hold" -> gate.hold(true);
      case "target" -> target = new InetSocketAddress(words[1], Integer.parseInt(words[2]));
      case "bytes", "status" -> {}
      default -> {
        return "error: unknown command " + words[0];
      }
    }
    return "up=%d down=%d connections=%d bps=%d rtt_us=%d held=%b"
        .formatted(up.bytes.get(), down.bytes.get(), connections.size(), bitsPerSecond,
            TimeUnit.NANOSECONDS.toMicros(roundTripNanos), gate.held());
  }

  private static void sleepUntil(long nanoTime) throws InterruptedException {
    for (long left; (left = nanoTime - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  /** While held, nothing passes: neither bytes nor new connections. */
  private static final class Gate {
    private boolean held;

    synchronized void hold(boolean hold) {
      held = hold;
      notifyAll();
    }

    synchronized boolean held() {
      return held;
    }

    synchronized void pass() throws InterruptedException {
      while (held) {
        wait();
      }
    }
  }

  /** One way of the link: all connections send through it one after the other. */
  private final class Direction {
    private final AtomicLong bytes = new AtomicLong();
    private long freeAt = System.nanoTime();

    /** Takes the link for so many bytes; returns when the last of them will have left it. */
    synchronized long send(int count) {
      bytes.addAndGet(count);
      long now = System.nanoTime();
      long rate = bitsPerSecond;
      long start = freeAt - now > 0 && rate > 0 ? freeAt : now;
      freeAt = rate > 0 ? start + (long) (count * 8e9 / rate) : now;
      return freeAt;
    }

    /** About 2 ms of the link at a time: fine enough for a smooth flow and for fair sharing. */
    int chunk() {
      long rate = bitsPerSecond;
      return rate == 0 ? BUFFER / 2 : (int) Math.max(1460, Math.min(BUFFER / 4, rate / 8 / 500));
    }

    /** What may be on its way in one connection: a router's buffer and what the delay keeps in the air. */
    long capacity() {
      return BUFFER + (long) (bitsPerSecond / 8e9 * roundTripNanos);
    }
  }

  /** Bytes on their way, and the time at which they arrive. The last one has no bytes. */
  private record Packet(byte[] data, int length, long arrival) {}

  /** One direction of one connection: a thread that reads and sends, and one that delivers. */
  private final class Pipe {
    private final Connection connection;
    private final Socket from;
    private final Socket to;
    private final Direction direction;
    private final ArrayDeque<Packet> onTheWay = new ArrayDeque<>();
    private long queued;

    Pipe(Connection connection, Socket from, Socket to, Direction direction) {
      this.connection = connection;
      this.from = from;
      this.to = to;
      this.direction = direction;
    }

    void read() {
      try {
        while (true) {
          byte[] data = new byte[direction.chunk()];
          int length = from.getInputStream().read(data);
          gate.pass();
          long sent = direction.send(Math.max(length, 0));
          put(new Packet(data, length, sent + roundTripNanos / 2));
          if (length < 0) {
            return;
          }
          if (bitsPerSecond > 0) {
            sleepUntil(sent - AHEAD_NANOS);
          }
        }
      } catch (IOException | InterruptedException e) {
        connection.cut();
      }
    }

    void deliver() {
      try {
        OutputStream out = to.getOutputStream();
        while (true) {
          Packet packet = take();
          sleepUntil(packet.arrival());
          gate.pass();
          if (packet.length() < 0) {
            to.shutdownOutput();
            connection.closeOneWay();
            return;
          }
          out.write(packet.data(), 0, packet.length());
        }
      } catch (IOException | InterruptedException e) {
        connection.cut();
      }
    }

    private synchronized void put(Packet packet) throws InterruptedException {
      while (queued > direction.capacity()) {
        wait();
      }
      queued += Math.max(packet.length(), 0);
      onTheWay.add(packet);
      notifyAll();
    }

    private synchronized Packet take() throws InterruptedException {
      while (onTheWay.isEmpty()) {
        wait();
      }
      Packet packet = onTheWay.remove();
      queued -= Math.max(packet.length(), 0);
      notifyAll();
      return packet;
    }
  }

  private final class Connection {
    private final Socket client;
    private final Socket server = new Socket();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private int openWays = 2;

    Connection(Socket client) {
      this.client = client;
    }

    void open() {
      try {
        // The kernel has accepted at once; over the link, that would have taken a round trip.
        gate.pass();
        sleepUntil(System.nanoTime() + roundTripNanos);
        server.setReceiveBufferSize(BUFFER);
        server.connect(target, 5000);
        for (Socket socket : new Socket[] {client, server}) {
          socket.setTcpNoDelay(true);
          socket.setSendBufferSize(BUFFER);
        }
        carry(new Pipe(this, client, server, up));
        carry(new Pipe(this, server, client, down));
      } catch (IOException | InterruptedException e) {
        System.err.println("connection to " + target + ": " + e);
        cut();
      }
    }

    private void carry(Pipe pipe) {
      threads.add(start("sender", pipe::read));
      threads.add(start("receiver", pipe::deliver));
    }

    synchronized void closeOneWay() {
      if (--openWays == 0) {
        close(false);
      }
    }

    /** Both ends see a reset, at once. */
    void cut() {
      close(true);
    }

    private void close(boolean reset) {
      if (!connections.remove(this)) {
        return;
      }
      for (Socket socket : new Socket[] {client, server}) {
        try {
          if (reset) {
            socket.setSoLinger(true, 0);
          }
          socket.close();
        } catch (IOException alreadyClosed) {
          // there is nothing left to do for this socket
        }
      }
      threads.forEach(Thread::interrupt);
    }
  }
}
