import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The image tarballs that were sent, as Jib wrote them: DIRECTORY/VARIANT/SERVICE/target/jib-image.tar. */
record Tarballs(Path directory) {

  /** The size of a tarball in bytes. */
  double size(String variant, String service) throws IOException {
    Path file = file(variant, service);
    return Files.exists(file) ? Files.size(file) : Double.NaN;
  }

  /** The compressed bytes of the layers that a case changes: no tool that sends layers can send less without compressing better. NaN if it was not built. */
  double changed(String scenario) throws IOException {
    Map<String, Long> wanted = new LinkedHashMap<>();
    switch (scenario) {
      case "cold" -> wanted.putAll(layers("base", "auth-server"));
      case "two" -> {
        wanted.putAll(layers("base", "auth-server"));
        wanted.putAll(layers("base", "extension-server"));
      }
      case "six" -> {
        for (String service : services("six")) {
          wanted.putAll(layers("six", service));
        }
      }
      case "class", "dependency", "patch", "boot", "library", "jre" -> {
        wanted.putAll(layers(scenario, "auth-server"));
        wanted.keySet().removeAll(layers(scenario.equals("library") ? "own" : "base", "auth-server").keySet());
      }
      case "nothing" -> {
        return 0;
      }
      default -> throw new IllegalArgumentException(scenario);
    }
    return wanted.isEmpty() ? Double.NaN : sum(wanted);
  }

  private List<String> services(String variant) throws IOException {
    if (!Files.isDirectory(directory.resolve(variant))) {
      return List.of();
    }
    try (Stream<Path> modules = Files.list(directory.resolve(variant))) {
      return modules.map(module -> module.getFileName().toString()).filter(name -> Files.exists(file(variant, name))).sorted().toList();
    }
  }

  double layerBytes(String variant, String service) throws IOException {
    return sum(layers(variant, service));
  }

  /** The bytes of an image's config and manifest. */
  double documents(String variant, String service) throws IOException {
    Map<String, Long> documents = entries(variant, service);
    documents.keySet().removeIf(name -> !name.endsWith(".json"));
    return sum(documents);
  }

  /** Both services' layers, each once, as the plugin sends them: as zstd where its cache of compressed layers has that. */
  double asSent(Path cache) throws IOException {
    Map<String, Long> zstd = new LinkedHashMap<>();
    if (Files.isDirectory(cache)) {
      try (Stream<Path> files = Files.list(cache)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".zst")).toList()) {
          zstd.put(file.getFileName().toString().substring(0, 64), Files.size(file));
        }
      }
    }
    if (zstd.isEmpty()) {
      return Double.NaN;
    }
    Set<String> counted = new LinkedHashSet<>();
    long sum = 0;
    for (String service : List.of("auth-server", "extension-server")) {
      List<Long> sizes = List.copyOf(layers("base", service).values());
      List<String> diffIds = hex(text("base", service, "config.json"), "\"diff_ids\":\\[([^\\]]*)");
      for (int i = 0; i < sizes.size(); i++) {
        if (counted.add(diffIds.get(i))) {
          sum += Math.min(sizes.get(i), zstd.getOrDefault(diffIds.get(i), Long.MAX_VALUE));
        }
      }
    }
    return sum;
  }

  private static double sum(Map<String, Long> sizes) {
    return sizes.isEmpty() ? 0 : sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** A tarball's layers, lowest first, with their sizes. */
  private Map<String, Long> layers(String variant, String service) throws IOException {
    Map<String, Long> entries = entries(variant, service);
    Map<String, Long> layers = new LinkedHashMap<>();
    for (String digest : hex(text(variant, service, "manifest.json"), "\"Layers\":\\[([^\\]]*)")) {
      layers.put(digest, entries.get(digest + ".tar.gz"));
    }
    return layers;
  }

  private static List<String> hex(String json, String list) {
    Matcher part = Pattern.compile(list).matcher(json);
    List<String> found = new ArrayList<>();
    if (part.find()) {
      Matcher digits = Pattern.compile("[0-9a-f]{64}").matcher(part.group(1));
      while (digits.find()) {
        found.add(digits.group());
      }
    }
    return found;
  }

  private Map<String, Long> entries(String variant, String service) throws IOException {
    Map<String, Long> entries = new LinkedHashMap<>();
    walk(variant, service, (name, offset, size, in) -> entries.put(name, size));
    return entries;
  }

  private String text(String variant, String service, String wanted) throws IOException {
    StringBuilder text = new StringBuilder();
    walk(
        variant,
        service,
        (name, offset, size, in) -> {
          if (name.equals(wanted)) {
            byte[] bytes = new byte[(int) size];
            in.seek(offset);
            in.readFully(bytes);
            text.append(new String(bytes, StandardCharsets.UTF_8));
          }
        });
    return text.toString();
  }

  private interface Visitor {
    void entry(String name, long offset, long size, RandomAccessFile in) throws IOException;
  }

  private void walk(String variant, String service, Visitor visitor) throws IOException {
    if (!Files.exists(file(variant, service))) {
      return;
    }
    byte[] header = new byte[512];
    try (RandomAccessFile in = new RandomAccessFile(file(variant, service).toFile(), "r")) {
      for (long at = 0; at + 512 <= in.length(); ) {
        in.seek(at);
        in.readFully(header);
        if (header[0] == 0) {
          return;
        }
        String name = new String(header, 0, 100, StandardCharsets.US_ASCII).replaceFirst("\0.*", "");
        long size = Long.parseLong(new String(header, 124, 11, StandardCharsets.US_ASCII).trim(), 8);
        visitor.entry(name, at + 512, size, in);
        at += 512 + (size + 511) / 512 * 512;
      }
    }
  }

  private Path file(String variant, String service) {
    return directory.resolve(variant).resolve(service).resolve("target/jib-image.tar");
  }
}
