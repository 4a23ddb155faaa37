package dev.troth.contracts.exchange;

import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The logical types of ODCS and their options, as keywords of JSON Schema. */
final class OdcsTypes {
  private static final List<String> LOGICAL =
      List.of(
          "string", "date", "timestamp", "time", "number", "integer", "object", "array", "boolean");

  private static final Map<String, List<String>> SAME_WORDS =
      Map.of(
          "string", List.of("minLength", "maxLength", "pattern", "format"),
          "integer",
              List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
          "number",
              List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
          "object", List.of("minProperties", "maxProperties"),
          "array", List.of("minItems", "maxItems", "uniqueItems"));

  /** Beginnings of type names of databases and what they hold. */
  private static final Map<String, List<String>> PHYSICAL =
      Map.of(
          "string", List.of("varchar", "char", "text", "string", "nvarchar", "clob", "uuid"),
          "integer", List.of("int", "bigint", "smallint", "tinyint", "serial", "long"),
          "number", List.of("decimal", "numeric", "double", "float", "real", "number"),
          "boolean", List.of("bool", "bit"),
          "timestamp", List.of("timestamp", "datetime"),
          "date", List.of("date"),
          "time", List.of("time"));

  private final Warning warning;

  /** Takes what is not understood. */
  interface Warning {
    void warn(String at, String rule, String message, String cure);
  }

  OdcsTypes(Warning warning) {
    this.warning = warning;
  }

  /** The logical type, if need be guessed from the physical one. */
  Optional<String> logicalType(Json.Obj element, String at) {
    Optional<String> type = element.text("logicalType");
    if (type.isPresent()) {
      if (LOGICAL.contains(type.get())) {
        return type;
      }
      warning.warn(
          at + "/logicalType",
          "odcs/type",
          "logicalType is '%s', expected one of %s: any value is allowed"
              .formatted(type.get(), String.join(", ", LOGICAL)),
          "write a logical type of the standard");
      return Optional.empty();
    }
    if (element.get("properties").isPresent()) {
      return Optional.of("object");
    }
    if (element.get("items").isPresent()) {
      return Optional.of("array");
    }
    Optional<String> physical = element.text("physicalType").map(t -> t.toLowerCase(Locale.ROOT));
    Optional<String> guess =
        physical.flatMap(t ->
            PHYSICAL.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(t::startsWith))
                // "timestamp" begins with "time": the longest beginning counts.
                .max((a, b) -> Integer.compare(longest(a.getValue(), t), longest(b.getValue(), t)))
                .map(Map.Entry::getKey));
    if (guess.isPresent()) {
      warning.warn(
          at,
          "odcs/type",
          "there is no logicalType; physicalType '%s' is read as %s"
              .formatted(physical.orElseThrow(), guess.get()),
          "write the logicalType");
    }
    return guess;
  }

  private static int longest(List<String> beginnings, String type) {
    return beginnings.stream().filter(type::startsWith).mapToInt(String::length).max().orElse(0);
  }

  String jsonType(String logical) {
    return switch (logical) {
      case "date", "timestamp", "time" -> "string";
      default -> logical;
    };
  }

  /**
   * Writes the options as keywords.
   *
   * @param kept takes those that no keyword says
   */
  void options(String logical, Json.Obj options, String at, JsonMembers schema, JsonMembers kept) {
    List<String> same = SAME_WORDS.getOrDefault(logical, List.of());
    boolean temporal = List.of("date", "timestamp", "time").contains(logical);
    JsonMembers unsaid = new JsonMembers();
    Optional<String> written = options.text("format");
    boolean iso = !temporal || written.map(it -> isIso(logical, it)).orElse(true);
    options
        .members()
        .forEach((name, value) -> {
          boolean format = name.equals("format");
          if (same.contains(name)) {
            schema.put(name, value);
          } else if (format && (temporal ? iso : isWidth(logical, value))) {
            kept.put(name, value);
          } else if (!name.equals("required")) { // which is told with the properties
            unsaid.put(name, value);
          }
        });
    if (logical.equals("integer")) {
      written.filter(OdcsTypes::isInteger).ifPresent(width -> bounds(width, schema));
    }
    if (temporal && iso) {
      schema.text("format", logical.equals("timestamp") ? "date-time" : logical);
    }
    if (!unsaid.isEmpty()) {
      kept.others(unsaid.json());
      warning.warn(
          at + "/" + Odcs.OPTIONS,
          "odcs/option",
          "JSON Schema has no keyword for %s: kept under x-odcs, not checked"
              .formatted(unsaid.json()),
          "write a rule in CEL for what must hold");
    }
  }

  /** The size of a number: of integers it is a range, of others no demand at all. */
  private static boolean isWidth(String logical, Json value) {
    return value instanceof Json.Str(String width)
        && ((logical.equals("integer") && isInteger(width))
            || (logical.equals("number") && width.matches("f(32|64)")));
  }

  private static boolean isInteger(String width) {
    return width.matches("[iu](8|16|32|64|128)");
  }

  /** Whether a pattern of the JDK writes what RFC 3339 wants. */
  private static boolean isIso(String logical, String format) {
    String plain = format.replace("'", "");
    return switch (logical) {
      case "date" -> plain.equalsIgnoreCase("yyyy-MM-dd");
      case "timestamp" -> plain.matches("(?i)yyyy-MM-ddTHH:mm:ss(\\.S+)?(Z|X+|z+)");
      default -> plain.matches("(?i)HH:mm:ss(\\.S+)?(Z|X+|z+)");
    };
  }

  /** The range of an integer of so many bits, where it is not bounded already. */
  private static void bounds(String width, JsonMembers schema) {
    int bits = Integer.parseInt(width.substring(1));
    boolean signed = width.charAt(0) == 'i';
    BigInteger least = signed ? BigInteger.TWO.pow(bits - 1).negate() : BigInteger.ZERO;
    BigInteger most = BigInteger.TWO.pow(signed ? bits - 1 : bits).subtract(BigInteger.ONE);
    if (!schema.has("minimum") && !schema.has("exclusiveMinimum")) {
      schema.put("minimum", new Json.Num(new BigDecimal(least)));
    }
    if (!schema.has("maximum") && !schema.has("exclusiveMaximum")) {
      schema.put("maximum", new Json.Num(new BigDecimal(most)));
    }
  }
}
