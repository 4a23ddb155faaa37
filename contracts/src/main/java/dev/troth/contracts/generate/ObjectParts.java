package dev.troth.contracts.generate;

import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The schemas that all describe one value: a schema, what it refers to and the parts of its {@code
 * allOf}.
 */
record ObjectParts(List<Schema> parts) {
  ObjectParts {
    parts = List.copyOf(parts);
  }

  static ObjectParts of(Schema schema) {
    Set<Schema> parts = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Schema> ordered = new ArrayList<>();
    collect(schema, parts, ordered);
    return new ObjectParts(ordered);
  }

  private static void collect(Schema schema, Set<Schema> seen, List<Schema> ordered) {
    if (!seen.add(schema)) {
      return;
    }
    ordered.add(schema);
    for (Keyword keyword : schema.keywords()) {
      switch (keyword) {
        case Keyword.Ref ref -> collect(ref.link().target(), seen, ordered);
        case Keyword.AllOf(List<Schema> all) -> all.forEach(part -> collect(part, seen, ordered));
        default -> {}
      }
    }
  }

  /** Whether the value is an object for certain. */
  boolean isObject() {
    return parts.stream()
        .anyMatch(part ->
            part.keyword(Keyword.Type.class)
                .filter(type -> type.types().equals(Set.of(JsonType.OBJECT)))
                .isPresent());
  }

  /** The properties that a part declares; of several for one name the first that says anything. */
  Map<String, Schema> named() {
    Map<String, Schema> named = new LinkedHashMap<>();
    for (Schema part : parts) {
      part.keyword(Keyword.Properties.class)
          .map(Keyword.Properties::named)
          .orElse(Map.of())
          .forEach((name, schema) ->
              named.merge(name, schema, (a, b) -> a.keywords().isEmpty() ? b : a));
    }
    return named;
  }

  Set<String> required() {
    Set<String> required = new LinkedHashSet<>();
    for (Schema part : parts) {
      part.keyword(Keyword.Required.class).ifPresent(keyword -> required.addAll(keyword.names()));
    }
    return required;
  }

  /** Whether a struct with these properties says all that the schema says. */
  boolean saysAll() {
    return parts.size() == 1
        && parts.getFirst().keywords().stream()
            .allMatch(keyword ->
                switch (keyword) {
                  case Keyword.Type _ -> true;
                  case Keyword.Required _ -> named().keySet().containsAll(required());
                  case Keyword.Properties properties -> properties.patterns().isEmpty();
                  // They speak of other values than objects.
                  default ->
                      !Supported.by(keyword).isEmpty()
                          && !Supported.by(keyword).contains(JsonType.OBJECT);
                });
  }

  /** What members beside the declared ones are, if one schema alone says so. */
  Optional<Schema> additional() {
    Optional<Keyword.Properties> properties =
        parts.size() == 1 ? parts.getFirst().keyword(Keyword.Properties.class) : Optional.empty();
    return properties
        .filter(known -> known.patterns().isEmpty())
        .flatMap(Keyword.Properties::additional);
  }

  boolean closed() {
    return additional().filter(schema -> schema.source() == Json.Bool.FALSE).isPresent();
  }
}
