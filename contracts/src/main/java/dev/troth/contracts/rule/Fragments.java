package dev.troth.contracts.rule;

import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parts of JSON Schemas. */
final class Fragments {
  static final Json ANY = Json.Bool.TRUE;
  static final Json NONE = Json.Bool.FALSE;

  private Fragments() {}

  static Json all(Json one, Json other) {
    return one == NONE || other == NONE
        ? NONE
        : one == ANY ? other : other == ANY ? one : list("allOf", one, other);
  }

  static Json any(Json one, Json other) {
    return one == ANY || other == ANY
        ? ANY
        : one == NONE ? other : other == NONE ? one : list("anyOf", one, other);
  }

  static Json any(List<Json> parts) {
    Json any = NONE;
    for (Json part : parts) {
      any = any(any, part);
    }
    return any;
  }

  static Json not(Json schema) {
    return schema == ANY ? NONE : schema == NONE ? ANY : of("not", schema);
  }

  static Json constant(Json value) {
    return of("const", value);
  }

  static Json type(String name) {
    return of("type", new Json.Str(name));
  }

  /** An object with a member of that name. */
  static Json member(String name, Json value) {
    return of(
        "type", new Json.Str("object"),
        "required", new Json.Arr(List.of(new Json.Str(name))),
        "properties", of(name, value));
  }

  /** An array with an item at a position. */
  static Json item(int position, Json value) {
    List<Json> prefix = new ArrayList<>();
    for (int i = 0; i < position; i++) {
      prefix.add(ANY);
    }
    prefix.add(value);
    return of(
        "type", new Json.Str("array"),
        "minItems", Json.Num.of(position + 1),
        "prefixItems", new Json.Arr(prefix));
  }

  /** An object from names and values in turn. */
  static Json of(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], (Json) namesAndValues[i + 1]);
    }
    return new Json.Obj(members);
  }

  /** A schema of one keyword. */
  static Json keyword(String name, Json value) {
    return of(name, value);
  }

  private static Json list(String keyword, Json one, Json other) {
    return of(keyword, new Json.Arr(List.of(one, other)));
  }
}
