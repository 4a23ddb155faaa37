package dev.troth.contracts.generate;

import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What tells the branches of {@code oneOf} and {@code anyOf} apart. */
final class Branches {
  private Branches() {}

  /** The branches of oneOf or anyOf, if there is nothing else but perhaps {@code type: object}. */
  static Optional<List<Schema>> of(Schema schema) {
    List<List<Schema>> found = new ArrayList<>();
    for (Keyword keyword : schema.keywords()) {
      switch (keyword) {
        case Keyword.OneOf(List<Schema> schemas) -> found.add(schemas);
        case Keyword.AnyOf(List<Schema> schemas) -> found.add(schemas);
        case Keyword.Type(Set<JsonType> types, _) when types.equals(Set.of(JsonType.OBJECT)) -> {}
        default -> {
          return Optional.empty();
        }
      }
    }
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** A required property that has another constant text in every branch. */
  static Optional<String> tag(List<Schema> branches) {
    return properties(branches.getFirst()).keySet().stream()
        .filter(property -> {
          Set<String> texts = new HashSet<>();
          for (Schema branch : branches) {
            Optional<String> text =
                Optional.ofNullable(properties(branch).get(property)).flatMap(Branches::constant);
            boolean required =
                target(branch)
                    .keyword(Keyword.Required.class)
                    .filter(r -> r.names().contains(property))
                    .isPresent();
            if (!required || text.isEmpty() || !texts.add(text.get())) {
              return false;
            }
          }
          return true;
        })
        .findFirst();
  }

  static Map<String, Schema> properties(Schema branch) {
    return target(branch)
        .keyword(Keyword.Properties.class)
        .map(Keyword.Properties::named)
        .orElse(Map.of());
  }

  /** Where a chain of references ends. */
  static Schema target(Schema schema) {
    Schema at = schema;
    while (at.keywords().size() == 1 && at.keywords().getFirst() instanceof Keyword.Ref ref) {
      at = ref.link().target();
    }
    return at;
  }

  static boolean isNull(Schema schema) {
    return schema.keywords().size() == 1
        && schema.keywords().getFirst() instanceof Keyword.Type(Set<JsonType> types, _)
        && types.equals(Set.of(JsonType.NULL));
  }

  static Optional<String> constant(Schema schema) {
    Optional<List<Json>> values = values(schema).filter(all -> all.size() == 1);
    boolean plain =
        schema.keywords().stream().noneMatch(keyword -> Supported.by(keyword).isEmpty());
    return plain && values.isPresent() && values.get().getFirst() instanceof Json.Str(String text)
        ? Optional.of(text)
        : Optional.empty();
  }

  /** The texts that {@code const} and {@code enum} leave, as the validator sees it. */
  static Optional<List<Json>> values(Schema schema) {
    Optional<List<Json>> written =
        schema
            .keyword(Keyword.Const.class)
            .map(constant -> List.of(constant.value()))
            .or(() -> schema.keyword(Keyword.Enum.class).map(Keyword.Enum::values));
    Interpreter interpreter = new Interpreter(schema);
    return written.map(all -> all.stream().distinct().filter(interpreter::isValid).toList());
  }
}
