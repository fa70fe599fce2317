package io.github.rpideploy.docker.file;

import static io.github.rpideploy.docker.file.ComposeTree.map;
import static io.github.rpideploy.docker.file.ComposeTree.text;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.PlainText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the plugin needs of {@code docker compose config}; the rest may hold secrets.
 *
 * @param services by name, in the file's order
 * @param named the same, and those of profiles that are not active, which run when they are named
 */
public record ComposeFile(Map<String, Service> services, Map<String, Service> named) {

  /** What the compose specification allows. Names are in command lines and make file names. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([bkmg]?)b?");

  /**
   * A service of the file.
   *
   * @param image the image that it names, or null when it only has a {@code build}
   * @param ports where it listens on the Pi; ranges, and ports that the Engine chooses, are left
   *     out
   * @param namesPort whether it names a TCP port that its containers listen on, in {@code ports} or
   *     {@code expose}
   * @param needs the services that compose starts before it, in the file's order
   * @param memoryLimit in bytes; empty when it has none
   * @param log where its log goes
   * @param platform what its image must be for, or null for whatever fits the Engine
   * @param scale how many containers it has, and whether it may have another one
   */
  public record Service(
      @Nullable String image,
      List<Endpoint> ports,
      boolean namesPort,
      Map<String, Need> needs,
      OptionalLong memoryLimit,
      Log log,
      @Nullable String platform,
      Scale scale) {

    /** Keeps copies. */
    public Service {
      ports = List.copyOf(ports);
      needs = Collections.unmodifiableMap(new LinkedHashMap<>(needs));
    }

    /** A service with an image and nothing else. */
    public static Service of(@Nullable String image) {
      return new Service(
          image, List.of(), false, Map.of(), OptionalLong.empty(), Log.DEFAULT, null, Scale.ONE);
    }

    /** The services that compose starts before it. */
    public Set<String> dependsOn() {
      return needs.keySet();
    }

    /** The TCP ports of the Pi that it publishes. */
    public List<Integer> publishedPorts() {
      return ports.stream()
          .filter(port -> port.protocol().equals("tcp"))
          .map(Endpoint::port)
          .toList();
    }
  }

  /**
   * What a service needs of another one.
   *
   * @param condition compose's word for what that must have reached
   * @param required whether the service cannot do without it
   */
  public record Need(String condition, boolean required) {

    public static final String STARTED = "service_started";
    public static final String HEALTHY = "service_healthy";
    public static final String COMPLETED = "service_completed_successfully";

    /** What the short form says. */
    public static final Need DEFAULT = new Need(STARTED, true);
  }

  /**
   * Where the log of a service goes.
   *
   * @param driver the log driver, or null for the default of the Engine
   * @param rotates whether the service itself limits the size of its log
   */
  public record Log(@Nullable String driver, boolean rotates) {

    /** What the Engine does by default. */
    public static final Log DEFAULT = new Log(null, false);
  }

  public ComposeFile {
    services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
    named = Map.copyOf(named);
  }

  /** One without profiles. */
  public ComposeFile(Map<String, Service> services) {
    this(services, services);
  }

  /** The service of that name, whatever its profile is. */
  public Optional<Service> service(String name) {
    return Optional.ofNullable(services.getOrDefault(name, named.get(name)));
  }

  /** The ports that two services publish. */
  public List<PortClash> portClashes() {
    List<PortClash> clashes = new ArrayList<>();
    List<Map.Entry<String, Service>> all = List.copyOf(services.entrySet());
    for (int i = 0; i < all.size(); i++) {
      Map.Entry<String, Service> one = all.get(i);
      for (Map.Entry<String, Service> other : all.subList(i + 1, all.size())) {
        one.getValue().ports().stream()
            .filter(port -> other.getValue().ports().stream().anyMatch(port::collides))
            .forEach(port -> clashes.add(new PortClash(one.getKey(), other.getKey(), port)));
      }
    }
    return clashes;
  }

  /** Whether a service can be called so. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * Reads it.
   *
   * @param yaml what compose prints, and behind a comment what it prints for all profiles
   * @throws DeployException when it is not what compose prints, or a name is none: compose itself
   *     would have refused it
   */
  public static ComposeFile parse(String yaml) {
    String[] documents = yaml.split("(?m)^# of all profiles\n", 2);
    return new ComposeFile(services(documents[0]), services(documents[documents.length - 1]));
  }

  private static Map<String, Service> services(String yaml) {
    Map<String, Service> services = new LinkedHashMap<>();
    map(ComposeTree.root(yaml).get("services"))
        .forEach((name, body) -> services.put(name(name), service(map(body))));
    return services;
  }

  private static String name(String text) {
    if (isName(text)) {
      return text;
    }
    throw new DeployException(
        "Compose on the Pi names a service '%s', which no service can be called"
            .formatted(PlainText.line(text)),
        "No compose prints that. See what answers in its place on the Pi: docker compose config");
  }

  private static Service service(Map<String, Object> body) {
    Map<String, Object> logging = map(body.get("logging"));
    return new Service(
        text(body.get("image")),
        Ports.ofCompose(body.get("ports")),
        Ports.namesTcp(body.get("ports")) || Ports.namesTcp(body.get("expose")),
        needs(body.get("depends_on")),
        memoryLimit(body),
        new Log(text(logging.get("driver")), map(logging.get("options")).containsKey("max-size")),
        text(body.get("platform")),
        Scale.of(body));
  }

  /** Compose prints a list of names, or a map from names to conditions. */
  private static Map<String, Need> needs(@Nullable Object node) {
    Map<String, Need> needs = new LinkedHashMap<>();
    if (node instanceof List<?> names) {
      names.forEach(
          name -> needs.put(name(Objects.requireNonNullElse(text(name), "")), Need.DEFAULT));
    }
    map(node)
        .forEach(
            (name, said) -> {
              Map<String, Object> need = map(said);
              String condition = text(need.get("condition"));
              needs.put(
                  name(name),
                  new Need(
                      condition == null ? Need.STARTED : condition,
                      !"false".equals(text(need.get("required")))));
            });
    return needs;
  }

  private static OptionalLong memoryLimit(Map<String, Object> service) {
    Map<String, Object> resources = map(map(service.get("deploy")).get("resources"));
    Object limit = service.getOrDefault("mem_limit", map(resources.get("limits")).get("memory"));
    Matcher size = SIZE.matcher(String.valueOf(text(limit)).toLowerCase(Locale.ROOT));
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    int bits = 10 * "bkmg".indexOf(size.group(2).isEmpty() ? "b" : size.group(2));
    long units = Long.parseLong(size.group(1));
    boolean isLimit = units > 0 && units <= Long.MAX_VALUE >> bits;
    return isLimit ? OptionalLong.of(units << bits) : OptionalLong.empty();
  }
}
