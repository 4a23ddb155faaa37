package dev.troth.contracts.exchange;

import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The keywords of a schema that are left to be said: what is said in ODCS is taken out. */
final class LeftKeywords {
  private LeftKeywords() {}

  /** The one type beside null. */
  static Optional<String> type(Map<String, Json> rest, List<Json> custom) {
    Json type = rest.get("type");
    if (type == null) {
      return typeOfValues(rest);
    }
    List<Json> names = type instanceof Json.Arr(List<Json> several) ? several : List.of(type);
    List<Json> others = names.stream().filter(n -> !n.equals(new Json.Str("null"))).toList();
    if (others.size() != 1 || !(others.getFirst() instanceof Json.Str(String name))) {
      return Optional.empty();
    }
    rest.remove("type");
    if (names.size() == 2) {
      custom.add(Odcs.custom(Odcs.NULLABLE, Json.Bool.TRUE));
    }
    return Optional.of(name);
  }

  /** The one type of all values of an enumeration. */
  private static Optional<String> typeOfValues(Map<String, Json> rest) {
    List<Json> values =
        rest.get("enum") instanceof Json.Arr(List<Json> items)
            ? items
            : Stream.ofNullable(rest.get("const")).toList();
    Set<String> types = values.stream().map(Json::typeName).collect(Collectors.toSet());
    return types.equals(Set.of("string")) || types.equals(Set.of("boolean"))
        ? Optional.of(types.iterator().next())
        : Optional.empty();
  }

  /** The texts of a list. */
  static List<String> texts(@Nullable Json list) {
    List<String> texts = new ArrayList<>();
    if (list instanceof Json.Arr(List<Json> items)) {
      for (Json item : items) {
        if (item instanceof Json.Str(String text)) {
          texts.add(text);
        }
      }
    }
    return texts;
  }

  /** Moves keywords that the standard has as options of the same name. */
  static void options(Map<String, Json> rest, JsonMembers options, List<String> names) {
    for (String name : names) {
      Json value = rest.remove(name);
      if (value != null) {
        options.put(name, value);
      }
    }
  }

  /** Moves a text. */
  static void move(Map<String, Json> rest, String from, JsonMembers to, String as) {
    if (rest.get(from) instanceof Json.Str text) {
      rest.remove(from);
      to.put(as, text);
    }
  }

  /** {@code enum} and {@code const} as the standard's metric of invalid values. */
  static Optional<Json> values(Map<String, Json> rest) {
    if (rest.containsKey("enum") && rest.containsKey("const")) {
      return Optional.empty();
    }
    Json constant = rest.remove("const");
    Json values = constant == null ? rest.remove("enum") : new Json.Arr(List.of(constant));
    return Optional.ofNullable(values)
        .map(valid ->
            new JsonMembers()
                .text("type", "library")
                .text("metric", "invalidValues")
                .put("arguments", new JsonMembers().put("validValues", valid).json())
                .put("mustBe", Json.Num.of(0))
                .json());
  }
}
