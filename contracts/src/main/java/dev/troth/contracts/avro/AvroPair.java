package dev.troth.contracts.avro;

import dev.troth.json.JsonPointer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Walks a writer's schema beside the reader's, as resolution pairs their parts. */
final class AvroPair {
  private final List<AvroResolution.Obstacle> obstacles = new ArrayList<>();
  private final Set<List<String>> seen = new HashSet<>();

  private AvroPair() {}

  /** Logical types that do not match, by their place in the reader's schema. */
  static List<AvroResolution.Obstacle> obstacles(Schema writer, Schema reader) {
    AvroPair pair = new AvroPair();
    pair.schemas(writer, reader, "");
    return pair.obstacles;
  }

  private void schemas(Schema writer, Schema reader, String at) {
    if (writer.getType() == Schema.Type.UNION) {
      for (Schema branch : writer.getTypes()) {
        schemas(branch, reader, at);
      }
      return;
    }
    if (reader.getType() == Schema.Type.UNION) {
      Optional<Integer> branch = branch(writer, reader);
      branch.ifPresent(i -> schemas(writer, reader.getTypes().get(i), JsonPointer.child(at, i)));
      return;
    }
    switch (reader.getType()) {
      case RECORD -> {
        if (writer.getType() == Schema.Type.RECORD
            && seen.add(List.of(writer.getFullName(), reader.getFullName()))) {
          fields(writer, reader, at);
        }
      }
      case ARRAY -> {
        if (writer.getType() == Schema.Type.ARRAY) {
          schemas(writer.getElementType(), reader.getElementType(), JsonPointer.child(at, "items"));
        }
      }
      case MAP -> {
        if (writer.getType() == Schema.Type.MAP) {
          schemas(writer.getValueType(), reader.getValueType(), JsonPointer.child(at, "values"));
        }
      }
      case NULL, BOOLEAN, ENUM, UNION -> {}
      case INT, LONG, FLOAT, DOUBLE, STRING, BYTES, FIXED -> {
        if (resolves(writer.getType(), reader.getType())) {
          AvroMeaning.mismatch(writer, reader)
              .ifPresent(found ->
                  obstacles.add(
                      new AvroResolution.Obstacle(
                          found.rule(), at.isEmpty() ? "/" : at, found.message())));
        }
      }
    }
  }

  private void fields(Schema writer, Schema reader, String at) {
    for (Schema.Field field : reader.getFields()) {
      Schema.Field from = field(writer, field);
      if (from != null) {
        String below = at + "/fields/" + field.pos() + "/type";
        schemas(from.schema(), field.schema(), below);
      }
    }
  }

  private static Schema.@Nullable Field field(Schema writer, Schema.Field reader) {
    Schema.Field same = writer.getField(reader.name());
    for (String alias : reader.aliases()) {
      same = same == null ? writer.getField(alias) : same;
    }
    return same;
  }

  /**
   * The branch that resolution takes: of the same name or type, else the first that it promotes to.
   */
  private static Optional<Integer> branch(Schema writer, Schema union) {
    List<Schema> branches = union.getTypes();
    for (int i = 0; i < branches.size(); i++) {
      Schema branch = branches.get(i);
      boolean sameType = branch.getType() == writer.getType();
      if (sameType && (!named(writer) || branch.getFullName().equals(writer.getFullName()))) {
        return Optional.of(i);
      }
    }
    for (int i = 0; i < branches.size(); i++) {
      if (resolves(writer.getType(), branches.get(i).getType())) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static boolean named(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> true;
      default -> false;
    };
  }

  /** Avro's promotions, and each type to itself. */
  private static boolean resolves(Schema.Type writer, Schema.Type reader) {
    return writer == reader
        || switch (reader) {
          case LONG -> writer == Schema.Type.INT;
          case FLOAT -> writer == Schema.Type.INT || writer == Schema.Type.LONG;
          case DOUBLE ->
              writer == Schema.Type.INT
                  || writer == Schema.Type.LONG
                  || writer == Schema.Type.FLOAT;
          case STRING -> writer == Schema.Type.BYTES;
          case BYTES -> writer == Schema.Type.STRING;
          default -> false;
        };
  }

  /**
   * How a message is misread: a value means something else, or stands in a record of another name.
   *
   * @param written the message as the writer's schema has it
   * @param read the same bytes as the reader's schema has them
   */
  static Optional<String> misread(Schema writer, Object written, Schema reader, Object read) {
    return misread(writer, written, reader, read, "");
  }

  private static Optional<String> misread(
      Schema writer, Object written, Schema reader, Object read, String at) {
    if (writer.getType() == Schema.Type.UNION) {
      Schema branch = writer.getTypes().get(GenericData.get().resolveUnion(writer, written));
      return misread(branch, written, reader, read, at);
    }
    if (reader.getType() == Schema.Type.UNION) {
      Schema branch = reader.getTypes().get(GenericData.get().resolveUnion(reader, read));
      return misread(writer, written, branch, read, at);
    }
    if (named(writer) && named(reader) && renamed(writer, reader)) {
      return Optional.of(
          "%s is named %s, expected %s: Avro lets named types match only if their names do"
              .formatted(at.isEmpty() ? "the message" : at, writer.getName(), reader.getName()));
    }
    if (written instanceof IndexedRecord from && read instanceof IndexedRecord to) {
      for (Schema.Field field : reader.getFields()) {
        Schema.Field same = field(writer, field);
        if (same != null) {
          Optional<String> below =
              misread(
                  same.schema(),
                  from.get(same.pos()),
                  field.schema(),
                  to.get(field.pos()),
                  JsonPointer.child(at, same.name()));
          if (below.isPresent()) {
            return below;
          }
        }
      }
      return Optional.empty();
    }
    if (written instanceof List<?> from && read instanceof List<?> to) {
      for (int i = 0; i < Math.min(from.size(), to.size()); i++) {
        Optional<String> below =
            misread(
                writer.getElementType(),
                from.get(i),
                reader.getElementType(),
                to.get(i),
                JsonPointer.child(at, i));
        if (below.isPresent()) {
          return below;
        }
      }
      return Optional.empty();
    }
    if (written instanceof Map<?, ?> from && read instanceof Map<?, ?> to) {
      return maps(writer.getValueType(), byText(from), reader.getValueType(), byText(to), at);
    }
    return AvroMeaning.misread(writer, written, reader, read)
        .map(how -> at.isEmpty() ? how : "at %s, %s".formatted(at, how));
  }

  private static Optional<String> maps(
      Schema writer, Map<String, Object> from, Schema reader, Map<String, Object> to, String at) {
    for (Map.Entry<String, Object> entry : from.entrySet()) {
      Object read = to.get(entry.getKey());
      Optional<String> below =
          read == null
              ? Optional.empty()
              : misread(
                  writer, entry.getValue(), reader, read, JsonPointer.child(at, entry.getKey()));
      if (below.isPresent()) {
        return below;
      }
    }
    return Optional.empty();
  }

  private static Map<String, Object> byText(Map<?, ?> map) {
    Map<String, Object> byText = new LinkedHashMap<>();
    map.forEach((key, value) -> byText.put(String.valueOf(key), value));
    return byText;
  }

  /** Names count without their namespaces; the reader may list earlier ones as aliases. */
  private static boolean renamed(Schema writer, Schema reader) {
    return writer.getType() == reader.getType()
        && !writer.getName().equals(reader.getName())
        && !reader.getAliases().contains(writer.getFullName());
  }
}
