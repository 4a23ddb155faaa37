package dev.troth.contracts.generate;

import dev.troth.contracts.pattern.Portable;

/** How values of a type are written, read and encoded in Python. */
final class PythonTypes {
  private final Model model;
  private final RuleTables rules = new RuleTables();

  PythonTypes(Model model) {
    this.model = model;
  }

  String type(Type type) {
    return switch (type) {
      case Type.Any _ -> "Json";
      case Type.Truth _ -> "bool";
      case Type.Whole _ -> "int";
      case Type.Decimal _ -> "Decimal";
      case Type.Text _ -> "str";
      case Type.Many many -> "tuple[" + type(many.item()) + ", ...]";
      case Type.Mapping mapping -> "Mapping[str, " + type(mapping.value()) + "]";
      case Type.Nullable nullable -> type(nullable.type()) + " | None";
      case Type.Named(String name) -> name;
    };
  }

  String decoder(Type type) {
    return switch (type) {
      case Type.Any(var of) -> of.map(r -> constant(r) + ".read").orElse("support.anything");
      case Type.Truth _ -> "support.truth";
      case Type.Whole _ -> "support.whole";
      case Type.Decimal _ -> "support.decimal";
      case Type.Text _ -> "support.text";
      case Type.Many many -> "support.many(" + decoder(many.item()) + ")";
      case Type.Mapping mapping -> "support.mapping(" + decoder(mapping.value()) + ")";
      case Type.Nullable nullable -> "support.nullable(" + decoder(nullable.type()) + ")";
      case Type.Named(String name) ->
          model.declaration(name) instanceof Declaration.Union
              ? "decode_" + Names.snake(name)
              : name + ".decode";
    };
  }

  String encode(Type type, String value, int depth) {
    String inner = "v" + (depth + 1);
    return switch (type) {
      case Type.Any _, Type.Truth _, Type.Whole _, Type.Decimal _, Type.Text _ -> value;
      case Type.Many many ->
          "[%s for %s in %s]".formatted(encode(many.item(), inner, depth + 1), inner, value);
      case Type.Mapping mapping ->
          "{k%d: %s for k%d, %s in %s.items()}"
              .formatted(depth, encode(mapping.value(), inner, depth + 1), depth, inner, value);
      case Type.Nullable nullable -> {
        String encoded = encode(nullable.type(), value, depth);
        yield encoded.equals(value)
            ? value
            : "(None if %s is None else %s)".formatted(value, encoded);
      }
      case Type.Named _ -> value + ".encode()";
    };
  }

  /** Whether None can stand for a member that is not there. */
  static boolean absentIsNone(Type type) {
    return !(type instanceof Type.Nullable || type instanceof Type.Any);
  }

  String constant(Rules of) {
    return "_RULES_%d".formatted(1 + rules.numberOf(of));
  }

  /** Whether rules were asked for. */
  boolean hasRules() {
    return !rules.isEmpty();
  }

  /** A line for each table that was asked for. */
  String constants() {
    StringBuilder out = new StringBuilder();
    for (Rules of : rules.all()) {
      out.append(
          "%s: Final = rules.Rules(\n    %s,\n    %s,\n)\n"
              .formatted(
                  constant(of),
                  Template.quote(of.place()),
                  Template.quote(of.table(Portable.Syntax.PYTHON))));
    }
    return out.toString();
  }
}
