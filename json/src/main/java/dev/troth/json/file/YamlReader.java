package dev.troth.json.file;

import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads YAML 1.2 (core schema) as JSON, so that a file means the same in either. */
final class YamlReader {
  /** Aliases repeat values; no contract has more than this number in all. */
  private static final int MOST_VALUES = 1_000_000;

  private static final int DEEPEST = 200;

  private final String name;
  private final LoadSettings settings;
  private final YamlTags tags;
  private final Map<String, String> lines = new HashMap<>();
  private final Map<String, String> keys = new HashMap<>();
  private final Map<String, String> scalars = new HashMap<>();
  private int values;

  YamlReader(String name, YamlLimits limits, YamlTags tags) {
    this.name = name;
    this.tags = tags;
    this.settings =
        LoadSettings.builder()
            .setLabel(name)
            .setSchema(new CoreSchema())
            .setAllowNonScalarKeys(true)
            .setCodePointLimit(limits.mostBytes())
            .setMaxAliasesForCollections(limits.mostAliases())
            .build();
  }

  /** Reads on behind a document whose values are wrong, and ends at one that is not YAML. */
  SourceFile.Documents read(byte[] bytes) {
    List<SourceFile> read = new ArrayList<>();
    List<SourceFile.SyntaxException> wrong = new ArrayList<>();
    try {
      var text = new StreamReader(settings, new YamlUnicodeReader(new ByteArrayInputStream(bytes)));
      var parser = new BoundedParser(new ParserImpl(settings, text), DEEPEST);
      var composer = new Composer(settings, parser);
      while (composer.hasNext()) {
        Node root = composer.next();
        try {
          read.add(document(root));
        } catch (SourceFile.SyntaxException e) {
          wrong.add(e);
        }
      }
    } catch (MarkedYamlEngineException e) {
      wrong.add(
          new SourceFile.SyntaxException(
              e.getProblemMark().map(this::location).orElse(Location.file(name)),
              String.valueOf(e.getProblem())));
    } catch (YamlEngineException e) {
      wrong.add(
          new SourceFile.SyntaxException(Location.file(name), String.valueOf(e.getMessage())));
    }
    return new SourceFile.Documents(read, wrong);
  }

  private SourceFile document(Node root) throws SourceFile.SyntaxException {
    lines.clear();
    keys.clear();
    scalars.clear();
    Json json = value(root, "", 1);
    return new SourceFile(name, json, lines, new Written(scalars, keys));
  }

  private Json value(Node node, String pointer, int depth) throws SourceFile.SyntaxException {
    Optional<String> member = tags.member(node.getTag().getValue());
    if (member.isEmpty()) {
      return untagged(node, pointer, depth);
    }
    node.getStartMark().ifPresent(mark -> lines.put(pointer, lineAndColumn(mark)));
    String below = JsonPointer.child(pointer, member.get());
    return new Json.Obj(Map.of(member.get(), untagged(node, below, depth + 1)));
  }

  private Json untagged(Node node, String pointer, int depth) throws SourceFile.SyntaxException {
    node.getStartMark().ifPresent(mark -> lines.put(pointer, lineAndColumn(mark)));
    if (++values > MOST_VALUES || depth > DEEPEST) {
      throw wrong(
          node,
          "the file has more than %,d values or nests deeper than %d levels"
              .formatted(MOST_VALUES, DEEPEST));
    }
    return switch (node) {
      case ScalarNode scalar -> {
        Json value = scalar(scalar);
        if (!(value instanceof Json.Str)) {
          scalars.put(pointer, scalar.getValue());
        }
        yield value;
      }
      case SequenceNode sequence -> {
        List<Json> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(value(item, JsonPointer.child(pointer, items.size()), depth + 1));
        }
        yield new Json.Arr(items);
      }
      case MappingNode mapping -> mapping(mapping, pointer, depth);
      default -> throw wrong(node, "found " + node.getNodeType() + ", expected a value");
    };
  }

  private Json mapping(MappingNode mapping, String pointer, int depth)
      throws SourceFile.SyntaxException {
    Map<String, Json> members = new LinkedHashMap<>();
    for (NodeTuple member : mapping.getValue()) {
      if (!(member.getKeyNode() instanceof ScalarNode key)) {
        throw wrong(member.getKeyNode(), "found a complex key, expected a text");
      }
      String at = JsonPointer.child(pointer, key.getValue());
      key.getStartMark().ifPresent(mark -> keys.put(at, lineAndColumn(mark)));
      if (members.put(key.getValue(), value(member.getValueNode(), at, depth + 1)) != null) {
        throw wrong(key, "the key '" + key.getValue() + "' occurs twice");
      }
    }
    return new Json.Obj(members);
  }

  private Json scalar(ScalarNode scalar) throws SourceFile.SyntaxException {
    Tag tag = scalar.getTag();
    String text = scalar.getValue();
    if (tag.equals(Tag.NULL)) {
      return Json.Null.NULL;
    }
    if (tag.equals(Tag.BOOL)) {
      return Json.Bool.of(text.equalsIgnoreCase("true"));
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return number(scalar, text);
    }
    return new Json.Str(text);
  }

  private Json number(ScalarNode scalar, String text) throws SourceFile.SyntaxException {
    try {
      if (text.startsWith("0x") || text.startsWith("0o")) {
        return Json.Num.of(Long.parseLong(text.substring(2), text.charAt(1) == 'x' ? 16 : 8));
      }
      // YAML also writes numbers as +1, .5, 5. and 007.
      String plain = text.startsWith("+") ? text.substring(1) : text;
      String strict =
          plain
              .replaceFirst("^(-?)\\.", "$10.")
              .replaceFirst("\\.(?!\\d)", "")
              .replaceFirst("^(-?)0+(?=\\d)", "$1");
      return JsonReader.read(strict);
    } catch (JsonException | NumberFormatException e) {
      throw wrong(scalar, "found " + text + ", expected a number that JSON can write");
    }
  }

  private SourceFile.SyntaxException wrong(Node node, String reason) {
    return new SourceFile.SyntaxException(
        node.getStartMark().map(this::location).orElse(Location.file(name)), reason);
  }

  private static String lineAndColumn(Mark mark) {
    return (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }

  private Location location(Mark mark) {
    return new Location(name, mark.getLine() + 1, mark.getColumn() + 1, "");
  }
}
