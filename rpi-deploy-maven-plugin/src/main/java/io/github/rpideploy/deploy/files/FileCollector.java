package io.github.rpideploy.deploy.files;

import io.github.rpideploy.DeployException;
import io.github.rpideploy.deploy.spec.FilesSpec;
import io.github.rpideploy.report.Units;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the files that go along with a compose file, and reads each once. */
final class FileCollector {

  /** The compose files of the directory itself are sent as such, or are for this machine. */
  private static final Set<String> COMPOSE_FILES =
      Set.of(
          "compose.yaml",
          "compose.yml",
          "docker-compose.yaml",
          "docker-compose.yml",
          "compose.override.yaml",
          "compose.override.yml",
          "docker-compose.override.yaml",
          "docker-compose.override.yml",
          ".compose.yaml.before");

  /** Never meant, wherever they are. */
  private static final Set<String> NEVER = Set.of(".git", ".rpi");

  private static final int MOST_FILES = 20_000;

  private static final Pattern ASSIGNMENT =
      Pattern.compile("(?m)^\\s*(?:export\\s+)?([A-Za-z_]\\w*)\\s*[=:]");

  private final Path composeFile;
  private final FilesSpec spec;
  private final FileGlobs globs;
  private final ComposeNames names;
  private final Path root;
  private final Map<String, Found> found = new TreeMap<>();
  private final Set<String> told = new LinkedHashSet<>();
  private long total;

  private record Found(Path local, long size, String by) {}

  FileCollector(Path composeFile, FilesSpec spec) {
    this.composeFile = composeFile;
    this.spec = spec;
    this.globs = new FileGlobs(spec.globs());
    this.names = ComposeNames.of(composeFile, spec.override());
    this.root = names.root();
  }

  StackFiles collect() {
    Map<String, Set<String>> usedBy = new LinkedHashMap<>();
    Map<String, Set<String>> shaping = new LinkedHashMap<>();
    Set<String> read = new HashSet<>();
    if (spec.override() != null) {
      put(StackFiles.OVERRIDE, spec.override(), "rpi.composeFile");
      read.add(StackFiles.OVERRIDE);
    }
    for (NamedFile name : names.names()) {
      take(name.path(), name.by());
      if (name.read()) {
        read.add(name.path());
      }
      if (name.service() != null) {
        (name.used() ? usedBy : shaping)
            .computeIfAbsent(name.service(), service -> new LinkedHashSet<>())
            .add(name.path());
      }
    }
    for (String glob : globs.wanted()) {
      int before = found.size();
      boolean known = found.keySet().stream().anyMatch(path -> FileGlobs.matches(glob, path));
      take(FileGlobs.start(glob), glob, "rpi.files");
      if (found.size() == before && !known) {
        throw new DeployException(
            "rpi.files names " + glob + ", but no file is called so in " + root,
            "Correct it: globs are relative to the directory of the compose file");
      }
    }
    names.told().stream().map(text -> text + ": not sent").forEach(told::add);
    tellOfOverride();
    Map<String, StackFile> files = new TreeMap<>();
    found.forEach((path, file) -> files.put(path, read(path, file)));
    return new StackFiles(
        files,
        usedBy,
        shaping,
        read,
        List.copyOf(told),
        names.details().stream().map(text -> text + ": not sent").toList(),
        localEnv());
  }

  private void tellOfOverride() {
    COMPOSE_FILES.stream()
        .filter(name -> name.contains(".override."))
        .map(root::resolve)
        .filter(Files::isRegularFile)
        .filter(file -> !file.equals(spec.override()))
        .sorted()
        .forEach(
            file ->
                told.add(
                    "%s is for this machine: not sent. To have it on the Pi: -Drpi.composeFile=%s,%s"
                        .formatted(
                            file.getFileName(), composeFile.getFileName(), file.getFileName())));
  }

  private void take(String path, String by) {
    take(path, path, by);
  }

  /** Takes what is at a path or below, as far as it is here and the glob means it. */
  private void take(String path, String glob, String by) {
    Path local = path.equals(".") ? root : root.resolve(path);
    for (Path part = local; part != null && !part.equals(root); part = part.getParent()) {
      if (Files.isSymbolicLink(part)) {
        tellOfLink(part);
        return;
      }
    }
    if (Files.isRegularFile(local, LinkOption.NOFOLLOW_LINKS)) {
      consider(path, local, glob, by);
    } else if (Files.isDirectory(local, LinkOption.NOFOLLOW_LINKS)) {
      walk(local, glob, by);
    }
  }

  private void tellOfLink(Path link) {
    told.add(root.relativize(link) + " is a symbolic link: not sent");
  }

  private void walk(Path directory, String glob, String by) {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
              boolean left =
                  NEVER.contains(String.valueOf(dir.getFileName()))
                      || globs.excludes(relative(dir) + "/");
              return left && !dir.equals(root)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isSymbolicLink()) {
                if (FileGlobs.matches(glob, relative(file)) && !globs.excludes(relative(file))) {
                  tellOfLink(file);
                }
              } else if (attributes.isRegularFile()) {
                consider(relative(file), file, glob, by);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              if (globs.excludes(relative(file)) || globs.excludes(relative(file) + "/")) {
                return FileVisitResult.CONTINUE;
              }
              throw unreadable(relative(file), by, failure);
            }
          });
    } catch (IOException e) {
      throw unreadable(relative(directory), by, e);
    }
  }

  private String relative(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private void consider(String path, Path local, String glob, String by) {
    boolean isPrivate = Names.last(path).equals(".env") && !globs.namesEnv(path);
    // Of the one beside the compose file more is known once the Pi was asked.
    if (isPrivate && !path.equals(".env") && !globs.excludes(path)) {
      told.add("%1$s is private: not sent. To send it: -Drpi.files=%1$s".formatted(path));
    }
    if (FileGlobs.matches(glob, path)
        && !isPrivate
        && !COMPOSE_FILES.contains(path)
        && Stream.of(path.split("/", -1)).noneMatch(NEVER::contains)
        && !globs.excludes(path)) {
      put(path, local, by);
    }
  }

  private void put(String path, Path local, String by) {
    if (path.chars().anyMatch(c -> Character.isISOControl(c) || c == '\\')) {
      throw new DeployException(
          "A file that the Pi needs has a name with a control character or a backslash in "
              + root
              + ": "
              + path.replaceAll("\\p{Cntrl}", "?"),
          "Rename it, or leave it out with -Drpi.files=!…; nothing was changed");
    }
    try {
      long size = Files.size(local);
      if (found.putIfAbsent(path, new Found(local, size, by)) == null) {
        total += size;
        requireFew();
      }
    } catch (IOException e) {
      throw unreadable(path, by, e);
    }
  }

  private void requireFew() {
    if (total <= spec.limit() && found.size() <= MOST_FILES) {
      return;
    }
    Map.Entry<String, Found> largest =
        found.entrySet().stream()
            .max(Comparator.comparing(entry -> entry.getValue().size()))
            .orElseThrow();
    String top = largest.getKey();
    String place = top.contains("/") ? top.substring(0, top.indexOf('/')) + "/**" : top;
    throw new DeployException(
        "The files beside %s that go to the Pi have more than %s (rpi.filesLimit). The largest: %s, %s, named by %s"
            .formatted(
                composeFile.getFileName(),
                found.size() > MOST_FILES ? MOST_FILES + " files" : Units.bytes(spec.limit()),
                top,
                Units.bytes(largest.getValue().size()),
                largest.getValue().by()),
        "Leave out what belongs to this machine only: -Drpi.files='!%s'; or send it all: -Drpi.filesLimit=%dMB; nothing was changed"
            .formatted(place, total / 500_000 + 1));
  }

  private StackFile read(String path, Found file) {
    try {
      return StackFile.read(path, file.local());
    } catch (IOException e) {
      throw unreadable(path, file.by(), e);
    }
  }

  private @Nullable Set<String> localEnv() {
    Path file = root.resolve(".env");
    if (found.containsKey(".env") || !Files.isRegularFile(file)) {
      return null;
    }
    try {
      Matcher assignment = ASSIGNMENT.matcher(Files.readString(file));
      return assignment.results().map(match -> match.group(1)).collect(Collectors.toSet());
    } catch (IOException e) {
      return Set.of();
    }
  }

  private static DeployException unreadable(String path, String by, Exception failure) {
    return new DeployException(
        "The file " + path + " (" + by + ") cannot be read: " + failure.getMessage(),
        "Make it readable, or leave it out: -Drpi.files='!" + path + "'; nothing was changed",
        failure);
  }
}
