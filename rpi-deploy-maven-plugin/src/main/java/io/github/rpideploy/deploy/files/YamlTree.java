package io.github.rpideploy.deploy.files;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML text as its nodes. Nothing is made of them, so that a tag of compose's own ({@code
 * !reset}) is no error, and an alias costs nothing: whoever looks takes a step for each node, and
 * the number of steps is limited.
 */
final class YamlTree {

  /** Far more than any compose file needs. */
  private static final int MOST_STEPS = 200_000;

  private static final String MERGE = "<<";

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setMaxAliasesForCollections(10_000).build();

  private final @Nullable Node root;
  private int steps;

  private YamlTree(@Nullable Node root) {
    this.root = root;
  }

  /**
   * @throws YamlEngineException when it is not YAML
   */
  static YamlTree parse(String text) {
    try {
      return new YamlTree(new Compose(SETTINGS).composeString(text).orElse(null));
    } catch (StackOverflowError e) {
      // The parser calls itself for every level.
      throw new YamlEngineException("it is nested too deeply");
    }
  }

  /** The entries of the document. */
  Map<String, Node> entries() {
    return map(root);
  }

  /** The entries of a map, with those that it merges; none when the node is anything else. */
  Map<String, Node> map(@Nullable Node node) {
    Map<String, Node> entries = new LinkedHashMap<>();
    collect(node, entries, 0);
    return entries;
  }

  private void collect(@Nullable Node node, Map<String, Node> entries, int depth) {
    step();
    if (depth > 100) {
      throw new YamlEngineException("maps are merged into each other too often");
    }
    if (!(node instanceof MappingNode map)) {
      return;
    }
    for (NodeTuple tuple : map.getValue()) {
      step();
      String key = text(tuple.getKeyNode());
      if (key != null && !key.equals(MERGE)) {
        entries.putIfAbsent(key, tuple.getValueNode());
      }
    }
    for (NodeTuple tuple : map.getValue()) {
      if (MERGE.equals(text(tuple.getKeyNode()))) {
        Node merged = tuple.getValueNode();
        for (Node one : merged instanceof SequenceNode ? list(merged) : List.of(merged)) {
          collect(one, entries, depth + 1);
        }
      }
    }
  }

  /** The elements of a list; the node itself when it is a scalar or a map. */
  List<Node> list(@Nullable Node node) {
    step();
    if (node instanceof SequenceNode sequence) {
      steps += sequence.getValue().size();
      step();
      return sequence.getValue();
    }
    return node == null ? List.of() : List.of(node);
  }

  /** The text of a scalar; null when the node is anything else. */
  static @Nullable String text(@Nullable Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : null;
  }

  private void step() {
    if (++steps > MOST_STEPS) {
      throw new YamlEngineException("it has too many nodes");
    }
  }
}
