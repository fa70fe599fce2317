package io.github.rpideploy.it.faults;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.remote.WrappedHost;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A Pi on which something happens once, at a point of the deploy that goes on there. */
final class Strike extends WrappedHost {

  private static final long MIDDLE = 200_000;

  private final Point point;
  private final Runnable fault;
  private final Without without;
  private final AtomicBoolean struck = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);

  /** A step that is asked for again, because its answer was lost, is the same one. */
  private final Set<List<String>> recreations = ConcurrentHashMap.newKeySet();

  /**
   * What is taken out of the scripts, for the tests to see that they would notice: of the scripts
   * that are sent, never of those of the product.
   */
  enum Without {
    NOTHING,
    /** Nothing is synced. */
    SYNC,
    /** The guard does not go back, and no next deploy does. */
    GUARD,
    /** Every release is good that has a tag. */
    PROOF;

    Command of(Command command) {
      return new Command(
          command.argv().stream().map(this::of).toList(), command.timeout(), command.lasting());
    }

    private String of(String text) {
      return switch (this) {
        case NOTHING -> text;
        case SYNC ->
            text.replace("sync -f", "true")
                .replace("sync \"$new\"", "true")
                .replace("sync \"$file\"", "true");
        case GUARD -> text.replace("go_back() { setsid \"$@\"", "go_back() { true");
        case PROOF ->
            text.replace("docker create --pull never", "echo 0; true")
                .replace("removed=$(docker rm -v", "removed=$(true");
      };
    }
  }

  Strike(RemoteHost host, Point point, Without without, Runnable fault) {
    super(host);
    this.without = without;
    this.point = point;
    this.fault = fault;
  }

  /** Whether the point was reached. */
  boolean hasStruck() {
    return struck.get();
  }

  /** A deploy may be over before what strikes it: a rollout ends with the old container. */
  void awaitOver() throws InterruptedException {
    if (hasStruck()) {
      over.await();
    }
  }

  /** An event of a container of the service. */
  void event(String action) {
    boolean back = recreations.size() > 1;
    if (recreations.size() > 0 && point.action().equals(action) && back == point.isOnTheWayBack()) {
      strike();
    }
  }

  private void at(Point here) {
    if (here == point) {
      strike();
    }
  }

  private void strike() {
    if (struck.compareAndSet(false, true)) {
      try {
        fault.run();
      } finally {
        over.countDown();
      }
    }
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
    before(command);
    ExecResult result = super.exec(without.of(command), stdin, stdout);
    after(command);
    return result;
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin) {
    before(command);
    boolean load = name(command).equals("load.sh");
    ExecResult result =
        super.exec(
            without.of(command),
            load
                ? out -> {
                  stdin.writeTo(counted(out));
                  out.flush();
                  at(Point.STREAM_END);
                }
                : stdin);
    after(command);
    return result;
  }

  private void before(Command command) {
    switch (name(command)) {
      case "probe.sh" -> at(Point.PROBE);
      case "lock.sh" -> at(Point.LOCK);
      case "service-now.sh", "swarm-now.sh" -> at(Point.NOW);
      case "upload.sh" -> at(Point.UPLOAD);
      case "swarm-put.sh" -> at(Point.PUT);
      case "recreate.sh", "withdraw.sh", "swarm-deploy.sh" -> {
        if (recreations.add(command.argv())) {
          at(recreations.size() == 1 ? Point.RECREATE : Point.BACK_RECREATE);
        }
      }
      case "inspect", "swarm-tasks.sh" -> {
        if (recreations.size() > 0) {
          at(recreations.size() == 1 ? Point.VERIFY : Point.BACK_VERIFY);
        }
      }
      case "settle.sh", "retire.sh", "swarm-settle.sh" ->
          at(recreations.size() == 1 ? Point.SETTLE : Point.BACK_SETTLE);
      case "inventory.sh" -> at(Point.HISTORY);
      default -> {
        // Of no interest.
      }
    }
  }

  private void after(Command command) {
    switch (name(command)) {
      case "load.sh" -> at(Point.PROVED);
      case "recreate.sh", "swarm-deploy.sh" -> at(Point.RECREATED);
      case "settle.sh", "retire.sh", "swarm-settle.sh" -> at(Point.SETTLED);
      case "inventory.sh" -> at(Point.UNLOCK);
      default -> {
        // Of no interest.
      }
    }
  }

  private static String name(Command command) {
    return command.argv().stream()
        .filter(word -> word.matches("[a-z-]+\\.sh"))
        .findFirst()
        .orElse(command.argv().contains("inspect") ? "inspect" : "");
  }

  private OutputStream counted(OutputStream out) {
    at(Point.STREAM_START);
    return new OutputStream() {
      private long sent;

      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        sent += length;
        if (sent > MIDDLE) {
          at(Point.STREAM_MIDDLE);
        }
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }
}
