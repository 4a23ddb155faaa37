package dev.troth.contracts.avro;

import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * What is wrong with a value in Avro's JSON encoding, by place. In messages a value of a union is
 * an object named after its branch; in defaults it stands alone.
 */
final class AvroValue {
  private static final BigDecimal INT_MIN = BigDecimal.valueOf(Integer.MIN_VALUE);
  private static final BigDecimal INT_MAX = BigDecimal.valueOf(Integer.MAX_VALUE);
  private static final BigDecimal LONG_MIN = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private final boolean tagged;
  private final List<Wrong> found = new ArrayList<>();

  private AvroValue(boolean tagged) {
    this.tagged = tagged;
  }

  /** A value that is not what its schema asks for. */
  record Wrong(String pointer, String expected, Json value) {}

  /** Everything wrong with a message. */
  static List<Wrong> inMessage(Schema schema, Json message) {
    AvroValue check = new AvroValue(true);
    check.value(schema, message, "");
    return check.found;
  }

  /** What a default should be, if it is not. */
  static Optional<String> wrongDefault(Schema schema, Json value) {
    AvroValue check = new AvroValue(false);
    check.value(schema, value, "");
    return check.found.stream()
        .findFirst()
        .map(wrong ->
            wrong.pointer().isEmpty()
                ? wrong.expected()
                : "%s at %s".formatted(wrong.expected(), wrong.pointer()));
  }

  private void value(Schema schema, Json value, String at) {
    switch (schema.getType()) {
      case UNION -> union(schema, value, at);
      case RECORD -> record(schema, value, at);
      case ARRAY -> {
        if (value instanceof Json.Arr(List<Json> items)) {
          for (int i = 0; i < items.size(); i++) {
            value(schema.getElementType(), items.get(i), JsonPointer.child(at, i));
          }
        } else {
          wrong(at, "an array", value);
        }
      }
      case MAP -> {
        if (value instanceof Json.Obj map) {
          map.members()
              .forEach(
                  (name, item) -> value(schema.getValueType(), item, JsonPointer.child(at, name)));
        } else {
          wrong(at, "an object", value);
        }
      }
      default -> {
        if (!fits(schema, value)) {
          wrong(at, described(schema), value);
        }
      }
    }
  }

  private void wrong(String at, String expected, Json value) {
    found.add(new Wrong(at, expected, value));
  }

  private void union(Schema schema, Json value, String at) {
    if (!tagged) {
      boolean any =
          schema.getTypes().stream().anyMatch(branch -> wrongDefault(branch, value).isEmpty());
      if (!any) {
        wrong(at, described(schema), value);
      }
      return;
    }
    if (value == Json.Null.NULL) {
      if (schema.getTypes().stream().noneMatch(branch -> branch.getType() == Schema.Type.NULL)) {
        wrong(at, described(schema), value);
      }
      return;
    }
    if (value instanceof Json.Obj object && object.members().size() == 1) {
      var entry = object.members().entrySet().iterator().next();
      for (Schema branch : schema.getTypes()) {
        if (branch.getType() != Schema.Type.NULL && branch.getFullName().equals(entry.getKey())) {
          value(branch, entry.getValue(), JsonPointer.child(at, entry.getKey()));
          return;
        }
      }
    }
    wrong(at, described(schema), value);
  }

  private void record(Schema schema, Json value, String at) {
    if (!(value instanceof Json.Obj object)) {
      wrong(at, "an object with the fields of " + schema.getFullName(), value);
      return;
    }
    for (Schema.Field field : schema.getFields()) {
      Optional<Json> member = object.get(field.name());
      if (member.isPresent()) {
        value(field.schema(), member.get(), JsonPointer.child(at, field.name()));
      } else if (tagged || !field.hasDefaultValue()) {
        wrong(at, "the field \"%s\"".formatted(field.name()), value);
      }
    }
  }

  private static boolean fits(Schema schema, Json value) {
    return switch (schema.getType()) {
      case NULL -> value == Json.Null.NULL;
      case BOOLEAN -> value instanceof Json.Bool;
      case INT -> whole(value, INT_MIN, INT_MAX);
      case LONG -> whole(value, LONG_MIN, LONG_MAX);
      case FLOAT, DOUBLE -> value instanceof Json.Num;
      case STRING -> value instanceof Json.Str;
      case BYTES -> value instanceof Json.Str text && latin(text.value());
      case FIXED ->
          value instanceof Json.Str text
              && latin(text.value())
              && text.value().length() == schema.getFixedSize();
      case ENUM -> value instanceof Json.Str text && schema.hasEnumSymbol(text.value());
      case UNION, RECORD, ARRAY, MAP -> true;
    };
  }

  private static boolean whole(Json value, BigDecimal min, BigDecimal max) {
    return value instanceof Json.Num number
        && number.isWhole()
        && number.value().compareTo(min) >= 0
        && number.value().compareTo(max) <= 0;
  }

  private static boolean latin(String text) {
    return text.chars().allMatch(c -> c <= 0xFF);
  }

  private String described(Schema schema) {
    return switch (schema.getType()) {
      case ENUM -> "one of " + String.join(", ", schema.getEnumSymbols());
      case FIXED ->
          "a text of %d characters up to U+00FF, one a byte".formatted(schema.getFixedSize());
      case BYTES -> "a text of characters up to U+00FF, one a byte";
      case UNION ->
          "one of "
              + String.join(
                  ", ",
                  schema.getTypes().stream()
                      .map(branch ->
                          branch.getType() == Schema.Type.NULL || !tagged
                              ? branch.getFullName()
                              : "{\"%s\": ...}".formatted(branch.getFullName()))
                      .toList());
      case RECORD -> "a record " + schema.getFullName();
      default -> schema.getType().getName().toLowerCase(Locale.ROOT);
    };
  }
}
