package io.github.rpideploy.docker.swarm;

import io.github.rpideploy.docker.file.ComposeTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The volumes of a service in the words of {@code docker stack deploy}. */
final class Mounts {

  private static final Set<String> TYPES = Set.of("bind", "volume", "tmpfs", "cluster");

  private static final Set<String> SAME =
      Set.of("type", "source", "target", "read_only", "consistency");

  /** What Docker mounts a tmpfs with anyway. */
  private static final Set<String> OF_EACH_TMPFS =
      Set.of("", "rw", "noexec", "nosuid", "nodev", "mode=1777", "mode=01777");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kmg]?)b?");

  private final String directory;
  private final Refusals refused;

  /**
   * @param directory the compose directory, absolute or relative to the user's home
   */
  Mounts(String directory, Refusals refused) {
    this.directory = directory.replaceFirst("/+$", "");
    this.refused = refused;
  }

  /**
   * All of a service.
   *
   * @param volumes what compose prints of its volumes
   * @param tmpfs and of its own tmpfs, which docker would leave out without a word
   */
  List<Object> of(@Nullable Object volumes, @Nullable Object tmpfs) {
    List<Object> mounts = new ArrayList<>();
    for (Object volume : ComposeTree.list(volumes)) {
      mounts.add(volume instanceof Map ? mount(ComposeTree.map(volume)) : shortly(volume));
    }
    for (Object place : ComposeTree.list(tmpfs)) {
      mounts.add(tmpfs(ComposeTree.text(place, "")));
    }
    return mounts;
  }

  /** As version 1 of compose prints it: {@code data:/data:rw}. */
  private Object shortly(Object volume) {
    String text = ComposeTree.text(volume, "");
    requireElsewhere(text.replaceFirst(":.*", ""));
    return text;
  }

  private Map<String, Object> mount(Map<String, Object> volume) {
    String type = ComposeTree.text(volume.get("type"), "volume");
    String where = "volumes: " + ComposeTree.text(volume.get("target"), "");
    if (!TYPES.contains(type)) {
      refused.add(where + ": type: " + type, "a swarm cannot do that; write configs or a volume");
    }
    if (type.equals("bind")) {
      requireElsewhere(ComposeTree.text(volume.get("source"), ""));
    }
    Map<String, Object> mount =
        refused.only(where, volume, SAME, Set.of("bind", "volume", "tmpfs", "cluster", "image"));
    addOptions(mount, volume, where, "bind", "propagation", "create_host_path", "selinux");
    addOptions(mount, volume, where, "volume", "nocopy");
    addOptions(mount, volume, where, "tmpfs", "size");
    if (mount.get("tmpfs") instanceof Map<?, ?> options && options.get("size") instanceof String) {
      mount.put("tmpfs", sized(where, ComposeTree.text(options.get("size"), "")));
    }
    return mount;
  }

  private void addOptions(
      Map<String, Object> mount,
      Map<String, Object> volume,
      String where,
      String kind,
      String same,
      String... harmless) {
    if (volume.containsKey(kind)) {
      mount.put(
          kind,
          refused.only(where + ": " + kind, volume.get(kind), Set.of(same), Set.of(harmless)));
    }
  }

  private void requireElsewhere(String source) {
    String inside = directory.startsWith("/") ? directory + "/" : "/" + directory + "/";
    if (source.startsWith("/") && (source + "/").contains(inside)) {
      refused.add(
          "volumes: " + source,
          "only this Pi has it, and the service may run on another; write configs or secrets for"
              + " files, and a named volume for data");
    }
  }

  private Map<String, Object> tmpfs(String said) {
    String[] parts = said.split(":", 2);
    Map<String, Object> mount = new LinkedHashMap<>();
    mount.put("type", "tmpfs");
    mount.put("target", parts[0]);
    for (String option : parts.length < 2 ? new String[0] : parts[1].split(",", -1)) {
      if (option.startsWith("size=")) {
        mount.put("tmpfs", sized("tmpfs: " + said, option.substring("size=".length())));
      } else if (!OF_EACH_TMPFS.contains(option)) {
        refused.add("tmpfs: " + said, "a swarm can only give it a size; remove " + option);
      }
    }
    return mount;
  }

  /** Compose prints a size as text, docker reads a number. */
  private Map<String, Object> sized(String where, String size) {
    Matcher parts = SIZE.matcher(size.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      refused.add(where + ": size", "write a number of bytes, or 64m");
      return Map.of();
    }
    int power = " kmg".indexOf(parts.group(2).isEmpty() ? " " : parts.group(2));
    return Map.of("size", Long.parseLong(parts.group(1)) << (10 * power));
  }
}
