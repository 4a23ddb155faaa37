package dev.troth.contracts.difference;

import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a reviewer says that a keyword changed. */
final class Phrases {
  private static final Set<String> LOWER =
      Set.of(
          "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains");
  private static final Set<String> UPPER =
      Set.of(
          "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains");
  private static final Set<String> DEMANDS =
      Set.of("pattern", "format", "multipleOf", "uniqueItems", "const", "enum");
  private static final Set<String> REMARKS =
      Set.of("title", "description", "examples", "default", "deprecated", "readOnly", "writeOnly");

  private static final int LONGEST = 60;

  private Phrases() {}

  /** One keyword, before and after. */
  static String of(String keyword, Optional<Json> before, Optional<Json> after) {
    if (keyword.equals("enum")
        && before.orElse(null) instanceof Json.Arr(List<Json> old)
        && after.orElse(null) instanceof Json.Arr(List<Json> now)) {
      return values(old, now);
    }
    if (keyword.equals("type")) {
      return "type " + change(before.map(Phrases::types), after.map(Phrases::types));
    }
    String change = keyword + " " + change(before.map(Phrases::shown), after.map(Phrases::shown));
    return change + direction(keyword, before, after);
  }

  private static String change(Optional<String> before, Optional<String> after) {
    if (before.isEmpty()) {
      return after.orElse("") + " is new";
    }
    return after.map(now -> before.get() + " → " + now).orElseGet(() -> before.get() + " is gone");
  }

  private static String values(List<Json> old, List<Json> now) {
    List<Json> added = now.stream().filter(value -> !old.contains(value)).toList();
    List<Json> removed = old.stream().filter(value -> !now.contains(value)).toList();
    List<String> words = new ArrayList<>();
    if (!added.isEmpty()) {
      words.add("now also " + list(added));
    }
    if (!removed.isEmpty()) {
      words.add("no more " + list(removed));
    }
    return words.isEmpty() ? "the values are in another order" : String.join(", ", words);
  }

  private static String list(List<Json> values) {
    return String.join(", ", values.stream().map(Phrases::shown).toList());
  }

  private static String types(Json type) {
    return switch (type) {
      case Json.Arr(List<Json> several) ->
          String.join(" or ", several.stream().map(Phrases::types).toList());
      case Json.Str(String name) -> name;
      default -> shown(type);
    };
  }

  static String shown(Json value) {
    String text = JsonWriter.compact(value);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }

  /** Whether fewer or more documents are valid, where a limit alone tells. */
  private static String direction(String keyword, Optional<Json> before, Optional<Json> after) {
    if (REMARKS.contains(keyword)) {
      return "";
    }
    boolean limit = LOWER.contains(keyword) || UPPER.contains(keyword);
    if (before.isEmpty() || after.isEmpty()) {
      return limit || DEMANDS.contains(keyword)
          ? (before.isEmpty() ? " (tighter)" : " (looser)")
          : "";
    }
    if (limit
        && before.get() instanceof Json.Num(BigDecimal old)
        && after.get() instanceof Json.Num(BigDecimal now)) {
      boolean rises = now.compareTo(old) > 0;
      return rises == LOWER.contains(keyword) ? " (tighter)" : " (looser)";
    }
    return "";
  }
}
