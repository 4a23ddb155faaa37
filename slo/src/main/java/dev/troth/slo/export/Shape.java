package dev.troth.slo.export;

import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Short ways to write the JSON of a template. */
final class Shape {
  private Shape() {}

  /** An object from names and values in turn; texts, numbers and flags become JSON. */
  static Json.Obj object(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], json(namesAndValues[i + 1]));
    }
    return new Json.Obj(members);
  }

  static Json.Arr list(Object... items) {
    return new Json.Arr(java.util.Arrays.stream(items).map(Shape::json).toList());
  }

  static Json json(Object value) {
    return switch (value) {
      case Json json -> json;
      case String text -> new Json.Str(text);
      case Integer number -> Json.Num.of(number);
      case Long number -> Json.Num.of(number);
      case BigDecimal number -> new Json.Num(number);
      case Double number -> new Json.Num(plain(number));
      case Boolean flag -> Json.Bool.of(flag);
      case List<?> items -> new Json.Arr(items.stream().map(item -> json((Object) item)).toList());
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    };
  }

  /** Without an exponent, and without zeros that say nothing. */
  static BigDecimal plain(double value) {
    BigDecimal number = BigDecimal.valueOf(value).stripTrailingZeros();
    return number.scale() < 0 ? number.setScale(0) : number;
  }

  static Json ref(String name) {
    return object("Ref", name);
  }

  static Json sub(String text) {
    return object("Fn::Sub", text);
  }

  /** A description of an alarm or an objective, which takes 1,024 characters. */
  static Json description(String text) {
    String stripped = text.strip();
    return new Json.Str(
        stripped.length() <= 1_024 ? stripped : stripped.substring(0, 1_023) + '\u2026');
  }
}
