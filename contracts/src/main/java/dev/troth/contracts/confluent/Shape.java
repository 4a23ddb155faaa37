package dev.troth.contracts.confluent;

import dev.troth.contracts.pattern.Regex;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a schema is to the registry: exactly one kind of thing. A schema with keywords of several
 * kinds is a {@link Combination} of them.
 */
sealed interface Shape {
  /** No demand: {@code true}, {@code {}}. */
  record Anything() implements Shape {}

  /** {@code false}. */
  record Nothing() implements Shape {}

  /** {@code null}. */
  record NullValue() implements Shape {}

  /** A boolean. */
  record Flag() implements Shape {}

  /** {@code if}, {@code then}, {@code else}; never looked into. */
  record Conditional() implements Shape {}

  /** {@code $ref}. */
  record Reference(Node to) implements Shape {}

  /** {@code enum}. */
  record Values(Set<Json> values) implements Shape {}

  /** {@code const}. */
  record Constant(Json value) implements Shape {}

  /** {@code not}. */
  record Negation(Node of) implements Shape {}

  /** The limits of a count. */
  record Counts(Optional<Integer> min, Optional<Integer> max) {}

  /** A string. */
  record Text(Counts length, Optional<String> pattern) implements Shape {}

  /** A number. */
  record Numeric(
      boolean whole,
      Optional<BigDecimal> minimum,
      Optional<BigDecimal> maximum,
      Optional<BigDecimal> above,
      Optional<BigDecimal> below,
      Optional<BigDecimal> divisor)
      implements Shape {}

  /**
   * What may stand beside that which is listed.
   *
   * @param allowed by {@code additionalProperties}, {@code additionalItems} or the like
   * @param shape what they must be, if it is a schema
   * @param unevaluated {@code unevaluatedProperties} or {@code unevaluatedItems}
   */
  record Others(boolean allowed, Optional<Node> shape, Optional<Node> unevaluated) {
    /** Whether anything may stand there. */
    boolean open() {
      return allowed
          && shape.isEmpty()
          && unevaluated.map(node -> node.shape() instanceof Anything).orElse(true);
    }

    /** The schema of what may stand there, if not everything and not nothing may. */
    Optional<Node> partly() {
      return shape.or(() ->
          allowed
              ? unevaluated.filter(
                  node -> !(node.shape() instanceof Anything) && !(node.shape() instanceof Nothing))
              : Optional.empty());
    }
  }

  /** An array. */
  record Elements(
      Optional<Node> every,
      List<Node> leading,
      Others others,
      boolean unique,
      Counts size,
      Counts contained)
      implements Shape {}

  /** An object. */
  record Members(
      Map<String, Node> named,
      Set<String> required,
      Map<Regex, Node> patterns,
      Others others,
      Map<String, List<String>> dependentNames,
      Map<String, Node> dependentShapes,
      Counts size)
      implements Shape {
    /** Whether members that are not listed may be anything: an open content model. */
    boolean open() {
      return patterns.isEmpty() && others.open();
    }

    /** What a member that is not listed must be: a partially open content model. */
    Optional<Node> partly(String name) {
      return patterns.entrySet().stream()
          .filter(pattern -> pattern.getKey().find(name))
          .map(Map.Entry::getValue)
          .findFirst()
          .or(others::partly);
    }
  }

  /**
   * {@code allOf}, {@code anyOf}, {@code oneOf}.
   *
   * @param implied whether it is not written but follows from keywords of several kinds
   */
  record Combination(Criterion criterion, List<Node> parts, boolean implied) implements Shape {}

  /** How many parts must hold. */
  enum Criterion {
    ALL("allOf"),
    ANY("anyOf"),
    ONE("oneOf");

    private final String keyword;

    Criterion(String keyword) {
      this.keyword = keyword;
    }

    String keyword() {
      return keyword;
    }
  }
}
