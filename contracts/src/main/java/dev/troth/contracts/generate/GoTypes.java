package dev.troth.contracts.generate;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How values of a type are written, read and encoded in Go, and the checks of each. */
final class GoTypes {
  private final Model model;
  private final Map<String, String> patterns = new LinkedHashMap<>();
  private final Rules.Tables rules = new Rules.Tables();

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
      case Type.Stamp(Format format) -> format == Format.DATE_TIME ? "DateTime" : "string";
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
      case Type.Whole whole -> {
        String decoder = whole.fitsLong() ? "smallWhole" : "whole";
        List<String> calls = new ArrayList<>();
        if (whole.literal()) {
          calls.add("literal");
        }
        whole.checks().forEach(check -> calls.add(check(check)));
        yield checked(type, decoder, calls);
      }
      case Type.Decimal decimal -> checked(type, "number", calls(decimal.checks()));
      case Type.Text text -> {
        List<String> calls = new ArrayList<>(calls(text.checks()));
        text.rules().ifPresent(of -> calls.add(constant(of) + ".check"));
        yield checked(type, "text", calls);
      }
      case Type.Stamp(Format format) ->
          format == Format.DATE_TIME
              ? "dateTime"
              : checked(type, "text", List.of("format(\"%s\")".formatted(format)));
      case Type.Many many -> checked(type, call("list", many.item()), calls(many.checks()));
      case Type.Mapping mapping ->
          checked(type, call("mapping", mapping.value()), calls(mapping.checks()));
      case Type.Nullable nullable -> call("nullable", nullable.type());
      case Type.Named(String name) -> "decode" + name;
    };
  }

  /** Type arguments are spelled out: Go 1.19 does not infer them from a function's name. */
  private String call(String function, Type type) {
    return "%s[%s](%s)".formatted(function, type(type), decoder(type));
  }

  private List<String> calls(List<Keyword> checks) {
    return checks.stream().map(this::check).toList();
  }

  private String checked(Type type, String decoder, List<String> calls) {
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
      case Keyword.FormatOf(var format) -> "format(\"%s\")".formatted(format);
      default -> throw new IllegalStateException(check.keyword() + " is no check");
    };
  }

  String encode(Type type, String value) {
    return switch (type) {
      case Type.Any _, Type.Truth _, Type.Text _, Type.Decimal _ -> value;
      case Type.Stamp stamp -> stamp.format() == Format.DATE_TIME ? value + ".encode()" : value;
      case Type.Whole whole ->
          (whole.fitsLong() ? "encodeSmallWhole(%s)" : "encodeWhole(%s)").formatted(value);
      case Type.Many many -> "encodeList(%s, %s)".formatted(value, encoder(many.item()));
      case Type.Mapping mapping -> "encodeMap(%s, %s)".formatted(value, encoder(mapping.value()));
      case Type.Nullable nullable ->
          "encodeNullable(%s, %s)".formatted(value, encoder(nullable.type()));
      case Type.Named(String name) ->
          model.isUnion(name) ? "encodeSealed(" + value + ")" : value + ".encode()";
    };
  }

  /** Composed from function values, for gofmt breaks up nested function literals. */
  private String encoder(Type type) {
    return switch (type) {
      case Type.Any _, Type.Truth _, Type.Text _, Type.Decimal _ ->
          "encodeItself[%s]".formatted(type(type));
      case Type.Stamp stamp ->
          stamp.format() == Format.DATE_TIME ? "DateTime.encode" : "encodeItself[string]";
      case Type.Whole whole -> whole.fitsLong() ? "encodeSmallWhole" : "encodeWhole";
      case Type.Many many -> "listEncoder(" + encoder(many.item()) + ")";
      case Type.Mapping mapping -> "mapEncoder(" + encoder(mapping.value()) + ")";
      case Type.Nullable nullable -> "nullableEncoder(" + encoder(nullable.type()) + ")";
      case Type.Named(String name) ->
          model.isUnion(name) ? "encodeSealed[%s]".formatted(name) : name + ".encode";
    };
  }

  /** A sealed interface, with a struct around each value that is no struct itself. */
  String sum(Declaration.Sum sum, Names globals) {
    String name = sum.name();
    StringBuilder cases = new StringBuilder();
    StringBuilder objects = new StringBuilder();
    StringBuilder wrappers = new StringBuilder();
    for (Declaration.Case one : sum.cases()) {
      String made = "v";
      if (!model.isStruct(one.type())) {
        String wrapper = globals.free(name + kindName(one.kind()));
        made = wrapper + "{Value: v}";
        wrappers.append(
            """

            // %1$s is a %2$s of the JSON type %3$s.
            type %1$s struct {
            	// Value: what it holds.
            	Value %4$s
            }

            func (%1$s) is%2$s() {
            }

            func (v %1$s) encode() any {
            	return %5$s
            }
            """
                .formatted(
                    wrapper, name, one.kind(), type(one.type()), encode(one.type(), "v.Value")));
      }
      if (one.kind() == JsonType.OBJECT) {
        objects.append(
            "\t\tif v, err := %s(value); err == nil {\n\t\t\treturn %s, nil\n\t\t}\n"
                .formatted(decoder(one.type()), made));
      } else {
        cases.append(
            "\tcase %s:\n\t\tv, err := %s(value)\n\t\treturn %s, err\n"
                .formatted(goKind(one.kind()), decoder(one.type()), made));
      }
    }
    if (!objects.isEmpty()) {
      cases.append("\tcase map[string]any:\n").append(objects);
    }
    String rules =
        sum.rules()
            .map(of ->
                "\tif err := %s.check(value); err != nil {\n\t\treturn nil, err\n\t}\n"
                    .formatted(constant(of)))
            .orElse("");
    return """
    type %1$s interface {
    	is%1$s()
    	encode() any
    }
    %2$s
    func decode%1$s(value any) (%1$s, error) {
    %3$s	switch value.(type) {
    %4$s	}
    	return nil, wrong(%5$s, value)
    }
    """
        .formatted(name, wrappers, rules, cases, Template.quote(sum.expected()));
  }

  private static String kindName(JsonType kind) {
    return switch (kind) {
      case STRING -> "Text";
      case NUMBER, INTEGER -> "Number";
      case BOOLEAN -> "Truth";
      case ARRAY -> "List";
      case OBJECT -> "Members";
      case NULL -> "Null";
    };
  }

  private static String goKind(JsonType kind) {
    return switch (kind) {
      case STRING -> "string";
      case NUMBER, INTEGER -> "json.Number";
      case BOOLEAN -> "bool";
      case ARRAY -> "[]any";
      case OBJECT -> "map[string]any";
      case NULL -> "nil";
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
