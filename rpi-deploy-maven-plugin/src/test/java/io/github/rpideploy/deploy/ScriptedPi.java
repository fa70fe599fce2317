package io.github.rpideploy.deploy;

import static java.util.stream.Collectors.joining;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.Stack;
import io.github.rpideploy.deploy.verify.Pause;
import io.github.rpideploy.image.ImageStore;
import io.github.rpideploy.image.StoreModel;
import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.ExecResult;
import io.github.rpideploy.remote.RemoteHost;
import io.github.rpideploy.remote.Stdin;
import io.github.rpideploy.report.Event;
import io.github.rpideploy.report.Reporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Pi that exists in memory: it understands the commands that the docker room sends, keeps images,
 * tags and containers, and can be told to misbehave. What a real Pi answers is tested in src/it.
 */
public final class ScriptedPi implements RemoteHost {

  /** A compose file with two services of which each is called as its image. */
  static final String TWO_SERVICES =
      """
      services:
        auth-server:
          image: auth-server
        extension-server:
          image: extension-server
      """;

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

  /** The same for containers of an image, by its id. */
  final Map<String, Deque<String>> statesOfImage = new HashMap<>();

  /** How many containers services have that have several; the states of the second of a: a-2. */
  final Map<String, Integer> replicas = new HashMap<>();

  final Map<String, String> logs = new HashMap<>();

  /** Of a service's container, as JSON. */
  final Map<String, String> environments = new HashMap<>();

  /** What the Engine's events say of containers that have ended. */
  String exits = "";

  /** What was run in containers, and what comes of it. */
  final List<String> inContainers = new ArrayList<>();

  /** Told of each of them, before anything else happens on the Pi. */
  Consumer<String> heardInContainer = line -> {};

  ExecResult inContainer = new ExecResult(0, null, "", "");

  /** The name of the container that has any port. */
  String portHolder = "";

  Load load = Load.WORKS;

  /** Its address; a direct smoke test goes to the host in it. */
  String name = "pi@raspberrypi:22";

  public String probe =
      """
      docker /usr/bin/docker
      server 26.1.5 linux arm64
      driver overlay2
      status [["Backing Filesystem","extfs"]]
      root /var/lib/docker
      compose 2.26.1
      """;
  String composeYaml;
  private String composeYamlBefore = "";
  UnaryOperator<ExecResult> recreateResult = UnaryOperator.identity();

  /** Told of each command before it runs; what it throws is what the command throws. */
  Consumer<String> heard = line -> {};

  /** The same before the lock is taken, whose command lasts as long as the deploy. */
  Runnable locking = () -> {};

  /** The shell that holds the lock ends by itself, and no step of its deploy counts any more. */
  void loseLock() {
    token = "";
    lockLost.complete(true);
  }

  /** The connection is lost, as the present command or the lock hears of it next. */
  DeployException loseConnection() {
    DeployException lost = new DeployException("The connection to " + name() + " was lost", "Wait");
    connection.completeExceptionally(lost);
    return lost;
  }

  @Override
  public synchronized boolean reconnect() {
    if (!connection.isDone()) {
      return false;
    }
    if (unreachable > 0) {
      unreachable--;
      throw new DeployException(name() + " does not answer", "Wait");
    }
    reconnected++;
    connection = new CompletableFuture<>();
    return true;
  }

  private volatile CompletableFuture<Boolean> connection = new CompletableFuture<>();

  /** How often a new connection was made in place of one that was lost. */
  int reconnected;

  /** How often that fails first. */
  int unreachable;

  /** Whether the guard waits for the deploy to come back. */
  boolean guardWaits = true;

  /** What is done while another deploy holds the lock; none does when it is null. */
  @Nullable Runnable otherDeploy;

  /** How often the deploy lock was taken: one more command each. */
  final AtomicInteger locks = new AtomicInteger();

  /** Completed, the shell that holds the lock ends by itself. */
  final CompletableFuture<Boolean> lockLost = new CompletableFuture<>();

  /** How many other commands were run. */
  int execs;

  /** What the probe says is free, in KiB. */
  long freeKib = 10_000_000;

  /** What was recorded about images, by id without algorithm; the probe tells them. */
  final Map<String, String> notes = new HashMap<>();

  /** The lines of the history. */
  final List<String> history = new ArrayList<>();

  /** The intents of services that are being replaced. */
  final Map<String, String> intents = new TreeMap<>();

  /** The image with which each service was proved good last. */
  final Map<String, String> good = new HashMap<>();

  /** What was settled: services, and whether the compose file was proved with them. */
  final List<String> settled = new ArrayList<>();

  /** Of the deploy that holds the lock. */
  private volatile String token = "";

  /** What lists of files it has. */
  byte[] fileLists = new byte[0];

  /** How deltas have fared, as it was told with the lists. */
  final List<String> deltas = new ArrayList<>();

  /** What was to be copied from in the last program. */
  List<String> oldDirectories = List.of();

  /** What it says of jars, by the directories and the questions: nothing, unless it is told. */
  BiFunction<List<String>, String, byte[]> entries = (directories, questions) -> new byte[0];

  /** What it makes of a program: nothing, unless it is told. */
  UnaryOperator<byte[]> makes = program -> new byte[1024];

  /** Called between the probe and the load. */
  Runnable beforeLoad = () -> {};

  /** Release tags of which no container can be made although they look well. */
  final Set<String> rotten = new HashSet<>();

  private StoreModel store = new StoreModel(ImageStore.Kind.CLASSIC);

  /** Images that no tag names any more stay as long as a container is made of them. */
  private final Map<String, StoreModel.Image> untagged = new HashMap<>();

  final ScriptedContainers containers = new ScriptedContainers(this);

  final ScriptedOthers others = new ScriptedOthers(this);

  /** Beside the compose file. */
  final ScriptedFiles files = new ScriptedFiles();

  public ScriptedPi(String composeYaml) {
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

  /** The id of the image that a service's container was made of. */
  String runs(String service) {
    return containers.imageOf(service);
  }

  private String tagsOf(String id) {
    return store.tags().entrySet().stream()
        .filter(tag -> tag.getValue().id().equals(id))
        .map(tag -> tag.getKey() + " ")
        .collect(joining());
  }

  /** Puts an image there that nobody shipped. */
  void putImage(String tag, String id) {
    store.tags().put(tag, new StoreModel.Image(id, List.of(), List.of(), true));
  }

  /**
   * A deployer to it for which no time passes but by its pauses.
   *
   * @param composeFile what it brings, or null
   * @param events takes what happens
   */
  Deployer deployer(@Nullable Path composeFile, List<Event> events, AtomicReference<Instant> now) {
    return deployer(
        composeFile,
        events::add,
        now::get,
        pause -> now.updateAndGet(instant -> instant.plus(pause)));
  }

  /** One that tells and asks whom it is given. */
  Deployer deployer(
      @Nullable Path composeFile, Reporter reporter, InstantSource clock, Pause pause) {
    return Deployers.connect(this, new Stack("rpi/test", composeFile), reporter, clock, pause);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ExecResult exec(Command command, Stdin stdin, OutputStream stdout) {
    String script = command.argv().size() > 3 ? command.argv().get(3) : "";
    if (script.equals("lock.sh")) {
      locking.run();
      token = command.argv().get(7);
      locks.incrementAndGet();
      return lock(stdin, stdout);
    } else if (script.equals("come-back.sh")) {
      return guardWaits && command.argv().contains(token)
          ? lock(stdin, stdout)
          : new ExecResult(75, null, "", "");
    }
    if (script.equals("file-lists.sh")) {
      execs++;
      try {
        stdout.write(fileLists);
        return ok("");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (script.equals("jar-entries.sh")) {
      execs++;
      ByteArrayOutputStream questions = new ByteArrayOutputStream();
      try {
        stdin.writeTo(questions);
        stdout.write(
            entries.apply(
                List.of(command.argv().get(7).split("\n", -1)),
                questions.toString(StandardCharsets.UTF_8)));
        return ok("");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    // A log that is followed has ended here before the signs of life that are sent with it.
    ExecResult result = exec(command, command.argv().contains("--follow") ? Stdin.EMPTY : stdin);
    try {
      stdout.write(result.stdout().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ExecResult(result.exitStatus(), result.signal(), "", result.stderr());
  }

  /** Always to be had, and held until the input ends; what a real one does is in its own test. */
  private ExecResult lock(Stdin stdin, OutputStream stdout) {
    CompletableFuture<Boolean> used = connection;
    try {
      if (otherDeploy != null) {
        stdout.write("rpi-lock held another deploy\n".getBytes(StandardCharsets.UTF_8));
        otherDeploy.run();
      }
      stdout.write("rpi-lock mine\n".getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    CompletableFuture<Boolean> released = new CompletableFuture<>();
    Thread input =
        new Thread(
            () -> {
              try {
                stdin.writeTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                released.complete(true);
              }
            });
    input.setDaemon(true);
    input.start();
    try {
      CompletableFuture.anyOf(released, lockLost, used).get();
    } catch (ExecutionException e) {
      throw (DeployException) e.getCause();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    token = "";
    return ok("");
  }

  @Override
  public synchronized ExecResult exec(Command command, Stdin stdin) {
    ByteArrayOutputStream input = new ByteArrayOutputStream();
    execs++;
    if (connection.isDone()) {
      throw loseConnection();
    }
    heard.accept(String.join(" ", inner(command.argv())));
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
  static List<String> inner(List<String> argv) {
    if (argv.size() > 5 && argv.get(2).endsWith("exec \"$@\"")) {
      return argv.subList(5, argv.size());
    }
    return argv.size() > 4 && argv.get(2).startsWith("setsid ")
        ? argv.subList(4, argv.size())
        : argv;
  }

  private ExecResult run(List<String> argv, byte[] input) {
    if (argv.contains("logs")) {
      return ok(logs.getOrDefault(argv.get(argv.size() - 1).replace("container-", ""), ""));
    } else if (argv.size() > 3 && argv.get(3).endsWith(".sh")) {
      return script(argv.get(3), argv.subList(4, argv.size()), input);
    } else if (argv.get(0).equals("timeout")) {
      String line = String.join(" ", argv);
      inContainers.add(line);
      heardInContainer.accept(line);
      return inContainer;
    } else if (argv.get(1).equals("events")) {
      return ok(exits);
    } else if (argv.get(1).equals("ps")) {
      return ok(portHolder);
    }
    return argv.get(1).equals("compose") ? containers.compose(argv) : docker(argv);
  }

  private ExecResult script(String name, List<String> arguments, byte[] input) {
    return switch (name) {
      case "probe.sh" ->
          probe(
              arguments.get(4).isEmpty(),
              arguments.get(5).isEmpty()
                  ? new String(input, StandardCharsets.UTF_8)
                  : files.read(input, "compose"),
              arguments.get(5).isEmpty() ? "" : files.read(input, "files"));
      case "upload.sh" -> upload(input, !arguments.get(3).isEmpty());
      case "restore.sh" -> {
        if (arguments.get(0).startsWith("REPLACED")) {
          composeYaml = composeYamlBefore;
        }
        if (arguments.get(0).endsWith("FILES")) {
          files.restore();
        }
        changes.add("restore");
        yield ok("");
      }
      case "keep-file-lists.sh" -> {
        fileLists = input;
        deltas.add(arguments.get(2));
        yield ok(Collections.frequency(deltas, "failed") > 1 ? "off\n" : "");
      }
      case "load-delta.sh" -> loadDelta(arguments, input);
      case "load.sh" -> load(arguments.subList(4, arguments.size()), input);
      case "prove.sh" -> ok(prove(arguments.subList(3, arguments.size()), true));
      case "inventory.sh" -> inventory(!arguments.get(7).isEmpty(), arguments.get(8));
      case "contents.sh" -> ok(contents());
      case "service-now.sh" -> serviceNow(arguments.get(4), arguments.get(5), arguments.get(6));
      case "containers.sh" -> containers.of(arguments.get(3));
      case "hashes.sh" ->
          arguments.get(1).isEmpty() ? containers.hashes() : containers.hashes(input);
      case "recreate.sh" -> recreate(arguments);
      case "start.sh" -> arguments.get(4).equals(token) ? others.start(arguments) : ok("lost\n");
      case "pull.sh" -> others.pull(arguments.get(2));
      case "settle.sh" -> settle(arguments);
      case "retire.sh" -> retire(arguments);
      case "withdraw.sh" -> withdraw(arguments);
      case "project-status.sh", "remove-tags.sh" -> ok("");
      default -> throw new IllegalArgumentException("not scripted: " + name);
    };
  }

  private ExecResult serviceNow(String service, String tag, String repository) {
    StoreModel.Image wanted = store.tags().get(tag);
    StringBuilder said = new StringBuilder();
    said.append(wanted == null ? "absent\n" : "image " + wanted.id() + "\n");
    List<String> ids = containers.idsOf(service);
    String image = ids.isEmpty() ? "" : containers.imageOf(service);
    for (String id : ids) {
      said.append("container ").append(containers.inspect(id).stdout()).append('\n');
    }
    if (!ids.isEmpty()) {
      said.append("named ").append(tagsOf(image)).append('\n');
      said.append(files.seenBy(service));
    }
    String entry = "\"image\":\"" + image + "\",\"outcome\":\"";
    if (image.equals(good.get(service))) {
      return ok(said + "verified\n");
    }
    if (history.stream()
        .anyMatch(
            line ->
                Stream.of("verified", "unchanged", "rolled-back")
                    .anyMatch(outcome -> line.contains(entry + outcome + '"')))) {
      return ok(said + "verified\n");
    }
    history.stream()
        .filter(line -> line.contains("\"service\":\"" + service + "\""))
        .forEach(line -> said.append("line ").append(line).append('\n'));
    store.tags().entrySet().stream()
        .filter(named -> named.getKey().startsWith(repository + ":"))
        .forEach(
            named -> said.append("tag " + named.getValue().id() + " " + named.getKey() + "\n"));
    return ok(said.toString());
  }

  private ExecResult recreate(List<String> arguments) {
    String service = arguments.get(6);
    String intent = arguments.get(7);
    String live = arguments.get(9);
    if (!arguments.get(4).equals(token)) {
      return ok("lost\n");
    }
    if (!store.tags().containsKey(arguments.get(8)) && !arguments.get(8).startsWith("sha256:")) {
      return new ExecResult(0, null, "untagged\n", "No such image: " + arguments.get(8));
    }
    if (!intent.isEmpty()) {
      intents.put(service, intent);
    }
    StoreModel.Image moved = store.tags().put(live, image(arguments.get(8)));
    if (moved != null) {
      untagged.put(moved.id(), moved);
    }
    changes.add("tag " + arguments.get(8) + " " + live);
    List<String> beside = List.of(arguments.get(13).split(" ", -1));
    boolean isBeside = !beside.contains("");
    ExecResult up = isBeside ? containers.upBeside(service) : containers.up(service);
    List<String> made = new ArrayList<>(containers.idsOf(service));
    made.removeAll(beside);
    files.made(service, arguments.get(12));
    return new ExecResult(
        0,
        null,
        "up " + up.exitStatus() + "\ncontainer " + String.join("\ncontainer ", made) + "\n",
        up.stderr() + up.stdout());
  }

  private ExecResult retire(List<String> arguments) {
    if (!arguments.get(4).equals(token)) {
      return ok("lost\n");
    }
    String service = arguments.get(8);
    intents.remove(service);
    good.put(service, arguments.get(7));
    settled.add(service + " proved");
    containers.remove(arguments.subList(12, arguments.size()));
    return ok("settled\n");
  }

  private ExecResult withdraw(List<String> arguments) {
    String service = arguments.get(5);
    List<String> old = List.of(arguments.get(8).split(" ", -1));
    store.tags().put(arguments.get(7), image(arguments.get(6)));
    List<String> added = new ArrayList<>(containers.idsOf(service));
    added.removeAll(old);
    containers.remove(added);
    return ok("withdrawn\n");
  }

  private ExecResult settle(List<String> arguments) {
    if (!arguments.get(2).equals(token)) {
      return ok("lost\n");
    }
    List<String> services = arguments.subList(6, arguments.size());
    services.forEach(intents::remove);
    if (!arguments.get(5).isEmpty()) {
      services.forEach(service -> good.put(service, arguments.get(5)));
    }
    settled.add(String.join(" ", services) + (arguments.get(4).isEmpty() ? "" : " proved"));
    return ok("settled\n");
  }

  private ExecResult probe(boolean ownFile, String given, String list) {
    return ok(
        probe
            + contents()
            + others.members()
            + files.there(list)
            + "config 0\n"
            + (ownFile ? composeYaml : given));
  }

  private String contents() {
    Map<String, List<String>> namesOf = new LinkedHashMap<>();
    Map<String, StoreModel.Image> byId = new LinkedHashMap<>();
    store
        .tags()
        .forEach(
            (tag, image) -> {
              byId.put(image.id(), image);
              namesOf.computeIfAbsent(image.id(), id -> new ArrayList<>()).add(tag);
            });
    StringBuilder said = new StringBuilder();
    byId.forEach(
        (prefixed, image) -> {
          String id = prefixed.replace("sha256:", "");
          List<String> words = new ArrayList<>(List.of("image", id));
          words.addAll(namesOf.getOrDefault(prefixed, List.of()));
          words.addAll(image.diffIds());
          said.append(String.join(" ", words)).append('\n');
          if (notes.containsKey(id)) {
            said.append("note ").append(id).append(' ').append(notes.get(id)).append('\n');
          }
        });
    return said + "space " + freeKib + " /var/lib/docker\n";
  }

  private ExecResult inventory(boolean ask, String added) {
    StringBuilder said = new StringBuilder();
    if (!added.isEmpty()) {
      history.add(added);
      said.append("written\n");
    }
    history.forEach(line -> said.append("line ").append(line).append('\n'));
    if (!ask) {
      return ok(said.toString());
    }
    store.tags().forEach((tag, image) -> said.append("tag " + image.id() + " " + tag + "\n"));
    containers.images().forEach(image -> said.append("used " + image + "\n"));
    return ok(said + "complete\n");
  }

  private String prove(List<String> releases, boolean record) {
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < releases.size(); i += 4) {
      String answer = check(releases.get(i));
      said.append(answer);
      StoreModel.Image image = store.tags().get(releases.get(i));
      String id = image == null ? "" : image.id().replace("sha256:", "");
      if (answer.contains("unusable")) {
        notes.remove(id);
      } else if (record
          && answer.startsWith("found")
          && (" " + releases.get(i + 2) + " ").contains(" " + id + " ")
          && !releases.get(i + 3).isEmpty()) {
        notes.put(id, releases.get(i + 3));
      }
    }
    return said.toString();
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

  private ExecResult upload(byte[] archive, boolean overwrite) {
    String stops = files.stops(archive, overwrite);
    if (!stops.isEmpty()) {
      return ok(stops);
    }
    String yaml = files.read(archive, "compose");
    boolean same = yaml.equals(composeYaml);
    if (!same) {
      composeYamlBefore = composeYaml;
      composeYaml = yaml;
      changes.add("upload");
    }
    String placed = files.place(archive);
    if (!placed.isEmpty()) {
      changes.add("files" + placed);
    }
    return ok(
        (same ? "same" : "put")
            + "\ndid "
            + (same ? "none" : "replaced")
            + (placed.isEmpty() ? "" : " files"));
  }

  private ExecResult docker(List<String> argv) {
    String last = argv.get(argv.size() - 1);
    String verb = argv.get(1) + " " + argv.get(2);
    return switch (verb) {
      case "image inspect" -> {
        if (argv.contains("{{range .RepoTags}}{{.}} {{end}}")) {
          yield ok(tagsOf(last));
        }
        StoreModel.Image image = store.tags().get(last);
        yield image == null
            ? failed("Error response from daemon: No such image: " + last)
            : ok(image.id() + "\n");
      }
      case "image tag" -> {
        StoreModel.Image moved = store.tags().put(last, image(argv.get(3)));
        if (moved != null) {
          untagged.put(moved.id(), moved);
        }
        changes.add("tag " + argv.get(3) + " " + last);
        yield ok("");
      }
      case "image rm" -> {
        List<String> tags = argv.subList(3, argv.size());
        tags.forEach(store::remove);
        tags.forEach(tag -> changes.add("rm " + tag));
        yield ok(tags.stream().map(tag -> "Untagged: " + tag + "\n").collect(joining()));
      }
      case "container inspect" ->
          argv.contains("{{json .Config.Env}}")
              ? ok(environments.getOrDefault(last.replace("container-", ""), "null"))
              : containers.inspect(last);
      default -> throw new IllegalArgumentException("not scripted: " + argv);
    };
  }

  private ExecResult loadDelta(List<String> arguments, byte[] program) {
    oldDirectories = List.of(arguments.get(5).split("\n", -1));
    byte[] archive = makes.apply(program);
    return load(arguments.subList(6, arguments.size()), archive);
  }

  private ExecResult load(List<String> releases, byte[] archive) {
    changes.add("load");
    beforeLoad.run();
    Set<String> before = Set.copyOf(store.tags().keySet());
    StoreModel.Loaded loaded =
        load == Load.FAILS
            ? new StoreModel.Loaded(false, "write /var/lib/docker/tmp: no space left on device")
            : store.load(archive);
    String said = loaded.said().replace('\n', ' ');
    if (load == Load.LIES) {
      store.tags().keySet().stream().filter(tag -> !before.contains(tag)).forEach(rotten::add);
      said = "Loaded image: x Error unpacking image x: NotFound";
    }
    return ok("loaded " + (loaded.ok() ? 0 : 1) + " " + said + "\n" + prove(releases, loaded.ok()));
  }

  private StoreModel.Image image(String tag) {
    StoreModel.Image image = store.tags().getOrDefault(tag, untagged.get(tag));
    if (image == null) {
      image =
          store.tags().values().stream()
              .filter(any -> any.id().equals(tag))
              .findFirst()
              .orElse(null);
    }
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
