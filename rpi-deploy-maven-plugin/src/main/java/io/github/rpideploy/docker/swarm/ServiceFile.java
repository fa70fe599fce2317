package io.github.rpideploy.docker.swarm;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.rpideploy.DeployException;
import io.github.rpideploy.docker.file.ComposeTree;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker stack deploy} is told of one service: that service with the image of one
 * release, and the networks, volumes, configs and secrets that it uses. It is made of what {@code
 * docker compose config} prints, in which variables, {@code include} and {@code extends} are
 * resolved.
 *
 * @param stack the name of the stack
 * @param text JSON, which docker reads as it reads YAML; it may hold secrets
 * @param digest the SHA-256 of what each task is made of: all but the number of replicas
 * @param made the SHA-256 of what the compose file says of the service: all but the image
 */
public record ServiceFile(String stack, String text, String digest, String made) {

  /** The label of services and containers that has the digest. */
  static final String DIGEST = "io.github.rpideploy.digest";

  /** The label of services that says of what part of a compose file they are made. */
  static final String MADE = "io.github.rpideploy.made";

  /** The label of services that has the tag of the release. */
  static final String RELEASE = "io.github.rpideploy.release";

  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

  /**
   * Makes it of a compose file.
   *
   * @param config what compose prints
   * @param directory the compose directory, absolute or relative to the user's home
   * @param release the release's tag
   * @param image by which each node knows its image
   * @throws DeployException when the file says something of the service that no swarm can do, or
   *     does not have it
   */
  public static ServiceFile of(
      String config, String directory, String service, String release, String image) {
    Map<String, Object> file = ComposeTree.typed(config);
    String stack = stack(file, directory);
    Map<String, Object> said = ComposeTree.map(ComposeTree.map(file.get("services")).get(service));
    if (said.isEmpty()) {
      throw new DeployException(
          "Compose finds no service " + service + " in the compose file of " + directory,
          "See what it finds, in that directory on the Pi: docker compose --profile '*' config"
              + " --services; nothing was changed");
    }
    Refusals refused = new Refusals();
    Map<String, Object> body = SwarmTerms.of(said, directory, refused);
    Map<String, Object> deploy = ComposeTree.map(body.get("deploy"));
    body.put("deploy", deploy);
    Map<String, Object> whole = new TreeMap<>();
    whole.put("version", version(body));
    Map<String, Object> services = new TreeMap<>();
    services.put(service, body);
    whole.put("services", services);
    for (String kind : SharedParts.KINDS) {
      Map<String, Object> used =
          SharedParts.used(kind, stack, body.get(kind), ComposeTree.map(file.get(kind)), refused);
      if (!used.isEmpty()) {
        whole.put(kind, used);
      }
    }
    refused.throwIfAny(service);
    String made = sha256(json(whole));
    body.put("image", image);
    Object replicas = deploy.remove("replicas");
    String digest = sha256(json(whole));
    if (replicas != null) {
      deploy.put("replicas", replicas);
    }
    label(body, Map.of(DIGEST, digest));
    label(deploy, Map.of(DIGEST, digest, MADE, made, RELEASE, release));
    return new ServiceFile(stack, json(whole), digest, made);
  }

  /** The last one that Engine 20.10 knows, unless there is something that came with Engine 25. */
  private static String version(Map<String, Object> body) {
    return ComposeTree.map(body.get("healthcheck")).containsKey("start_interval") ? "3.12" : "3.9";
  }

  /** The same whatever order compose prints it in. */
  private static String json(Map<String, Object> whole) {
    return GSON.toJson(sorted(whole));
  }

  private static @Nullable Object sorted(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, value) -> sorted.put(String.valueOf(key), sorted(value)));
      return sorted;
    }
    return node instanceof Collection<?> list
        ? list.stream().map(ServiceFile::sorted).collect(Collectors.toCollection(ArrayList::new))
        : node;
  }

  /** The name of the stack of a compose file: that of the compose project. */
  public static String stack(String config, String directory) {
    return stack(ComposeTree.typed(config), directory);
  }

  /** Version 1 of compose does not print it, but derives it from the directory's name too. */
  private static String stack(Map<String, Object> file, String directory) {
    String last = directory.replaceFirst("/+$", "").replaceFirst(".*/", "");
    String name =
        last.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "").replaceFirst("^[_-]+", "");
    return ComposeTree.text(file.get("name"), name.isEmpty() ? "default" : name);
  }

  /** The SHA-256 of the text. */
  public String sum() {
    return sha256(text);
  }

  private static void label(Map<String, Object> part, Map<String, String> more) {
    Map<String, Object> labels = SwarmTerms.pairs(part.get("labels"));
    labels.putAll(more);
    part.put("labels", labels);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
