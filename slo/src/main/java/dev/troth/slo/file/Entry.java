package dev.troth.slo.file;

import dev.troth.slo.objective.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** A value in a file with its path and line, so that errors say where. */
final class Entry {
  private final String path;
  private final Node node;

  Entry(String path, Node node) {
    this.path = path;
    this.node = node;
  }

  /** A wrong value; the message names path, value and expectation. */
  static final class WrongException extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int line;

    WrongException(int line, String message) {
      super(message);
      this.line = line;
    }
  }

  int line() {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  WrongException wrong(String expected) {
    String value = node instanceof ScalarNode scalar ? " is '" + scalar.getValue() + "'" : "";
    return new WrongException(line(), path + value + ", expected " + expected);
  }

  WrongException wrong(IllegalArgumentException cause) {
    String prefix = path.isEmpty() ? "" : path + ": ";
    return new WrongException(line(), prefix + cause.getMessage());
  }

  private Map<String, Entry> fields() {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong("a mapping");
    }
    Map<String, Entry> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        String inner = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
        fields.put(key.getValue(), new Entry(inner, tuple.getValueNode()));
      }
    }
    return fields;
  }

  Optional<Entry> get(String key) {
    return Optional.ofNullable(fields().get(key)).filter(entry -> !entry.isNull());
  }

  Entry need(String key) {
    return get(key)
        .orElseThrow(() ->
            new WrongException(
                line(), (path.isEmpty() ? "document" : path) + " has no '" + key + "'"));
  }

  /** Refuses fields that nobody reads, so that a slip of the pen is not silently ignored. */
  void only(String... known) {
    for (var field : fields().entrySet()) {
      if (!List.of(known).contains(field.getKey())) {
        throw new WrongException(
            field.getValue().line(),
            "%s is not known here, expected one of %s"
                .formatted(field.getValue().path, String.join(", ", known)));
      }
    }
  }

  private boolean isNull() {
    return node instanceof ScalarNode scalar && scalar.getTag().getValue().endsWith(":null");
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  List<Entry> list() {
    if (!(node instanceof SequenceNode sequence)) {
      throw wrong("a list");
    }
    List<Entry> entries = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      entries.add(new Entry(path + "[" + entries.size() + "]", item));
    }
    return entries;
  }

  /** The items of an optional list. */
  List<Entry> list(String key) {
    return get(key).map(Entry::list).orElse(List.of());
  }

  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    fields().forEach((key, value) -> texts.put(key, value.text()));
    return texts;
  }

  String text() {
    if (!(node instanceof ScalarNode scalar)) {
      throw wrong("a text");
    }
    return scalar.getValue();
  }

  String text(String key, String otherwise) {
    return get(key).map(Entry::text).orElse(otherwise);
  }

  double number() {
    try {
      return Double.parseDouble(text());
    } catch (NumberFormatException notANumber) {
      throw wrong("a number");
    }
  }

  boolean flag() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("true or false");
    };
  }

  boolean flag(String key) {
    return get(key).map(Entry::flag).orElse(false);
  }

  Duration length() {
    try {
      return Durations.parse(text());
    } catch (IllegalArgumentException notALength) {
      throw wrong("a length such as 30s, 5m, 6h or 30d");
    }
  }

  Instant instant() {
    try {
      return OffsetDateTime.parse(text()).toInstant();
    } catch (DateTimeParseException notATime) {
      throw wrong("a time such as 2026-11-22T14:00:00Z");
    }
  }

  <E extends Enum<E>> E oneOf(Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(text())) {
        return constant;
      }
    }
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      words.add(word(constant));
    }
    throw wrong("one of " + String.join(", ", words));
  }

  <E extends Enum<E>> E oneOf(String key, E otherwise) {
    return get(key).map(entry -> entry.oneOf(otherwise.getDeclaringClass())).orElse(otherwise);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT);
  }
}
