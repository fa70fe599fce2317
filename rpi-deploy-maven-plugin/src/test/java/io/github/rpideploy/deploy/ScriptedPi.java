package io.github.rpideploy.deploy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import java.io.ByteArrayInputStream;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

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

  private record Image(String id, List<String> layers, boolean usable) {}

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

  private final Map<String, Image> tags = new LinkedHashMap<>();
  private final Map<String, String> containers = new LinkedHashMap<>();

  ScriptedPi(String composeYaml) {
    this.composeYaml = composeYaml;
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
    return tags.containsKey(tag);
  }

  /** The image id that a tag names. */
  String idOf(String tag) {
    return image(tag).id();
  }

  /** Puts an image there that nobody shipped. */
  void putImage(String tag, String id) {
    tags.put(tag, new Image(id, List.of(), true));
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

  /** What {@link Command#in} wraps. */
  private static List<String> inner(List<String> argv) {
    return argv.size() > 5 && argv.get(2).startsWith("CDPATH=")
        ? argv.subList(5, argv.size())
        : argv;
  }

  private ExecResult run(List<String> argv, byte[] input) throws IOException {
    String line = String.join(" ", argv);
    if (line.contains("command -v docker")) {
      return ok(probe);
    } else if (line.startsWith("mkdir -p")) {
      return ok("");
    } else if (line.contains("cat > \"$new\"")) {
      return upload(new String(input, StandardCharsets.UTF_8));
    } else if (line.contains("create --pull never")) {
      Image image = tags.get(argv.get(6));
      return image != null && image.usable() ? ok("0123") : failed("NotFound: content digest");
    } else if (line.contains(" logs \"$2\"")) {
      return ok(logs.getOrDefault(argv.get(argv.size() - 1).replace("container-", ""), ""));
    }
    return argv.get(1).equals("compose") ? compose(argv, input) : docker(argv, input);
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
    if (argv.contains("config")) {
      return ok(argv.contains("-") ? new String(input, StandardCharsets.UTF_8) : composeYaml);
    } else if (argv.contains("up")) {
      changes.add("recreate " + service);
      containers.put("container-" + service, image(service + ":latest").id());
      return recreateResult.apply(ok(""));
    }
    String id = "container-" + service;
    return ok(containers.containsKey(id) ? id + "\n" : "");
  }

  private ExecResult docker(List<String> argv, byte[] input) throws IOException {
    String last = argv.get(argv.size() - 1);
    String verb = argv.get(1) + " " + argv.get(2);
    return switch (verb) {
      case "load --quiet" -> load(input);
      case "image inspect" -> {
        Image image = tags.get(last);
        yield image == null
            ? failed("Error response from daemon: No such image: " + last)
            : ok(json(image));
      }
      case "image tag" -> {
        tags.put(last, image(argv.get(3)));
        changes.add("tag " + argv.get(3) + " " + last);
        yield ok("");
      }
      case "image rm" -> {
        tags.remove(last);
        changes.add("rm " + last);
        yield ok("");
      }
      case "container inspect" -> {
        String service = last.replace("container-", "");
        Deque<String> left = states.getOrDefault(service, new ArrayDeque<>(List.of(running())));
        String state = left.size() > 1 ? left.removeFirst() : left.getFirst();
        yield ok(
            "{\"id\":\"%s\",\"image\":\"%s\",\"restarts\":0,\"state\":%s}"
                .formatted(last, containers.get(last), state));
      }
      default -> throw new IllegalArgumentException("not scripted: " + argv);
    };
  }

  private ExecResult load(byte[] archive) throws IOException {
    changes.add("load");
    if (load == Load.FAILS) {
      return failed("write /var/lib/docker/tmp: no space left on device");
    }
    Map<String, byte[]> entries = new HashMap<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.put(entry.getName(), tar.readAllBytes());
      }
    }
    for (JsonElement manifest : json(entries, "manifest.json").getAsJsonArray()) {
      String config = manifest.getAsJsonObject().get("Config").getAsString();
      JsonArray diffIds =
          json(entries, config)
              .getAsJsonObject()
              .getAsJsonObject("rootfs")
              .getAsJsonArray("diff_ids");
      List<String> layers = diffIds.asList().stream().map(JsonElement::getAsString).toList();
      String id = "sha256:" + config.substring(config.lastIndexOf('/') + 1);
      for (JsonElement tag : manifest.getAsJsonObject().getAsJsonArray("RepoTags")) {
        tags.put(tag.getAsString(), new Image(id, layers, load == Load.WORKS));
      }
    }
    return ok(load == Load.LIES ? "Loaded image: x\nError unpacking image x: NotFound" : "");
  }

  private static JsonElement json(Map<String, byte[]> entries, String name) {
    return JsonParser.parseString(new String(entries.get(name), StandardCharsets.UTF_8));
  }

  private static String json(Image image) {
    JsonObject json = new JsonObject();
    json.addProperty("id", image.id());
    JsonArray layers = new JsonArray();
    image.layers().forEach(layers::add);
    json.add("layers", layers);
    return json.toString();
  }

  private Image image(String tag) {
    Image image = tags.get(tag);
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
