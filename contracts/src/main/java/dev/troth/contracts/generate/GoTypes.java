package dev.troth.contracts.generate;

import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.schema.Keyword;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How values of a type are written, read and encoded in Go, and the checks of each. */
final class GoTypes {
  private final Model model;
  private final Map<String, String> patterns = new LinkedHashMap<>();
  private final RuleTables rules = new RuleTables();

  GoTypes(Model model) {
    this.model = model;
  }

  String type(Type type) {
    return switch (type) {
      case Type.Any _ -> "any";
      case Type.Truth _ -> "bool";
      case Type.Whole whole -> whole.fitsLong() ? "int64" : "*big.Int";
      case Type.Decimal _ -> "json.Number";
      case Type.Text _ -> "string";
      case Type.Many many -> "[]" + type(many.item());
      case Type.Mapping mapping -> "map[string]" + type(mapping.value());
      case Type.Nullable nullable -> "*" + type(nullable.type());
      case Type.Named(String name) -> name;
    };
  }

  String decoder(Type type) {
    return switch (type) {
      case Type.Any(var of) -> of.map(r -> constant(r) + ".read").orElse("anything");
      case Type.Truth _ -> "truth";
      case Type.Whole whole ->
          checked(type, whole.fitsLong() ? "smallWhole" : "whole", whole.checks());
      case Type.Decimal decimal -> checked(type, "number", decimal.checks());
      case Type.Text text -> checked(type, "text", text.checks());
      case Type.Many many -> checked(type, call("list", many.item()), many.checks());
      case Type.Mapping mapping ->
          checked(type, call("mapping", mapping.value()), mapping.checks());
      case Type.Nullable nullable -> call("nullable", nullable.type());
      case Type.Named(String name) -> "decode" + name;
    };
  }

  /** Type arguments are spelled out: Go 1.19 does not infer them from a function's name. */
  private String call(String function, Type type) {
    return "%s[%s](%s)".formatted(function, type(type), decoder(type));
  }

  private String checked(Type type, String decoder, List<Keyword> checks) {
    List<String> calls = checks.stream().map(this::check).toList();
    return calls.isEmpty()
        ? decoder
        : "checked[%s](%s, %s)".formatted(type(type), decoder, String.join(", ", calls));
  }

  private String check(Keyword check) {
    return switch (check) {
      case Keyword.AtLeast(Keyword.Countable what, int limit) ->
          (what == Keyword.Countable.CHARACTERS ? "minLength(%d)" : "minSize(%d)").formatted(limit);
      case Keyword.AtMost(Keyword.Countable what, int limit) ->
          (what == Keyword.Countable.CHARACTERS ? "maxLength(%d)" : "maxSize(%d)").formatted(limit);
      case Keyword.Minimum(var limit, boolean exclusive) ->
          "%s(\"%s\")".formatted(exclusive ? "above" : "atLeast", limit);
      case Keyword.Maximum(var limit, boolean exclusive) ->
          "%s(\"%s\")".formatted(exclusive ? "less" : "atMost", limit);
      case Keyword.MultipleOf(var divisor) -> "multipleOf(\"%s\")".formatted(divisor);
      case Keyword.UniqueItems _ -> "unique";
      case Keyword.Pattern(var regex) ->
          "pattern(%s)"
              .formatted(
                  patterns.computeIfAbsent(
                      Template.quote(Portable.pattern(regex, Portable.Syntax.GO).orElseThrow()),
                      _ -> "pattern" + (patterns.size() + 1)));
      case Keyword.FormatOf(var format) ->
          "format(\"%s\", format%s)".formatted(format, Names.upperCamel(format.toString()));
      default -> throw new IllegalStateException(check.keyword() + " is no check");
    };
  }

  String encode(Type type, String value) {
    return switch (type) {
      case Type.Any _, Type.Truth _, Type.Text _, Type.Decimal _ -> value;
      case Type.Whole whole ->
          (whole.fitsLong() ? "encodeSmallWhole(%s)" : "encodeWhole(%s)").formatted(value);
      case Type.Many many -> "encodeList(%s, %s)".formatted(value, encoder(many.item()));
      case Type.Mapping mapping -> "encodeMap(%s, %s)".formatted(value, encoder(mapping.value()));
      case Type.Nullable nullable ->
          "encodeNullable(%s, %s)".formatted(value, encoder(nullable.type()));
      case Type.Named(String name) ->
          model.declaration(name) instanceof Declaration.Union
              ? "encodeSealed(" + value + ")"
              : value + ".encode()";
    };
  }

  /** Composed from function values, for gofmt breaks up nested function literals. */
  private String encoder(Type type) {
    return switch (type) {
      case Type.Any _, Type.Truth _, Type.Text _, Type.Decimal _ ->
          "encodeItself[%s]".formatted(type(type));
      case Type.Whole whole -> whole.fitsLong() ? "encodeSmallWhole" : "encodeWhole";
      case Type.Many many -> "listEncoder(" + encoder(many.item()) + ")";
      case Type.Mapping mapping -> "mapEncoder(" + encoder(mapping.value()) + ")";
      case Type.Nullable nullable -> "nullableEncoder(" + encoder(nullable.type()) + ")";
      case Type.Named(String name) ->
          model.declaration(name) instanceof Declaration.Union
              ? "encodeSealed[%s]".formatted(name)
              : name + ".encode";
    };
  }

  String constant(Rules of) {
    return "rules%d".formatted(1 + rules.numberOf(of));
  }

  /** Whether rules were asked for. */
  boolean hasRules() {
    return !rules.isEmpty();
  }

  /** The patterns and rules that were asked for. */
  String variables() {
    StringBuilder out = new StringBuilder();
    patterns.forEach((pattern, name) ->
        out.append("\nvar %s = regexp.MustCompile(%s)\n".formatted(name, pattern)));
    for (Rules of : rules.all()) {
      out.append(
          "\nvar %s = newRules(%s, %s)\n"
              .formatted(
                  constant(of),
                  Template.quote(of.place()),
                  Template.quote(of.table(Portable.Syntax.GO))));
    }
    return out.toString();
  }
}
