package dev.troth.contracts.confluent;

import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kinds of values that have keywords of their own. */
enum Kind {
  ARRAY,
  OBJECT,
  NUMBER,
  TEXT;

  private static final Json NO_MEMBERS = new Json.Obj(Map.of());

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
    return keywords(modern).stream()
        .anyMatch(
            keyword -> schema.annotation(keyword).isPresent() && !hollow(schema, keyword, modern));
  }

  /** In drafts up to 7, or in later ones. */
  private Set<String> keywords(boolean modern) {
    return switch (this) {
      case ARRAY ->
          modern
              ? Set.of(
                  "prefixItems",
                  "items",
                  "minItems",
                  "maxItems",
                  "uniqueItems",
                  "contains",
                  "unevaluatedItems")
              : Set.of(
                  "items", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains");
      case OBJECT ->
          modern
              ? Set.of(
                  "properties",
                  "required",
                  "minProperties",
                  "maxProperties",
                  "dependentRequired",
                  "dependentSchemas",
                  "patternProperties",
                  "additionalProperties",
                  "propertyNames",
                  "unevaluatedProperties")
              : Set.of(
                  "properties",
                  "required",
                  "minProperties",
                  "maxProperties",
                  "dependencies",
                  "patternProperties",
                  "additionalProperties",
                  "propertyNames");
      case NUMBER ->
          Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf");
      case TEXT ->
          modern
              ? Set.of("minLength", "maxLength", "pattern")
              : Set.of("minLength", "maxLength", "pattern", "format");
    };
  }

  /** Later drafts are read member by member, so that no member leaves nothing. */
  private static boolean hollow(Schema schema, String keyword, boolean modern) {
    return modern
        && (keyword.equals("properties") || keyword.equals("patternProperties"))
        && schema.annotation(keyword).equals(Optional.of(NO_MEMBERS));
  }
}
