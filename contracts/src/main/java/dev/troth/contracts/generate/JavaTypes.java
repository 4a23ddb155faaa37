package dev.troth.contracts.generate;

import dev.troth.contracts.pattern.Portable;

/** How values of a type are written, read and encoded in Java. */
final class JavaTypes {
  private final RuleTables rules = new RuleTables();

  String type(Type type) {
    return switch (type) {
      case Type.Any _ -> "Json";
      case Type.Truth _ -> "boolean";
      case Type.Whole whole -> whole.fitsLong() ? "long" : "BigInteger";
      case Type.Decimal _ -> "BigDecimal";
      case Type.Text _ -> "String";
      case Type.Many many -> "List<" + box(type(many.item())) + ">";
      case Type.Mapping mapping -> "Map<String, " + box(type(mapping.value())) + ">";
      case Type.Nullable nullable -> "Optional<" + box(type(nullable.type())) + ">";
      case Type.Named(String name) -> name;
    };
  }

  static String box(String type) {
    return switch (type) {
      case "boolean" -> "Boolean";
      case "long" -> "Long";
      default -> type;
    };
  }

  String decoder(Type type) {
    return switch (type) {
      case Type.Any(var of) -> of.map(r -> constant(r) + "::read").orElse("json1 -> json1");
      case Type.Truth _ -> "Decode::truth";
      case Type.Whole whole -> whole.fitsLong() ? "Decode::smallWhole" : "Decode::whole";
      case Type.Decimal _ -> "Decode::decimal";
      case Type.Text _ -> "Decode::text";
      case Type.Many many -> "Decode.list(" + decoder(many.item()) + ")";
      case Type.Mapping mapping -> "Decode.map(" + decoder(mapping.value()) + ")";
      case Type.Nullable nullable -> "Decode.nullable(" + decoder(nullable.type()) + ")";
      case Type.Named(String name) -> name + "::decode";
    };
  }

  String encode(Type type, String value, int depth) {
    String inner = "v" + (depth + 1);
    return switch (type) {
      case Type.Any _ -> value;
      case Type.Truth _ -> "Json.of(" + value + ")";
      case Type.Whole whole ->
          whole.fitsLong()
              ? "Json.of(" + value + ")"
              : "new Json.Numeral(new java.math.BigDecimal(" + value + "))";
      case Type.Decimal _ -> "new Json.Numeral(" + value + ")";
      case Type.Text _ -> "new Json.Text(" + value + ")";
      case Type.Many many ->
          "Json.list(%s, %s -> %s)".formatted(value, inner, encode(many.item(), inner, depth + 1));
      case Type.Mapping mapping ->
          "Json.map(%s, %s -> %s)"
              .formatted(value, inner, encode(mapping.value(), inner, depth + 1));
      case Type.Nullable nullable ->
          "Json.nullable(%s, %s -> %s)"
              .formatted(value, inner, encode(nullable.type(), inner, depth + 1));
      case Type.Named _ -> value + ".encode()";
    };
  }

  /** The constant that holds rules; there is one for each schema. */
  String constant(Rules of) {
    return "Rules.RULES_%d".formatted(1 + rules.numberOf(of));
  }

  /** A line for each table that was asked for; empty if none was. */
  String constants() {
    StringBuilder out = new StringBuilder();
    for (Rules of : rules.all()) {
      out.append(
          "  static final Rules RULES_%d =\n      new Rules(\n          %s,\n          %s);\n"
              .formatted(
                  1 + rules.numberOf(of),
                  Template.quote(of.place()),
                  Template.quote(of.table(Portable.Syntax.JAVA))));
    }
    return out.toString();
  }
}
