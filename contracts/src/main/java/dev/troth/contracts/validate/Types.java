package dev.troth.contracts.validate;

import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.json.Json;

/** The keyword {@code type}. */
final class Types {
  private Types() {}

  static boolean match(Keyword.Type type, Json value) {
    return switch (value) {
      case Json.Null _ -> type.types().contains(JsonType.NULL);
      case Json.Bool _ -> type.types().contains(JsonType.BOOLEAN);
      case Json.Str _ -> type.types().contains(JsonType.STRING);
      case Json.Arr _ -> type.types().contains(JsonType.ARRAY);
      case Json.Obj _ -> type.types().contains(JsonType.OBJECT);
      case Json.Num number ->
          type.types().contains(JsonType.NUMBER)
              || (type.types().contains(JsonType.INTEGER)
                  && (type.wholeFloats() ? number.isWhole() : number.value().scale() <= 0));
    };
  }

  static String describe(Keyword.Type type) {
    return String.join(" or ", type.types().stream().map(JsonType::toString).toList());
  }
}
