package dev.troth.watch.filter;

import dev.troth.watch.change.Change;
import dev.troth.watch.change.Fields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A filter of the former spelling, as it was evaluated: the oracle of the present one. */
sealed interface Condition {

  /** Holds of every change. */
  record Always() implements Condition {}

  /** Holds when all parts hold. */
  record All(List<Condition> parts) implements Condition {}

  /** Holds when a part holds. */
  record Some(List<Condition> parts) implements Condition {}

  /** Holds when its part does not. */
  record Not(Condition part) implements Condition {}

  /** Holds when one of the fields differs between before and after. */
  record Changed(List<String> fields) implements Condition {}

  /** Holds when the field is one of the values. */
  record In(String field, List<Literal> values) implements Condition {}

  /** Holds when the field stands to the value as the operator says. */
  record Compare(String field, Operator operator, Literal value) implements Condition {}

  /** How a field and a value are compared. */
  enum Operator {
    EQUAL,
    DIFFERENT,
    BELOW,
    AT_MOST,
    ABOVE,
    AT_LEAST,
    CONTAINS
  }

  /** A written value: a number, a text, a boolean or null. */
  record Literal(@Nullable Object value) {}

  default boolean holds(Change change) {
    return switch (this) {
      case Always() -> true;
      case All(List<Condition> parts) -> parts.stream().allMatch(part -> part.holds(change));
      case Some(List<Condition> parts) -> parts.stream().anyMatch(part -> part.holds(change));
      case Not(Condition part) -> !part.holds(change);
      case Changed(List<String> fields) ->
          fields.stream()
              .anyMatch(name -> !Fields.same(change.before().at(name), change.after().at(name)));
      case In(String field, List<Literal> values) -> {
        Object found = read(field, change);
        yield values.stream().anyMatch(value -> equal(found, value.value()));
      }
      case Compare(String field, Operator operator, Literal literal) ->
          compare(read(field, change), operator, literal.value());
    };
  }

  private static @Nullable Object read(String field, Change change) {
    if (field.equals("change.type")) {
      return change.type();
    }
    if (field.equals("change.actor")) {
      return change.actor();
    }
    return field.startsWith("before.")
        ? change.before().at(field.substring("before.".length()))
        : change.after().at(field);
  }

  private static boolean compare(
      @Nullable Object found, Operator operator, @Nullable Object value) {
    return switch (operator) {
      case EQUAL -> equal(found, value);
      case DIFFERENT -> !equal(found, value);
      case CONTAINS -> contains(found, value);
      case BELOW -> order(found, value).orElse(0) < 0;
      case ABOVE -> order(found, value).orElse(0) > 0;
      case AT_MOST -> order(found, value).orElse(1) <= 0;
      case AT_LEAST -> order(found, value).orElse(-1) >= 0;
    };
  }

  private static boolean equal(@Nullable Object found, @Nullable Object value) {
    if (found == null || value == null) {
      return found == null && value == null;
    }
    OptionalInt order = order(found, value);
    return order.isPresent() ? order.getAsInt() == 0 : found.equals(value);
  }

  private static boolean contains(@Nullable Object found, @Nullable Object value) {
    if (found instanceof List<?> list) {
      return list.stream().anyMatch(element -> equal(element, value));
    }
    return found instanceof String text
        && value instanceof String part
        && text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }

  /**
   * Numbers by value, a text that is a number as a number beside one, texts by their characters.
   */
  private static OptionalInt order(@Nullable Object found, @Nullable Object value) {
    if (value instanceof BigDecimal wanted) {
      BigDecimal number = number(found);
      return number == null ? OptionalInt.empty() : OptionalInt.of(number.compareTo(wanted));
    }
    return found instanceof String a && value instanceof String b
        ? OptionalInt.of(a.compareTo(b))
        : OptionalInt.empty();
  }

  private static @Nullable BigDecimal number(@Nullable Object found) {
    boolean numeric =
        found instanceof Number
            || (found instanceof String text && Numbers.TEXT.matcher(text).matches());
    return numeric ? new BigDecimal(String.valueOf(found).strip()) : null;
  }

  /** The shape of a text that counts as a number: bounded, so that no text can cost much. */
  final class Numbers {
    private static final Pattern TEXT =
        Pattern.compile("\\s*[-+]?\\d{1,40}(\\.\\d{1,40})?([eE][-+]?\\d{1,3})?\\s*");

    private Numbers() {}
  }
}
