package dev.troth.contracts.schema;

import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which keywords a draft knows, assertions and annotations alike. */
public final class KnownKeywords {
  private static final List<String> ALWAYS =
      List.of(
          "$schema",
          "$ref",
          "title",
          "description",
          "default",
          "definitions",
          "type",
          "enum",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties",
          "pattern",
          "format",
          "uniqueItems",
          "required",
          "properties",
          "patternProperties",
          "additionalProperties",
          "items",
          "dependencies",
          "allOf",
          "anyOf",
          "oneOf",
          "not");

  /** By the first draft that has them. */
  private static final Map<Draft, List<String>> NEW =
      Map.of(
          Draft.DRAFT_6, List.of("$id", "const", "contains", "propertyNames", "examples"),
          Draft.DRAFT_7,
              List.of(
                  "$comment",
                  "if",
                  "then",
                  "else",
                  "readOnly",
                  "writeOnly",
                  "contentMediaType",
                  "contentEncoding"),
          Draft.DRAFT_2019_09,
              List.of(
                  "$anchor",
                  "$vocabulary",
                  "$defs",
                  "dependentRequired",
                  "dependentSchemas",
                  "minContains",
                  "maxContains",
                  "unevaluatedProperties",
                  "unevaluatedItems",
                  "contentSchema",
                  "deprecated"),
          Draft.DRAFT_2020_12, List.of("$dynamicRef", "$dynamicAnchor", "prefixItems"));

  /** By the first draft that has them no more. */
  private static final Map<Draft, List<String>> GONE =
      Map.of(
          Draft.DRAFT_6, List.of("id"),
          Draft.DRAFT_2020_12, List.of("additionalItems", "$recursiveRef", "$recursiveAnchor"));

  /** What says nothing about a value, so that it is no loss where it is ignored. */
  private static final Set<String> SILENT =
      Set.of(
          "$schema",
          "$id",
          "id",
          "$comment",
          "$anchor",
          "$vocabulary",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "readOnly",
          "writeOnly",
          "deprecated");

  private static final Map<Draft, Set<String>> KNOWN = known();

  private KnownKeywords() {}

  /** All that the draft knows. */
  public static Set<String> of(Draft draft) {
    return KNOWN.getOrDefault(draft, Set.of());
  }

  private static Map<Draft, Set<String>> known() {
    Map<Draft, Set<String>> known = new EnumMap<>(Draft.class);
    for (Draft draft : Draft.values()) {
      Set<String> names = new LinkedHashSet<>(ALWAYS);
      NEW.forEach((since, more) -> {
        if (draft.atLeast(since)) {
          names.addAll(more);
        }
      });
      if (draft == Draft.DRAFT_4) {
        names.add("id");
      }
      if (!draft.atLeast(Draft.DRAFT_2020_12)) {
        names.add("additionalItems");
      }
      if (draft == Draft.DRAFT_2019_09) {
        names.addAll(List.of("$recursiveRef", "$recursiveAnchor"));
      }
      known.put(draft, names);
    }
    return known;
  }

  /** The draft that brought a keyword which is not among the oldest draft's. */
  public static Optional<Draft> since(String keyword) {
    return NEW.entrySet().stream()
        .filter(entry -> entry.getValue().contains(keyword))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The draft that dropped a keyword. */
  public static Optional<Draft> until(String keyword) {
    return GONE.entrySet().stream()
        .filter(entry -> entry.getValue().contains(keyword))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** Whether a keyword only describes: no value is refused because of it. */
  public static boolean describes(String keyword) {
    return SILENT.contains(keyword) || keyword.startsWith("x-") || keyword.startsWith("content");
  }
}
