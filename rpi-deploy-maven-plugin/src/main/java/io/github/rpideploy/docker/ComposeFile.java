package io.github.rpideploy.docker;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.PlainText;
import java.util.Collection;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.constructor.ConstructYamlNull;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.Schema;

/**
 * The part of {@code docker compose config} that the plugin needs. The rest may hold secrets and is
 * dropped.
 *
 * @param services by name, in the file's order
 */
public record ComposeFile(Map<String, Service> services) {

  /** What the compose specification allows. Names are in command lines and make file names. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");

  /** Far more than anybody writes, in characters. */
  private static final int LARGEST = 1 << 20;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setSchema(new TextSchema()).build();

  /** Every scalar is text, or null: a number may have a million digits. */
  private static final class TextSchema implements Schema {

    @Override
    public ScalarResolver getScalarResolver() {
      return (value, implicit) ->
          implicit && (value.isEmpty() || value.equals("null")) ? Tag.NULL : Tag.STR;
    }

    @Override
    public Map<Tag, ConstructNode> getSchemaTagConstructors() {
      return Map.of(Tag.NULL, new ConstructYamlNull());
    }
  }

  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([bkmg]?)b?");

  /**
   * A service of the file.
   *
   * @param image the image that it names, or null when it only has a {@code build}
   * @param ports where it listens on the Pi; ranges, and ports that the Engine chooses, are left
   *     out
   * @param dependsOn the services that compose starts before it
   * @param memoryLimit in bytes; empty when it has none
   * @param log where its log goes
   */
  public record Service(
      @Nullable String image,
      List<Endpoint> ports,
      Set<String> dependsOn,
      OptionalLong memoryLimit,
      Log log) {

    /** Keeps copies. */
    public Service {
      ports = List.copyOf(ports);
      dependsOn = Set.copyOf(dependsOn);
    }

    /** A service with an image and nothing else. */
    public static Service of(@Nullable String image) {
      return new Service(image, List.of(), Set.of(), OptionalLong.empty(), Log.DEFAULT);
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
  }

  /** The service of that name. */
  public Optional<Service> service(String name) {
    return Optional.ofNullable(services.get(name));
  }

  /** Whether a service can be called so. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * @throws DeployException when it is not what compose prints, or a name is none: compose itself
   *     would have refused it
   */
  static ComposeFile parse(String yaml) {
    Map<String, Service> services = new LinkedHashMap<>();
    map(root(yaml).get("services"))
        .forEach((name, body) -> services.put(name(name), service(map(body))));
    return new ComposeFile(services);
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

  /** What the parser says of a file that it refuses quotes it, and with it perhaps a secret. */
  private static Map<String, Object> root(String yaml) {
    if (yaml.length() > LARGEST) {
      throw unreadable("it has " + yaml.length() + " characters");
    }
    try {
      return map(new Load(SETTINGS).loadFromString(yaml));
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ", in line " + (mark.getLine() + 1)).orElse("");
      throw unreadable(e.getProblem() + line);
    } catch (YamlEngineException e) {
      throw unreadable(String.valueOf(e.getMessage()).lines().findFirst().orElse("malformed"));
    } catch (StackOverflowError e) {
      // The parser calls itself for every level.
      throw unreadable("it is nested too deeply");
    }
  }

  private static DeployException unreadable(String why) {
    return new DeployException(
        "What compose on the Pi printed is not a compose file: " + why,
        "See what it prints, in the directory on the Pi: docker compose config");
  }

  private static Service service(Map<String, Object> body) {
    Map<String, Object> logging = map(body.get("logging"));
    return new Service(
        text(body.get("image")),
        Ports.ofCompose(body.get("ports")),
        dependsOn(body.get("depends_on")),
        memoryLimit(body),
        new Log(text(logging.get("driver")), map(logging.get("options")).containsKey("max-size")));
  }

  /** Compose prints a list of names, or a map from names to conditions. */
  private static Set<String> dependsOn(@Nullable Object node) {
    return (node instanceof List<?> names ? names.stream() : map(node).keySet().stream())
        .map(name -> name(Objects.requireNonNullElse(text(name), "")))
        .collect(Collectors.toSet());
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

  /**
   * The text of a YAML scalar; null when the node is anything else. Of that there may be no text: a
   * list may contain itself, or a billion others by its aliases.
   */
  static @Nullable String text(@Nullable Object node) {
    return node instanceof Map || node instanceof Collection ? null : Objects.toString(node, null);
  }

  /** The entries of a YAML map; none when the node is anything else. */
  private static Map<String, Object> map(@Nullable Object node) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (node instanceof Map<?, ?> nodes) {
      nodes.forEach((key, value) -> result.put(String.valueOf(key), value));
    }
    return result;
  }
}
