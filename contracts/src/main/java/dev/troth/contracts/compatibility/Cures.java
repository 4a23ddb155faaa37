package dev.troth.contracts.compatibility;

import dev.troth.contracts.validate.Violation;

/** What a person can do about a breach. */
final class Cures {
  private Cures() {}

  static String of(Violation violation, Direction direction) {
    boolean backward = direction == Direction.BACKWARD;
    String way =
        switch (violation.keyword()) {
          case "required", "dependentRequired" ->
              backward
                  ? "make the new property optional, or give it a value where it is read"
                  : "keep writing the property that earlier versions require";
          case "type" -> "keep the type; to change it, add a property of another name";
          case "enum", "const" ->
              backward
                  ? "keep the values that were allowed before"
                  : "let readers learn the new value first";
          case "additionalProperties", "properties", "false", "unevaluatedProperties" ->
              backward ? "keep the property declared" : "let readers allow the property first";
          case "minimum",
              "exclusiveMinimum",
              "maximum",
              "exclusiveMaximum",
              "minLength",
              "maxLength",
              "minItems",
              "maxItems",
              "minProperties",
              "maxProperties",
              "multipleOf",
              "pattern",
              "format",
              "uniqueItems" ->
              backward ? "do not tighten what was allowed" : "let readers widen theirs first";
          default -> backward ? "allow what was allowed before" : "let readers allow it first";
        };
    return way + "; or raise the major version";
  }
}
