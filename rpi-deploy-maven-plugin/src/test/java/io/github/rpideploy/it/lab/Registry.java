package io.github.rpideploy.it.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.rpideploy.image.TestTar;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A registry on this machine that a Pi really pulls from: the part of the OCI distribution
 * specification that a pull needs, over plain HTTP on 127.0.0.1. On the Pi it is at {@link #ON_PI},
 * through a tunnel of OpenSSH: Docker trusts a registry on 127.0.0.1 without TLS.
 */
public final class Registry implements AutoCloseable {

  /** Where it is on the Pi. */
  public static final String ON_PI = "127.0.0.1:5000";

  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private static final String LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record Content(String type, byte[] bytes) {}

  private final HttpServer server;
  private final Process tunnel;

  /** By path. */
  private final Map<String, Content> contents = new ConcurrentHashMap<>();

  /** What was asked for. */
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /** Whether layers stop in the middle. */
  private volatile boolean hangs;

  public Registry(Lab pi) throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
    tunnel = pi.tunnelBack(ON_PI, server.getAddress().getPort());
  }

  /** Has an image, for the architecture that its config says. */
  public void add(String name, Path tarball) throws Exception {
    contents.put(manifest(name), new Content(MANIFEST, image(name, tarball, null)));
  }

  /** Has the same as an image for another architecture. */
  public void add(String name, Path tarball, String architecture) throws Exception {
    contents.put(manifest(name), new Content(MANIFEST, image(name, tarball, architecture)));
  }

  /** Has an image for several architectures, but only this one is among them. */
  public void addIndex(String name, Path tarball, String architecture) throws Exception {
    byte[] image = image(name, tarball, architecture);
    JsonObject platform = new JsonObject();
    platform.addProperty("os", "linux");
    platform.addProperty("architecture", architecture);
    JsonObject one = descriptor(MANIFEST, image);
    one.add("platform", platform);
    JsonArray all = new JsonArray();
    all.add(one);
    JsonObject index = new JsonObject();
    index.addProperty("schemaVersion", 2);
    index.addProperty("mediaType", LIST);
    index.add("manifests", all);
    String path = manifest(name);
    byte[] bytes = index.toString().getBytes(UTF_8);
    contents.put(
        path.substring(0, path.lastIndexOf('/') + 1) + digest(bytes), new Content(LIST, bytes));
    contents.put(path, new Content(LIST, index.toString().getBytes(UTF_8)));
  }

  /** From now on layers stop in the middle until they may go on. */
  public void hang(boolean hang) {
    hangs = hang;
  }

  /** The paths that were asked for since the last call. */
  public List<String> asked() {
    List<String> paths = List.copyOf(asked);
    asked.clear();
    return paths;
  }

  private static String manifest(String name) {
    return "/v2/" + name.replace(":", "/manifests/");
  }

  private byte[] image(String name, Path tarball, String architecture) throws Exception {
    Map<String, byte[]> entries = TestTar.read(Files.readAllBytes(tarball));
    JsonObject saved =
        JsonParser.parseString(new String(entries.get("manifest.json"), UTF_8))
            .getAsJsonArray()
            .get(0)
            .getAsJsonObject();
    byte[] config = entries.get(saved.get("Config").getAsString());
    if (architecture != null) {
      JsonObject other = JsonParser.parseString(new String(config, UTF_8)).getAsJsonObject();
      other.addProperty("architecture", architecture);
      config = other.toString().getBytes(UTF_8);
    }
    JsonArray layers = new JsonArray();
    for (JsonElement layer : saved.getAsJsonArray("Layers")) {
      layers.add(
          blob(
              name,
              "application/vnd.docker.image.rootfs.diff.tar.gzip",
              entries.get(layer.getAsString())));
    }
    JsonObject manifest = new JsonObject();
    manifest.addProperty("schemaVersion", 2);
    manifest.addProperty("mediaType", MANIFEST);
    manifest.add("config", blob(name, "application/vnd.docker.container.image.v1+json", config));
    manifest.add("layers", layers);
    byte[] bytes = manifest.toString().getBytes(UTF_8);
    String path = manifest(name);
    contents.put(
        path.substring(0, path.lastIndexOf('/') + 1) + digest(bytes), new Content(MANIFEST, bytes));
    return bytes;
  }

  private JsonObject blob(String name, String type, byte[] bytes) throws Exception {
    String repository = name.substring(0, name.indexOf(':'));
    contents.put(
        "/v2/" + repository + "/blobs/" + digest(bytes),
        new Content("application/octet-stream", bytes));
    return descriptor(type, bytes);
  }

  private static JsonObject descriptor(String type, byte[] bytes) throws Exception {
    JsonObject descriptor = new JsonObject();
    descriptor.addProperty("mediaType", type);
    descriptor.addProperty("size", bytes.length);
    descriptor.addProperty("digest", digest(bytes));
    return descriptor;
  }

  private static String digest(byte[] bytes) throws Exception {
    return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      Content content = contents.get(path);
      if (path.equals("/v2/")) {
        send(exchange, 200, "application/json", "{}".getBytes(UTF_8));
      } else if (path.startsWith("/v2/limited/")) {
        error(exchange, 429, "TOOMANYREQUESTS", "You have reached your pull rate limit");
      } else if (path.startsWith("/v2/private/")) {
        error(exchange, 401, "UNAUTHORIZED", "authentication required");
      } else if (content == null) {
        error(exchange, 404, "MANIFEST_UNKNOWN", "manifest unknown");
      } else {
        send(exchange, 200, content.type(), content.bytes());
      }
    }
  }

  private void error(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    String json =
        "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\",\"detail\":null}]}"
            .formatted(code, message);
    send(exchange, status, "application/json", json.getBytes(UTF_8));
  }

  private void send(HttpExchange exchange, int status, String type, byte[] bytes)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Docker-Distribution-Api-Version", "registry/2.0");
    try {
      exchange.getResponseHeaders().set("Docker-Content-Digest", digest(bytes));
    } catch (Exception e) {
      throw new IOException(e);
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      int half = type.equals("application/octet-stream") && hangs ? bytes.length / 2 : 0;
      out.write(bytes, 0, half);
      out.flush();
      while (half > 0 && hangs) {
        Thread.sleep(50);
      }
      out.write(bytes, half, bytes.length - half);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    tunnel.destroy();
    server.stop(0);
  }
}
