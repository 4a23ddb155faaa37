package dev.troth.contracts.confluent;

import dev.troth.contracts.json.Json;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Schema;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kinds of values that have keywords of their own. */
enum Kind {
  ARRAY(
      Set.of("items", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains"),
      Set.of(
          "prefixItems",
          "items",
          "minItems",
          "maxItems",
          "uniqueItems",
          "contains",
          "unevaluatedItems")),
  OBJECT(
      Set.of(
          "properties",
          "required",
          "minProperties",
          "maxProperties",
          "dependencies",
          "patternProperties",
          "additionalProperties",
          "propertyNames"),
      Set.of(
          "properties",
          "required",
          "minProperties",
          "maxProperties",
          "dependentRequired",
          "dependentSchemas",
          "patternProperties",
          "additionalProperties",
          "propertyNames",
          "unevaluatedProperties")),
  NUMBER(
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
  TEXT(
      Set.of("minLength", "maxLength", "pattern", "format"),
      Set.of("minLength", "maxLength", "pattern"));

  private static final Json NO_MEMBERS = new Json.Obj(Map.of());

  private final Set<String> upToDraft7;
  private final Set<String> later;

  Kind(Set<String> upToDraft7, Set<String> later) {
    this.upToDraft7 = upToDraft7;
    this.later = later;
  }

  /** The kind whose keywords a type takes. */
  static Optional<Kind> of(JsonType type) {
    return switch (type) {
      case NULL, BOOLEAN -> Optional.empty();
      case INTEGER, NUMBER -> Optional.of(NUMBER);
      case STRING -> Optional.of(TEXT);
      case ARRAY -> Optional.of(ARRAY);
      case OBJECT -> Optional.of(OBJECT);
    };
  }

  /** Whether a schema has a keyword of this kind. */
  boolean appears(Schema schema, boolean modern) {
    return (modern ? later : upToDraft7)
        .stream()
            .anyMatch(keyword ->
                schema.annotation(keyword).isPresent() && !hollow(schema, keyword, modern));
  }

  /** Later drafts are read member by member, so that no member leaves nothing. */
  private static boolean hollow(Schema schema, String keyword, boolean modern) {
    return modern
        && (keyword.equals("properties") || keyword.equals("patternProperties"))
        && schema.annotation(keyword).equals(Optional.of(NO_MEMBERS));
  }
}
