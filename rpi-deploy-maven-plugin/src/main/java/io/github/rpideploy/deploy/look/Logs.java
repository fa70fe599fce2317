package io.github.rpideploy.deploy.look;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.stack.Orchestrator;
import io.github.rpideploy.deploy.verify.Redaction;
import io.github.rpideploy.docker.Containers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Brings the logs of services to this machine, without the secrets of their environment. */
final class Logs {

  private final Orchestrator orchestrator;
  private final LogSink sink;

  Logs(Orchestrator orchestrator, LogSink sink) {
    this.orchestrator = orchestrator;
    this.sink = sink;
  }

  /**
   * Shows the logs one after the other. Logs that are followed are shown all at once, until every
   * container has ended.
   *
   * @param containers the ids of the containers, by service
   */
  void show(Map<String, List<String>> containers, LogQuery query) {
    Map<String, String> idOf = new LinkedHashMap<>();
    containers.forEach(
        (service, ids) -> {
          for (int i = 0; i < ids.size(); i++) {
            idOf.put(ids.size() == 1 ? service : service + "-" + (i + 1), ids.get(i));
          }
        });
    sink.begin(List.copyOf(idOf.keySet()));
    if (query.follow()) {
      follow(idOf, query);
    } else {
      idOf.forEach((name, id) -> show(name, id, query));
    }
  }

  private void follow(Map<String, String> idOf, LogQuery query) {
    AtomicReference<RuntimeException> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    idOf.forEach(
        (name, id) -> {
          Thread thread =
              new Thread(
                  () -> {
                    try {
                      show(name, id, query);
                    } catch (RuntimeException e) {
                      failure.compareAndSet(null, e);
                    }
                  },
                  "rpi-deploy log of " + name);
          thread.setDaemon(true);
          thread.start();
          threads.add(thread);
        });
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      threads.forEach(Thread::interrupt);
      throw new DeployException(
          "Following the logs was interrupted", "Nothing was changed on the Pi", e);
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private void show(String name, String id, LogQuery query) {
    Lines lines = new Lines(name);
    // Without the environment nobody knows the secrets in the log: then it is not shown at all.
    Containers containers = orchestrator.nodeOf(id).docker().containers();
    Redaction.Redacted redacted = Redaction.of(containers.environment(id)).before(lines);
    containers.logs(id, query.arguments(), query.follow(), redacted);
    try {
      redacted.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lines.finish();
  }

  private final class Lines extends OutputStream {

    /** In bytes; what is longer is cut, because nobody reads it and it would fill the memory. */
    private static final int LONGEST = 64 << 10;

    private final String name;
    private boolean cut;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private Lines(String name) {
      this.name = name;
    }

    @Override
    public void write(int b) {
      if (b == '\n') {
        String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
        sink.line(name, cut ? text + "… (the line is longer than 64 KiB)" : text);
        line.reset();
        cut = false;
      } else if (line.size() < LONGEST) {
        line.write(b);
      } else {
        cut = true;
      }
    }

    private void finish() {
      if (line.size() > 0) {
        write('\n');
      }
    }
  }
}
