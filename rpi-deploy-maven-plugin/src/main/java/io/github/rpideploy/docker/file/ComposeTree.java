package io.github.rpideploy.docker.file;

import io.github.rpideploy.DeployException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.constructor.ConstructYamlNull;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.JsonSchema;
import org.snakeyaml.engine.v2.schema.Schema;

/** What {@code docker compose config} prints, as a tree. */
public final class ComposeTree {

  /** Far more than anybody writes, in characters. */
  private static final int LARGEST = 1 << 20;

  private static final LoadSettings TEXTS =
      LoadSettings.builder().setSchema(new TextSchema()).build();

  private static final LoadSettings TYPES =
      LoadSettings.builder().setSchema(new TypedSchema()).build();

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

  /**
   * As YAML says, but a number is only what both versions of compose print without quotes for no
   * text: version 1 prints the text 12e4567, which may be a commit, as it is.
   */
  private static final class TypedSchema extends JsonSchema {

    private static final Pattern NUMBER =
        Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,17})?");

    @Override
    public ScalarResolver getScalarResolver() {
      ScalarResolver usual = super.getScalarResolver();
      return (value, implicit) -> {
        Tag tag = usual.resolve(value, implicit);
        boolean number = tag.equals(Tag.INT) || tag.equals(Tag.FLOAT);
        return number && !NUMBER.matcher(value).matches() ? Tag.STR : tag;
      };
    }
  }

  /** Far deeper than anything that somebody writes. */
  private static final int DEEPEST = 100;

  private ComposeTree() {}

  /**
   * Every scalar as text, or null.
   *
   * @throws DeployException when it is not YAML. What the parser says of a file that it refuses
   *     quotes it, and with it perhaps a secret
   */
  static Map<String, Object> root(String yaml) {
    return load(yaml, TEXTS);
  }

  private static Map<String, Object> load(String yaml, LoadSettings settings) {
    if (yaml.length() > LARGEST) {
      throw unreadable("it has " + yaml.length() + " characters");
    }
    try {
      return map(new Load(settings).loadFromString(yaml));
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

  /**
   * With numbers and truth values, and so small that all of it can be looked at.
   *
   * @throws DeployException when it is not YAML, or its aliases make a tree of it that is too large
   */
  public static Map<String, Object> typed(String yaml) {
    Map<String, Object> root = load(yaml, TYPES);
    count(root, DEEPEST, LARGEST);
    return root;
  }

  /** How many more nodes there may be after this one and all in it. */
  private static int count(@Nullable Object node, int levels, int left) {
    if (left <= 0 || levels <= 0) {
      throw unreadable("it has too many nodes");
    }
    int rest = left - 1;
    Collection<?> inner =
        node instanceof Map<?, ?> map
            ? map.values()
            : node instanceof Collection<?> list ? list : List.of();
    for (Object one : inner) {
      rest = count(one, levels - 1, rest);
    }
    return rest;
  }

  /**
   * The text of a YAML scalar; null when the node is anything else. Of that there may be no text: a
   * list may contain itself, or a billion others by its aliases.
   */
  public static @Nullable String text(@Nullable Object node) {
    return node instanceof Map || node instanceof Collection ? null : Objects.toString(node, null);
  }

  /** The same, or something else when the node is no scalar. */
  public static String text(@Nullable Object node, String otherwise) {
    return Objects.requireNonNullElse(text(node), otherwise);
  }

  /** The entries of a YAML map; none when the node is anything else. */
  public static Map<String, Object> map(@Nullable Object node) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (node instanceof Map<?, ?> nodes) {
      nodes.forEach((key, value) -> result.put(String.valueOf(key), value));
    }
    return result;
  }

  /** The elements of a YAML list, or the node alone when it is a scalar; none for anything else. */
  public static List<Object> list(@Nullable Object node) {
    List<Object> result = new ArrayList<>();
    if (node instanceof Collection<?> nodes) {
      result.addAll(nodes);
    } else if (node != null && !(node instanceof Map)) {
      result.add(node);
    }
    return result;
  }
}
