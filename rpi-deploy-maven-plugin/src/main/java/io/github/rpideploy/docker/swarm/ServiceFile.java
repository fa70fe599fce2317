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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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

  /** What other parts of a compose file a service may use, by its own key. */
  private static final List<String> SHARED = List.of("networks", "volumes", "configs", "secrets");

  /**
   * Makes it of a compose file.
   *
   * @param config what compose prints
   * @param directory the compose directory, absolute or relative to the user's home
   * @param release the release's tag
   * @param image by which each node knows its image
   * @throws DeployException when the file says something of the service that no swarm can do
   */
  public static ServiceFile of(
      String config, String directory, String service, String release, String image) {
    Map<String, Object> file = ComposeTree.typed(config);
    String stack = stack(file, directory);
    Map<String, Object> said = ComposeTree.map(ComposeTree.map(file.get("services")).get(service));
    Map<String, Object> body = SwarmTerms.of(service, said, directory);
    Map<String, Object> deploy = ComposeTree.map(body.get("deploy"));
    body.put("deploy", deploy);
    Map<String, Object> whole = new TreeMap<>();
    // The last version that Engine 20.10 knows.
    whole.put("version", "3.9");
    Map<String, Object> services = new TreeMap<>();
    services.put(service, body);
    whole.put("services", services);
    for (String kind : SHARED) {
      Map<String, Object> used = used(kind, stack, body, ComposeTree.map(file.get(kind)));
      if (!used.isEmpty()) {
        whole.put(kind, used);
      }
    }
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
    return ComposeTree.text(
        file.get("name"),
        last.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "").replaceFirst("^[_-]+", ""));
  }

  /** The SHA-256 of the text. */
  public String sum() {
    return sha256(text);
  }

  private static void label(Map<String, Object> part, Map<String, String> more) {
    Map<String, Object> labels = ComposeTree.map(part.get("labels"));
    labels.putAll(more);
    part.put("labels", labels);
  }

  private static Map<String, Object> used(
      String kind, String stack, Map<String, Object> body, Map<String, Object> all) {
    Set<String> names = names(body.get(kind));
    Map<String, Object> used = new LinkedHashMap<>();
    all.forEach(
        (name, said) -> {
          if (names.contains(name)) {
            Map<String, Object> part = ComposeTree.map(said);
            // The name that the stack gives it anyway.
            if ((stack + "_" + name).equals(part.get("name"))) {
              part.remove("name");
            }
            if (ComposeTree.map(part.get("ipam")).isEmpty()) {
              part.remove("ipam");
            }
            used.put(name, part);
          }
        });
    return used;
  }

  private static Set<String> names(@Nullable Object uses) {
    if (uses instanceof Collection<?> list) {
      List<String> names = new ArrayList<>();
      for (Object one : list) {
        names.add(
            one instanceof Map<?, ?>
                ? ComposeTree.text(ComposeTree.map(one).get("source"), "")
                : String.valueOf(one));
      }
      return Set.copyOf(names);
    }
    return ComposeTree.map(uses).keySet();
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
