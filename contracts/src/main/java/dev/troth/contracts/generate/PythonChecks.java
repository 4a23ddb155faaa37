package dev.troth.contracts.generate;

import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.schema.Keyword;
import dev.troth.json.JsonPointer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The statements of {@code __post_init__}. */
final class PythonChecks {
  private final PythonTypes types;
  private final Map<String, String> patterns = new LinkedHashMap<>();

  private int loops;

  PythonChecks(PythonTypes types) {
    this.types = types;
  }

  /** Names of constants by the pattern's source in quotes. */
  Map<String, String> patterns() {
    return patterns;
  }

  /** Begins another function. */
  void begin() {
    loops = 0;
  }

  List<String> of(Declaration.Property property, String name) {
    String at = Template.quote(JsonPointer.child("", property.name()));
    String value = "self." + name;
    List<String> checks = of(property.type(), at, value, 0);
    if (property.required() || checks.isEmpty()) {
      return checks;
    }
    return guarded(
        PythonTypes.absentIsNone(property.type())
            ? value + " is not None"
            : "not isinstance(" + value + ", support.Absent)",
        checks);
  }

  private static List<String> guarded(String condition, List<String> checks) {
    List<String> lines = new ArrayList<>();
    lines.add(condition.startsWith("for ") ? condition + ":" : "if " + condition + ":");
    checks.forEach(check -> lines.add("    " + check));
    return lines;
  }

  List<String> of(Type type, String at, String value, int depth) {
    return switch (type) {
      case Type.Any _, Type.Truth _, Type.Named _ -> List.of();
      case Type.Whole whole -> whole.checks().stream().map(c -> check(c, at, value, "")).toList();
      case Type.Decimal some -> some.checks().stream().map(c -> check(c, at, value, "")).toList();
      case Type.Text text -> text.checks().stream().map(c -> check(c, at, value, "")).toList();
      case Type.Stamp(var format) ->
          List.of(
              "support.format_of(%s, %s, \"%s\")"
                  .formatted(at, types.encode(type, value, 0), format));
      case Type.Many many -> {
        List<String> all = new ArrayList<>();
        String encoded = types.encode(many, value, depth + 10);
        many.checks().forEach(c -> all.add(check(c, at, value, encoded)));
        all.addAll(inside("enumerate(%s)".formatted(value), many.item(), at, depth));
        yield all;
      }
      case Type.Mapping mapping -> {
        List<String> all = new ArrayList<>();
        mapping.checks().forEach(c -> all.add(check(c, at, value, "")));
        all.addAll(inside(value + ".items()", mapping.value(), at, depth));
        yield all;
      }
      case Type.Nullable(Type inner) -> {
        List<String> checks = of(inner, at, value, depth);
        yield checks.isEmpty() ? checks : guarded(value + " is not None", checks);
      }
    };
  }

  private List<String> inside(String pairs, Type type, String at, int depth) {
    // Each loop has names of its own: mypy gives a name one type in a function.
    loops++;
    String key = "key" + loops;
    String item = "item" + loops;
    String where = "support.step(%s, str(%s))".formatted(at, key);
    List<String> checks = of(type, where, item, depth + 1);
    return checks.isEmpty()
        ? checks
        : guarded("for %s, %s in %s".formatted(key, item, pairs), checks);
  }

  private String check(Keyword check, String at, String value, String encoded) {
    String call =
        switch (check) {
          case Keyword.AtLeast(Keyword.Countable what, int limit) ->
              what == Keyword.Countable.CHARACTERS
                  ? "length(%s, %s, least=%d)".formatted(at, value, limit)
                  : "size(%s, len(%s), least=%d)".formatted(at, value, limit);
          case Keyword.AtMost(Keyword.Countable what, int limit) ->
              what == Keyword.Countable.CHARACTERS
                  ? "length(%s, %s, most=%d)".formatted(at, value, limit)
                  : "size(%s, len(%s), most=%d)".formatted(at, value, limit);
          case Keyword.Minimum(var limit, boolean exclusive) ->
              "%s(%s, %s, \"%s\")".formatted(exclusive ? "above" : "at_least", at, value, limit);
          case Keyword.Maximum(var limit, boolean exclusive) ->
              "%s(%s, %s, \"%s\")".formatted(exclusive ? "below" : "at_most", at, value, limit);
          case Keyword.MultipleOf(var divisor) ->
              "multiple_of(%s, %s, \"%s\")".formatted(at, value, divisor);
          case Keyword.UniqueItems _ -> "unique(%s, %s)".formatted(at, encoded);
          case Keyword.Pattern(var regex) ->
              "pattern(%s, %s, %s)"
                  .formatted(
                      at,
                      value,
                      constant(
                          Portable.pattern(regex, Portable.Syntax.PYTHON).orElseThrow(),
                          "PATTERN"));
          case Keyword.FormatOf(var format) ->
              "format_of(%s, %s, \"%s\")".formatted(at, value, format);
          default -> throw new IllegalStateException(check.keyword() + " is no check");
        };
    return "support." + call;
  }

  private String constant(String pattern, String wanted) {
    String quoted = Template.quote(pattern);
    String known = patterns.get(quoted);
    if (known == null) {
      known = "_" + wanted;
      for (int i = 2; patterns.containsValue(known); i++) {
        known = "_" + wanted + "_" + i;
      }
      patterns.put(quoted, known);
    }
    return known;
  }
}
