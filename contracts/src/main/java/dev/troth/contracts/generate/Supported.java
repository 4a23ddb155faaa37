package dev.troth.contracts.generate;

import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which keywords generated code knows, and of which types they speak. */
final class Supported {
  private Supported() {}

  /** The types that a keyword speaks of; none if generated code does not know it. */
  static Set<JsonType> by(Keyword keyword) {
    return switch (keyword) {
      case Keyword.Type _, Keyword.Enum _, Keyword.Const _ -> EnumSet.allOf(JsonType.class);
      case Keyword.Minimum _, Keyword.Maximum _, Keyword.MultipleOf _ ->
          EnumSet.of(JsonType.INTEGER, JsonType.NUMBER);
      case Keyword.AtLeast(Keyword.Countable what, _) -> of(what);
      case Keyword.AtMost(Keyword.Countable what, _) -> of(what);
      case Keyword.Pattern _, Keyword.FormatOf _ -> EnumSet.of(JsonType.STRING);
      case Keyword.Items _, Keyword.UniqueItems _ -> EnumSet.of(JsonType.ARRAY);
      case Keyword.Required _, Keyword.Properties _ -> EnumSet.of(JsonType.OBJECT);
      case Keyword.Never _,
          Keyword.Ref _,
          Keyword.DynamicRef _,
          Keyword.Contains _,
          Keyword.PropertyNames _,
          Keyword.DependentRequired _,
          Keyword.DependentSchemas _,
          Keyword.AllOf _,
          Keyword.AnyOf _,
          Keyword.OneOf _,
          Keyword.Not _,
          Keyword.Conditional _,
          Keyword.UnevaluatedProperties _,
          Keyword.UnevaluatedItems _ ->
          EnumSet.noneOf(JsonType.class);
    };
  }

  private static Set<JsonType> of(Keyword.Countable what) {
    return switch (what) {
      case CHARACTERS -> EnumSet.of(JsonType.STRING);
      case ITEMS -> EnumSet.of(JsonType.ARRAY);
      case PROPERTIES -> EnumSet.of(JsonType.OBJECT);
    };
  }

  /** The keywords that a value of the type is checked by beyond its structure. */
  static List<Keyword> checks(Schema schema, JsonType type) {
    return schema.keywords().stream()
        .filter(keyword ->
            switch (keyword) {
              case Keyword.Type _,
                  Keyword.Enum _,
                  Keyword.Const _,
                  Keyword.Items _,
                  Keyword.Required _,
                  Keyword.Properties _ ->
                  false;
              default -> by(keyword).contains(type);
            })
        .toList();
  }
}
