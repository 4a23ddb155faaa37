package dev.troth.slo.rules;

import dev.troth.slo.promql.Query;
import dev.troth.slo.promql.Query.Call;
import dev.troth.slo.promql.Query.Matcher;
import dev.troth.slo.promql.Query.Operation;
import dev.troth.slo.promql.Query.Selector;
import dev.troth.slo.promql.Query.Subquery;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Says by name what of an expression a replay cannot do. */
final class Support {
  static final Set<String> AGGREGATIONS = Set.of("sum", "avg", "min", "max", "count", "group");

  /** Functions of an instant with the types of their arguments; a question mark may be left out. */
  private static final Map<String, List<String>> FUNCTIONS =
      Map.ofEntries(
          Map.entry("abs", List.of("vector")),
          Map.entry("ceil", List.of("vector")),
          Map.entry("floor", List.of("vector")),
          Map.entry("sqrt", List.of("vector")),
          Map.entry("exp", List.of("vector")),
          Map.entry("ln", List.of("vector")),
          Map.entry("round", List.of("vector", "number?")),
          Map.entry("clamp_min", List.of("vector", "number")),
          Map.entry("clamp_max", List.of("vector", "number")),
          Map.entry("clamp", List.of("vector", "number", "number")),
          Map.entry("vector", List.of("number")),
          Map.entry("scalar", List.of("vector")),
          Map.entry("time", List.of()),
          Map.entry("absent", List.of("vector")),
          Map.entry("absent_over_time", List.of("range")));

  private static final Pattern DECIMAL =
      Pattern.compile("(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?");
  private static final Pattern HEX = Pattern.compile("0[xX][0-9a-fA-F]{1,13}");

  private final Set<String> refused = new LinkedHashSet<>();

  private Support() {}

  /** Everything that is refused; empty if it can be replayed. */
  static Set<String> refusals(Query query) {
    Support support = new Support();
    String type = support.type(query);
    if (type.equals("range") || type.equals("text")) {
      support.refused.add("it is a " + type + ", expected one value for each series");
    }
    return support.refused;
  }

  /** The number that a literal is. */
  static double number(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "nan" -> Double.NaN;
      default ->
          HEX.matcher(text).matches()
              ? Long.parseLong(text.substring(2), 16)
              : Double.parseDouble(text);
    };
  }

  private static boolean isNumber(String text) {
    return DECIMAL.matcher(text).matches()
        || HEX.matcher(text).matches()
        || text.equals("inf")
        || text.equals("nan");
  }

  private String type(Query query) {
    return switch (query) {
      case Query.Literal literal -> {
        boolean number = isNumber(literal.text());
        boolean text = !literal.text().isEmpty() && "\"'`".indexOf(literal.text().charAt(0)) >= 0;
        if (!number && !text) {
          refused.add("'%s' is no number".formatted(literal.text()));
        }
        yield text ? "text" : "number";
      }
      case Selector selector -> {
        shift(selector.shift());
        selector.labels().forEach(this::matcher);
        if (selector.range().isEmpty()) {
          yield "vector";
        }
        length(selector.range());
        yield "range";
      }
      case Query.Sign sign -> type(sign.operand());
      case Subquery subquery -> {
        shift(subquery.shift());
        length(subquery.range());
        if (!subquery.step().isEmpty()) {
          length(subquery.step());
        }
        need("a subquery", "vector", type(subquery.query()));
        yield "range";
      }
      case Operation operation -> operation(operation);
      case Call call -> call(call);
    };
  }

  private void matcher(Matcher matcher) {
    if (matcher.operator().endsWith("~")) {
      try {
        LabelPattern.of(matcher.value());
      } catch (IllegalArgumentException wrong) {
        refused.add("'%s' is no pattern of RE2: %s".formatted(matcher.value(), wrong.getMessage()));
      }
    }
  }

  private void shift(Query.Shift shift) {
    if (!shift.at().isEmpty()) {
      refused.add("it uses the @ modifier");
    }
    if (shift.offset().startsWith("-")) {
      refused.add("it uses a negative offset");
    } else if (!shift.offset().isEmpty()) {
      length(shift.offset());
    }
  }

  private void length(String text) {
    try {
      if (Length.millis(text) <= 0) {
        refused.add("the length is '%s', expected one above 0".formatted(text));
      }
    } catch (IllegalArgumentException wrong) {
      refused.add(String.valueOf(wrong.getMessage()));
    }
  }

  private void need(String where, String wanted, String found) {
    boolean fits = wanted.equals(found) || (wanted.equals("number?") && found.equals("number"));
    if (!fits) {
      refused.add("%s takes a %s, found a %s".formatted(where, wanted.replace("?", ""), found));
    }
  }

  private String operation(Operation operation) {
    String left = type(operation.left());
    String right = type(operation.right());
    String operator = operation.operator();
    for (String side : List.of(left, right)) {
      if (side.equals("range") || side.equals("text")) {
        refused.add("'%s' takes numbers and vectors, found a %s".formatted(operator, side));
      }
    }
    boolean numbers = left.equals("number") && right.equals("number");
    if (Operators.SETS.contains(operator) && !(left.equals("vector") && right.equals("vector"))) {
      refused.add("'%s' takes two vectors".formatted(operator));
    }
    if (Operators.compares(operator) && numbers && !operation.matching().bool()) {
      refused.add("'%s' between two numbers needs bool".formatted(operator));
    }
    Query.Matching matching = operation.matching();
    boolean vectors = left.equals("vector") && right.equals("vector");
    if (!matching.labels().word().isEmpty() && !vectors) {
      refused.add(
          "'%s' matches labels between two vectors alone".formatted(matching.labels().word()));
    }
    if (!matching.group().word().isEmpty()
        && (!vectors || Operators.SETS.contains(operator) || matching.labels().word().isEmpty())) {
      refused.add("'%s' needs on or ignoring, and two vectors".formatted(matching.group().word()));
    }
    if (matching.bool() && !Operators.compares(operator)) {
      refused.add("bool stands behind comparisons alone, found '%s'".formatted(operator));
    }
    return numbers ? "number" : "vector";
  }

  private String call(Call call) {
    String name = call.function();
    List<String> types = call.arguments().stream().map(this::type).toList();
    if (RangeFunction.named(name).isPresent()) {
      arguments(name, List.of("range"), types);
      return "vector";
    }
    if (AGGREGATIONS.contains(name)) {
      arguments(name, List.of("vector"), types);
      return "vector";
    }
    List<String> wanted = FUNCTIONS.get(name);
    if (wanted == null) {
      refused.add("it uses %s, which is not replayed".formatted(name));
      return "vector";
    }
    arguments(name, wanted, types);
    return name.equals("scalar") || name.equals("time") ? "number" : "vector";
  }

  private void arguments(String name, List<String> wanted, List<String> found) {
    long least = wanted.stream().filter(type -> !type.endsWith("?")).count();
    if (found.size() < least || found.size() > wanted.size()) {
      refused.add(
          "%s takes %s, found %d arguments"
              .formatted(
                  name,
                  wanted.isEmpty() ? "nothing" : "a " + String.join(", a ", wanted),
                  found.size()));
      return;
    }
    for (int i = 0; i < found.size(); i++) {
      need(name, wanted.get(i), found.get(i));
    }
  }
}
