package io.github.rpideploy.deploy;

import static java.util.stream.Collectors.joining;

import io.github.rpideploy.image.ImageStore;
import io.github.rpideploy.image.StoreModel;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A Pi that exists in memory: it understands the commands that the docker room sends, keeps images,
 * tags and containers, and can be told to misbehave. What a real Pi answers is tested in src/it.
 */
final class ScriptedPi implements RemoteHost {

  /** What is wrong with {@code docker load}. */
  enum Load {
    WORKS,
    FAILS,
    /** The containerd store: the tag is made, the exit status is 0, and the image is unusable. */
    LIES
  }

  /** Everything that changed something, in order. */
  final List<String> changes = new ArrayList<>();

  /** The states that a service's container goes through, one for each look; the last one stays. */
  final Map<String, Deque<String>> states = new HashMap<>();

  final Map<String, String> logs = new HashMap<>();
  Load load = Load.WORKS;
  String probe =
      """
      docker /usr/bin/docker
      server 26.1.5 linux arm64
      driver overlay2
      status [["Backing Filesystem","extfs"]]
      root /var/lib/docker
      compose 2.26.1
      """;
  String composeYaml;
  UnaryOperator<ExecResult> recreateResult = UnaryOperator.identity();

  /** How many commands were run. */
  int execs;

  /** What the survey says is free, in KiB. */
  long freeKib = 10_000_000;

  /** What was noted of images, by id; a survey tells it. */
  final Map<String, String> records = new HashMap<>();

  /** Called between the survey and the load. */
  Runnable beforeLoad = () -> {};

  /** Release tags of which no container can be made although they look well. */
  final Set<String> rotten = new HashSet<>();

  private StoreModel store = new StoreModel(ImageStore.Kind.CLASSIC);
  private final Map<String, String> containers = new LinkedHashMap<>();

  ScriptedPi(String composeYaml) {
    this.composeYaml = composeYaml;
  }

  /** The same Pi with the containerd store. */
  ScriptedPi withContainerd() {
    probe =
        probe
            .replace("driver overlay2", "driver overlayfs")
            .replaceFirst(
                "status .*", "status [[\"driver-type\",\"io.containerd.snapshotter.v1\"]]");
    store = new StoreModel(ImageStore.Kind.CONTAINERD);
    return this;
  }

  /** What the Engine keeps. */
  StoreModel store() {
    return store;
  }

  /** The state of a container as {@code docker inspect} prints it. */
  static String state(String status, String more) {
    return "{\"Status\":\"" + status + "\",\"StartedAt\":\"2026-11-01T00:00:00Z\"" + more + "}";
  }

  static String running() {
    return state("running", "");
  }

  static String health(String health) {
    return state("running", ",\"Health\":{\"Status\":\"" + health + "\"}");
  }

  boolean hasTag(String tag) {
    return store.tags().containsKey(tag);
  }

  /** The image id that a tag names. */
  String idOf(String tag) {
    return image(tag).id();
  }

  /** Puts an image there that nobody shipped. */
  void putImage(String tag, String id) {
    store.tags().put(tag, new StoreModel.Image(id, List.of(), List.of(), true));
  }

  @Override
  public String name() {
    return "pi@raspberrypi:22";
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
    ExecResult result = exec(command, stdin);
    try {
      stdout.write(result.stdout().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ExecResult(result.exitStatus(), result.signal(), "", result.stderr());
  }

  @Override
  public synchronized ExecResult exec(Command command, Stdin stdin) {
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    execs++;
    try {
      stdin.writeTo(input);
      return run(inner(command.argv()), input.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Socket socket() {
    throw new UnsupportedOperationException("no smoke tests here");
  }

  /** What runs in a directory. */
  private static List<String> inner(List<String> argv) {
    return argv.size() > 5 && argv.get(2).contains("CDPATH=") ? argv.subList(5, argv.size()) : argv;
  }

  private ExecResult run(List<String> argv, byte[] input) {
    String line = String.join(" ", argv);
    if (line.contains("command -v docker")) {
      return ok(probe);
    } else if (line.contains("cat > \"$new\"")) {
      return upload(new String(input, StandardCharsets.UTF_8));
    } else if (line.contains("root=$1")) {
      return survey(argv.subList(7, argv.size()));
    } else if (line.contains("unrecorded")) {
      return prove(argv.subList(6, argv.size()));
    } else if (line.contains(" logs \"$2\"")) {
      return ok(logs.getOrDefault(argv.get(argv.size() - 1).replace("container-", ""), ""));
    }
    return argv.get(1).equals("compose") ? compose(argv, input) : docker(argv, input);
  }

  private ExecResult survey(List<String> releases) {
    StringBuilder said = new StringBuilder();
    store
        .tags()
        .values()
        .forEach(
            image -> {
              String id = image.id().replace("sha256:", "");
              said.append("image ").append(id).append(' ');
              said.append(String.join(" ", image.diffIds())).append('\n');
              if (records.containsKey(id)) {
                said.append("blobs ").append(id).append(' ').append(records.get(id)).append('\n');
              }
            });
    said.append("space ").append(freeKib).append(" /var/lib/docker\n");
    for (int i = 0; i < releases.size(); i += 2) {
      said.append(check(releases.get(i)));
    }
    return ok(said.toString());
  }

  private ExecResult prove(List<String> releases) {
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < releases.size(); i += 4) {
      String answer = check(releases.get(i));
      said.append(answer);
      String manifest = releases.get(i + 2);
      if (answer.startsWith("found")
          && !answer.contains("unusable")
          && answer.contains(" sha256:" + manifest + " ")
          && !releases.get(i + 3).isEmpty()) {
        records.put(manifest, releases.get(i + 3));
      }
    }
    return ok(said.toString());
  }

  private String check(String tag) {
    StoreModel.Image image = store.tags().get(tag);
    if (image == null) {
      return "absent " + tag + "\n";
    }
    String layers = image.diffIds().stream().map(hex -> " sha256:" + hex).collect(joining());
    return "found "
        + tag
        + " "
        + image.id()
        + layers
        + "\n"
        + (image.usable() && !rotten.contains(tag)
            ? ""
            : "unusable " + tag + " NotFound: content digest\n");
  }

  private ExecResult upload(String yaml) {
    boolean same = yaml.equals(composeYaml);
    if (!same) {
      composeYaml = yaml;
      changes.add("upload");
    }
    return ok(same ? "same" : "replaced");
  }

  private ExecResult compose(List<String> argv, byte[] input) {
    String service = argv.get(argv.size() - 1);
    if (argv.contains("--hash")) {
      return ok("auth-server " + composeYaml.length() + "\nextension-server 2\n");
    } else if (argv.contains("config")) {
      return ok(argv.contains("-") ? new String(input, StandardCharsets.UTF_8) : composeYaml);
    } else if (argv.contains("up")) {
      changes.add("recreate " + service);
      containers.put("container-" + service, image(service + ":latest").id());
      return recreateResult.apply(ok(""));
    }
    String id = "container-" + service;
    return ok(containers.containsKey(id) ? id + "\n" : "");
  }

  private ExecResult docker(List<String> argv, byte[] input) {
    String last = argv.get(argv.size() - 1);
    String verb = argv.get(1) + " " + argv.get(2);
    return switch (verb) {
      case "load --quiet" -> load(input);
      case "image inspect" -> {
        StoreModel.Image image = store.tags().get(last);
        yield image == null
            ? failed("Error response from daemon: No such image: " + last)
            : ok(image.id() + "\n");
      }
      case "image tag" -> {
        store.tags().put(last, image(argv.get(3)));
        changes.add("tag " + argv.get(3) + " " + last);
        yield ok("");
      }
      case "image rm" -> {
        store.remove(last);
        changes.add("rm " + last);
        yield ok("");
      }
      case "container inspect" -> {
        String service = last.replace("container-", "");
        Deque<String> left = states.getOrDefault(service, new ArrayDeque<>(List.of(running())));
        String state = left.size() > 1 ? left.removeFirst() : left.getFirst();
        yield ok(
            "{\"id\":\"%s\",\"image\":\"%s\",\"restarts\":0,\"state\":%s,\"configHash\":\"2\"}"
                .formatted(last, containers.get(last), state));
      }
      default -> throw new IllegalArgumentException("not scripted: " + argv);
    };
  }

  private ExecResult load(byte[] archive) {
    changes.add("load");
    beforeLoad.run();
    if (load == Load.FAILS) {
      return failed("write /var/lib/docker/tmp: no space left on device");
    }
    Set<String> before = Set.copyOf(store.tags().keySet());
    StoreModel.Loaded loaded = store.load(archive);
    if (load == Load.LIES) {
      store.tags().keySet().stream().filter(tag -> !before.contains(tag)).forEach(rotten::add);
      return ok("Loaded image: x\nError unpacking image x: NotFound");
    }
    return loaded.ok() ? ok(loaded.said()) : failed(loaded.said());
  }

  private StoreModel.Image image(String tag) {
    StoreModel.Image image = store.tags().get(tag);
    if (image == null) {
      throw new IllegalStateException("no image " + tag);
    }
    return image;
  }

  static ExecResult ok(String stdout) {
    return new ExecResult(0, null, stdout, "");
  }

  static ExecResult failed(String stderr) {
    return new ExecResult(1, null, "", stderr);
  }
}
