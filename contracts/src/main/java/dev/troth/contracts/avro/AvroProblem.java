package dev.troth.contracts.avro;

import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonWriter;
import dev.troth.json.file.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Something wrong with an Avro schema.
 *
 * @param pointer where in the schema's JSON
 * @param fatal whether the schema cannot be used; else a part of it has no effect
 * @param message what is wrong
 * @param cure what a person can do about it
 */
public record AvroProblem(String pointer, boolean fatal, String message, String cure) {
  private static final List<String> LOGICAL_TYPES =
      List.of(
          "decimal",
          "big-decimal",
          "uuid",
          "date",
          "time-millis",
          "time-micros",
          "timestamp-millis",
          "timestamp-micros",
          "timestamp-nanos",
          "local-timestamp-millis",
          "local-timestamp-micros",
          "local-timestamp-nanos",
          "duration");

  /** All problems of a schema; none either if Avro is not on the class path. */
  public static List<AvroProblem> of(Json json) {
    try {
      return new Search().problems(json);
    } catch (NoClassDefFoundError e) {
      // Whoever checks messages is told then; who only carries the contract needs no Avro.
      return List.of();
    }
  }

  /** Walks the schema beside its JSON. A class of its own, because it needs Avro when it loads. */
  private static final class Search {
    private final List<AvroProblem> problems = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    List<AvroProblem> problems(Json json) {
      Schema schema;
      try {
        schema = new Schema.Parser().setValidateDefaults(false).parse(JsonWriter.compact(json));
      } catch (AvroRuntimeException e) {
        String reason = firstLine(e);
        return List.of(
            new AvroProblem("", true, "the Avro schema is wrong: " + reason, "mend the schema"));
      }
      walk(schema, json, "");
      if (problems.stream().noneMatch(AvroProblem::fatal)) {
        try {
          new Schema.Parser().parse(JsonWriter.compact(json));
        } catch (AvroRuntimeException e) {
          problems.add(
              new AvroProblem(
                  "", true, "the Avro schema is wrong: " + firstLine(e), "mend the schema"));
        }
      }
      return problems;
    }

    private void walk(Schema schema, Json json, String at) {
      if (json instanceof Json.Arr(List<Json> branches)) {
        for (int i = 0; i < branches.size(); i++) {
          walk(schema.getTypes().get(i), branches.get(i), JsonPointer.child(at, i));
        }
        return;
      }
      if (!(json instanceof Json.Obj object)) {
        return;
      }
      Json type = object.get("type").orElse(Json.Null.NULL);
      if (!(type instanceof Json.Str)) {
        walk(schema, type, JsonPointer.child(at, "type"));
        return;
      }
      logicalType(schema, object, at);
      switch (schema.getType()) {
        case ARRAY -> below(schema.getElementType(), object, at, "items");
        case MAP -> below(schema.getValueType(), object, at, "values");
        case RECORD -> {
          if (seen.add(schema.getFullName())) {
            fields(schema, object, at);
          }
        }
        default -> {}
      }
    }

    private void below(Schema schema, Json.Obj object, String at, String key) {
      object.get(key).ifPresent(inner -> walk(schema, inner, JsonPointer.child(at, key)));
    }

    private void fields(Schema record, Json.Obj object, String at) {
      if (!(object.get("fields").orElse(null) instanceof Json.Arr(List<Json> fields))) {
        return;
      }
      for (int i = 0; i < fields.size(); i++) {
        if (fields.get(i) instanceof Json.Obj written) {
          String here = JsonPointer.child(JsonPointer.child(at, "fields"), i);
          Schema.Field field = record.getFields().get(i);
          fallback(field, written, here);
          below(field.schema(), written, here, "type");
        }
      }
    }

    private void fallback(Schema.Field field, Json.Obj written, String at) {
      Optional<Json> value = written.get("default");
      if (value.isEmpty()) {
        return;
      }
      Optional<String> wrong = AvroValue.wrongDefault(field.schema(), value.get());
      wrong.ifPresent(expected ->
          problems.add(
              new AvroProblem(
                  JsonPointer.child(at, "default"),
                  true,
                  "the default of field %s is %s, expected %s"
                      .formatted(field.name(), value.get(), expected),
                  field.schema().getType() == Schema.Type.UNION
                      ? "give a value of one of the union's types"
                      : "give a value of the field's type")));
    }

    private void logicalType(Schema schema, Json.Obj object, String at) {
      Optional<String> name = object.text("logicalType");
      if (name.isEmpty() || schema.getLogicalType() != null || name.get().equals("duration")) {
        return;
      }
      String place = JsonPointer.child(at, "logicalType");
      boolean known = LOGICAL_TYPES.contains(name.get());
      problems.add(
          new AvroProblem(
              place,
              known,
              known
                  ? "the logical type %s does not fit here: %s"
                      .formatted(name.get(), reason(schema))
                  : "the logical type '%s' is not known, so it has no effect".formatted(name.get()),
              known
                  ? "give it the type, precision and scale that Avro asks for"
                  : NearestName.nearest(name.get(), LOGICAL_TYPES, 2)
                      .map(near -> "did you mean '" + near + "'?")
                      .orElse("remove it, or agree on its meaning with all readers")));
    }

    private static String reason(Schema schema) {
      try {
        LogicalTypes.fromSchema(schema);
        return "it has no effect on " + schema.getType().getName();
      } catch (AvroRuntimeException | IllegalArgumentException e) {
        return firstLine(e);
      }
    }
  }

  static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }
}
