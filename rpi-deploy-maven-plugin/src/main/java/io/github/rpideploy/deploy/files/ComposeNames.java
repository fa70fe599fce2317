package io.github.rpideploy.deploy.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * The names of files in a local compose file, in those that it includes, and in those that its
 * services extend. Whether such a file is here is not asked.
 */
final class ComposeNames {

  /** Larger ones are none; and so many files nobody includes. */
  private static final long LARGEST = 1 << 20;

  private static final int MOST_FILES = 200;

  private final Path root;
  private final Map<String, NamedFile> names = new LinkedHashMap<>();
  private final Set<String> told = new LinkedHashSet<>();
  private final Set<String> details = new LinkedHashSet<>();

  /** The files of configs and secrets by {@code configs app}, and which services have them. */
  private final Map<String, String> resources = new HashMap<>();

  private final Map<String, Set<String>> resourcesOf = new LinkedHashMap<>();

  private final Set<String> including = new HashSet<>();
  private final Set<String> extending = new HashSet<>();

  /**
   * A compose file that is being read.
   *
   * @param base where its paths start, relative to the first one's directory
   * @param shownAs how messages name it
   */
  private record Document(YamlTree tree, Map<String, Node> entries, String base, String shownAs) {

    Map<String, Node> map(String key) {
      return tree.map(entries.get(key));
    }
  }

  private ComposeNames(Path root) {
    this.root = root;
  }

  /**
   * @param override a second compose file, or null
   */
  static ComposeNames of(Path composeFile, @Nullable Path override) {
    ComposeNames names =
        new ComposeNames(composeFile.toAbsolutePath().normalize().resolveSibling("").normalize());
    try {
      names.readWhole(composeFile, "", null);
      if (override != null) {
        names.readWhole(override, "", StackFiles.OVERRIDE);
      }
    } catch (YamlEngineException e) {
      names.unreadable(composeFile.toString(), String.valueOf(e.getMessage()));
    }
    names.resources();
    return names;
  }

  /** Where the names start. */
  Path root() {
    return root;
  }

  /** What is named, each name of each service once. */
  List<NamedFile> names() {
    return List.copyOf(names.values());
  }

  /** What the user should hear of. */
  Set<String> told() {
    return told;
  }

  /** What helps only to find a cause. */
  Set<String> details() {
    return details;
  }

  /**
   * @param shapes the path of the file, when services that are in it change with it; else null
   */
  private void readWhole(Path file, String base, @Nullable String shapes) {
    Document document = document(file, base);
    if (document == null) {
      return;
    }
    for (String kind : List.of("configs", "secrets")) {
      document
          .map(kind)
          .forEach(
              (name, body) -> {
                String path =
                    path(
                        document,
                        YamlTree.text(document.tree().map(body).get("file")),
                        kind + " " + name);
                if (path != null) {
                  resources.put(kind + " " + name, path);
                }
              });
    }
    document
        .map("services")
        .forEach(
            (service, body) -> {
              if (shapes != null) {
                add(new NamedFile(shapes, "include", service, true, false));
              }
              service(document, service, body);
            });
    for (Node include : document.tree().list(document.entries().get("include"))) {
      include(document, include);
    }
  }

  private void include(Document document, Node node) {
    Map<String, Node> body = document.tree().map(node);
    Node paths = body.isEmpty() ? node : body.get("path");
    String project = YamlTree.text(body.get("project_directory"));
    String first = null;
    for (Node one : document.tree().list(paths)) {
      String path = path(document, YamlTree.text(one), "include");
      if (path == null) {
        continue;
      }
      add(new NamedFile(path, "include", null, true, false));
      first = first == null ? Names.parent(path) : first;
      String base = project == null ? first : Names.normalized(document.base(), project);
      if (base != null && including.add(path)) {
        readWhole(root.resolve(path), base.equals(".") ? "" : base, path);
      }
    }
    for (Node one : document.tree().list(body.get("env_file"))) {
      String path = path(document, YamlTree.text(one), "env_file of include");
      if (path != null) {
        add(new NamedFile(path, "env_file of include", null, true, false));
      }
    }
  }

  private void service(Document document, String service, Node node) {
    Map<String, Node> body = document.tree().map(node);
    for (String key : List.of("env_file", "label_file")) {
      for (Node one : document.tree().list(body.get(key))) {
        Map<String, Node> longForm = document.tree().map(one);
        String text = YamlTree.text(longForm.isEmpty() ? one : longForm.get("path"));
        String path = path(document, text, key + " of " + service);
        if (path != null) {
          add(new NamedFile(path, key + " of " + service, service, true, true));
        }
      }
    }
    for (Node one : document.tree().list(body.get("volumes"))) {
      Map<String, Node> longForm = document.tree().map(one);
      String text = YamlTree.text(one);
      String source =
          text != null
              ? Names.mounted(text)
              : "bind".equals(YamlTree.text(longForm.get("type")))
                  ? YamlTree.text(longForm.get("source"))
                  : null;
      String path = path(document, source, "volumes of " + service);
      if (path != null) {
        add(new NamedFile(path, "volumes of " + service, service, false, true));
      }
    }
    for (String kind : List.of("configs", "secrets")) {
      for (Node one : document.tree().list(body.get(kind))) {
        String text = YamlTree.text(one);
        String name = text == null ? YamlTree.text(document.tree().map(one).get("source")) : text;
        if (name != null) {
          resourcesOf.computeIfAbsent(kind + " " + name, key -> new LinkedHashSet<>()).add(service);
        }
      }
    }
    extend(document, service, body.get("extends"));
  }

  private void extend(Document document, String service, @Nullable Node node) {
    Map<String, Node> body = document.tree().map(node);
    String name = body.isEmpty() ? YamlTree.text(node) : YamlTree.text(body.get("service"));
    String file = YamlTree.text(body.get("file"));
    if (name == null) {
      return;
    }
    Document other = document;
    if (file != null) {
      String path = path(document, file, "extends of " + service);
      if (path == null) {
        return;
      }
      add(new NamedFile(path, "extends of " + service, service, true, false));
      other = document(root.resolve(path), Names.parent(path));
    }
    if (other == null || !extending.add(service + " " + name + " " + other.shownAs())) {
      return;
    }
    Node extended = other.map("services").get(name);
    if (extended != null) {
      service(other, service, extended);
    }
  }

  /** Whoever has a config or secret may be in another file. */
  private void resources() {
    resources.forEach(
        (resource, path) -> {
          add(new NamedFile(path, resource, null, false, true));
          resourcesOf
              .getOrDefault(resource, Set.of())
              .forEach(service -> add(new NamedFile(path, resource, service, false, true)));
        });
  }

  private void add(NamedFile name) {
    names.putIfAbsent(name.path() + "\n" + name.service() + "\n" + name.used(), name);
  }

  /** The path that is meant; null when there is none to send. */
  private @Nullable String path(Document document, @Nullable String text, String by) {
    if (text == null || text.isBlank() || text.contains("://") || text.startsWith("git@")) {
      return null;
    }
    String name = Names.interpolated(text);
    if (name == null) {
      told.add(
          "%s (%s in %s) has a variable without a default, whose value only the Pi knows"
              .formatted(text, by, document.shownAs()));
      return null;
    }
    if (Names.isAbsolute(name)) {
      // Most often a place of the Pi: /var/run/docker.sock. One that is here was meant otherwise.
      boolean ofThisMachine =
          name.startsWith(root + "/") || name.startsWith(System.getProperty("user.home") + "/");
      (ofThisMachine ? told : details)
          .add("%s (%s in %s) is absolute".formatted(name, by, document.shownAs()));
      return null;
    }
    String path = Names.normalized(document.base(), name.replace('\\', '/'));
    if (path == null) {
      told.add(
          "%s (%s in %s) is outside of the directory of the compose file"
              .formatted(name, by, document.shownAs()));
    }
    return path;
  }

  /** The file, if it is here and can be read; compose on the Pi says what is wrong with it. */
  private @Nullable Document document(Path file, String base) {
    String shownAs = file.startsWith(root) ? root.relativize(file).toString() : file.toString();
    if (including.size() + extending.size() > MOST_FILES) {
      throw new YamlEngineException("it includes or extends more than " + MOST_FILES + " files");
    }
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
        return null;
      }
      YamlTree tree = YamlTree.parse(Files.readString(file));
      return new Document(tree, tree.entries(), base, shownAs);
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
      unreadable(shownAs + line, String.valueOf(e.getProblem()));
    } catch (YamlEngineException | IOException e) {
      unreadable(shownAs, String.valueOf(e.getMessage()).lines().findFirst().orElse("malformed"));
    }
    return null;
  }

  /** What the parser says besides the problem quotes the file, and with it perhaps a secret. */
  private void unreadable(String file, String why) {
    told.add("what " + file + " names is not known: " + why);
  }
}
