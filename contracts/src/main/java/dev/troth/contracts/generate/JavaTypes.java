package dev.troth.contracts.generate;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.pattern.Portable;
import dev.troth.contracts.schema.JsonType;
import java.util.ArrayList;
import java.util.List;

/** How values of a type are written, read and encoded in Java. */
final class JavaTypes {
  private static final int LONGEST_TEXT = 20_000;

  private final Rules.Tables rules = new Rules.Tables();

  String type(Type type) {
    return switch (type) {
      case Type.Any _ -> "Json";
      case Type.Truth _ -> "boolean";
      case Type.Whole whole -> whole.fitsLong() ? "long" : "BigInteger";
      case Type.Decimal _ -> "BigDecimal";
      case Type.Text _ -> "String";
      case Type.Stamp(Format format) ->
          switch (format) {
            case DATE_TIME -> "OffsetDateTime";
            case DATE -> "LocalDate";
            case TIME -> "OffsetTime";
            case UUID -> "UUID";
            default -> "URI";
          };
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
      case Type.Whole whole ->
          "Decode::%s%s"
              .formatted(
                  whole.literal() ? "literal" : "",
                  whole.literal()
                      ? (whole.fitsLong() ? "SmallWhole" : "Whole")
                      : (whole.fitsLong() ? "smallWhole" : "whole"));
      case Type.Decimal _ -> "Decode::decimal";
      case Type.Text text ->
          text.rules().map(r -> constant(r) + "::readText").orElse("Decode::text");
      case Type.Stamp(Format format) -> "Decode::" + Names.lowerCamel(format.toString());
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
      case Type.Stamp _ -> "Json.of(" + value + ")";
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

  /** The record of a sum that holds a value of a JSON type. */
  String caseName(JsonType kind) {
    return switch (kind) {
      case STRING -> "OfText";
      case NUMBER -> "OfNumber";
      case INTEGER -> "OfInteger";
      case BOOLEAN -> "OfBoolean";
      case ARRAY -> "OfList";
      case OBJECT -> "OfMembers";
      case NULL -> throw new IllegalStateException("null is no case of a sum");
    };
  }

  /** The pattern of a switch that takes values of a JSON type. */
  static String jsonCase(JsonType kind) {
    return switch (kind) {
      case STRING -> "Json.Text _";
      case NUMBER, INTEGER -> "Json.Numeral _";
      case BOOLEAN -> "Json.Truth _";
      case ARRAY -> "Json.Items _";
      case OBJECT -> "Json.Members _";
      case NULL -> throw new IllegalStateException("null is no case of a sum");
    };
  }

  /** The constant that holds rules; there is one for each schema. */
  String constant(Rules of) {
    return "Rules.RULES_%d".formatted(1 + rules.numberOf(of));
  }

  /** A class file holds no text of more than 65,535 bytes. */
  private static String quotedParts(String text) {
    List<String> parts = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + LONGEST_TEXT);
      to -= to < text.length() && Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
      parts.add(Template.quote(text.substring(from, to)));
      from = to;
    }
    return String.join(",\n          ", parts);
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
                  quotedParts(of.table(Portable.Syntax.JAVA))));
    }
    return out.toString();
  }
}
