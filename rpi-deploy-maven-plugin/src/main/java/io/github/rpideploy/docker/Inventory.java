package io.github.rpideploy.docker;

import io.github.rpideploy.remote.Command;
import io.github.rpideploy.remote.Script;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known of the deploys to a compose directory, and of the images that the Engine holds at
 * the same moment.
 *
 * @param written whether the new line is in the history
 * @param history the last lines of the history, oldest first; the last one may be torn
 * @param tags the id of the image that each tag of the Engine names
 * @param used the ids of the images that containers are made of, running or not
 * @param others releases that other compose projects of the Pi have deployed recently
 * @param busy whether another compose project is being deployed, as far as that can be seen
 * @param complete whether the Engine was asked, and listed all tags and all containers
 */
public record Inventory(
    boolean written,
    List<String> history,
    Map<String, String> tags,
    Set<String> used,
    Set<String> others,
    boolean busy,
    boolean complete) {

  /** Where the history lies in the compose directory. */
  public static final String FILE = ".rpi/history.jsonl";

  /** Which compose directories the user has deployed to: in the home, a line each. */
  public static final String PROJECTS = ".cache/rpi-deploy/projects";

  /** How many lines a deploy reads: more would take too long over a slow link. */
  static final int LINES = 100;

  /** What is read of the histories of other compose projects. */
  private static final int OTHERS_LINES = 10;

  private static final Script SCRIPT = Script.of(Inventory.class, "inventory.sh");

  /** Keeps copies. */
  public Inventory {
    history = List.copyOf(history);
    tags = Map.copyOf(tags);
    used = Set.copyOf(used);
    others = Set.copyOf(others);
  }

  /**
   * @param ask whether the Engine is asked, too
   * @param line the line to add to the history; empty to only read
   */
  static Command command(DockerCommand docker, String directory, boolean ask, String line) {
    return Command.script(
        SCRIPT,
        docker.forScript(
            Command.asPath(directory),
            FILE,
            String.valueOf(LINES),
            String.valueOf(OTHERS_LINES),
            PROJECTS,
            ask ? "yes" : "",
            line));
  }

  static Inventory parse(String stdout) {
    boolean written = false;
    boolean complete = false;
    List<String> history = new ArrayList<>();
    Map<String, String> tags = new HashMap<>();
    Set<String> used = new HashSet<>();
    Set<String> runs = new HashSet<>();
    Set<String> others = new HashSet<>();
    boolean busy = false;
    for (String said : stdout.lines().toList()) {
      if (said.startsWith("line ")) {
        history.add(said.substring("line ".length()));
        continue;
      }
      String[] words = said.split(" ", -1);
      if (words.length == 3 && words[0].equals("tag")) {
        tags.put(words[2], words[1]);
      } else if (words.length == 2 && words[0].equals("used")) {
        used.add(words[1]);
      } else if (words.length == 2 && words[0].equals("runs")) {
        runs.add(words[1]);
      } else if (words.length == 2 && words[0].equals("other")) {
        others.add(words[1]);
      }
      busy |= said.equals("busy");
      written |= said.equals("written");
      complete |= said.equals("complete");
    }
    for (String name : runs) {
      String image = tags.getOrDefault(name, tags.get(name + ":latest"));
      complete &= image != null;
      used.add(image == null ? name : image);
    }
    return new Inventory(written, history, tags, used, others, busy, complete);
  }
}
