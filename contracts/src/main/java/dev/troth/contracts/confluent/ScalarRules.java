package dev.troth.contracts.confluent;

import dev.troth.contracts.confluent.Found.Limit;
import java.math.BigDecimal;
import java.util.Optional;

/** The rules for texts, numbers and listed values. */
final class ScalarRules {
  private static final Limit MAX_LENGTH =
      new Limit(
          "maxLength",
          Rule.MAX_LENGTH_ADDED,
          Rule.MAX_LENGTH_REMOVED,
          Rule.MAX_LENGTH_INCREASED,
          Rule.MAX_LENGTH_DECREASED);
  private static final Limit MIN_LENGTH =
      new Limit(
          "minLength",
          Rule.MIN_LENGTH_ADDED,
          Rule.MIN_LENGTH_REMOVED,
          Rule.MIN_LENGTH_INCREASED,
          Rule.MIN_LENGTH_DECREASED);
  private static final Limit MAXIMUM =
      new Limit(
          "maximum",
          Rule.MAXIMUM_ADDED,
          Rule.MAXIMUM_REMOVED,
          Rule.MAXIMUM_INCREASED,
          Rule.MAXIMUM_DECREASED);
  private static final Limit MINIMUM =
      new Limit(
          "minimum",
          Rule.MINIMUM_ADDED,
          Rule.MINIMUM_REMOVED,
          Rule.MINIMUM_INCREASED,
          Rule.MINIMUM_DECREASED);
  private static final Limit BELOW =
      new Limit(
          "exclusiveMaximum",
          Rule.EXCLUSIVE_MAXIMUM_ADDED,
          Rule.EXCLUSIVE_MAXIMUM_REMOVED,
          Rule.EXCLUSIVE_MAXIMUM_INCREASED,
          Rule.EXCLUSIVE_MAXIMUM_DECREASED);
  private static final Limit ABOVE =
      new Limit(
          "exclusiveMinimum",
          Rule.EXCLUSIVE_MINIMUM_ADDED,
          Rule.EXCLUSIVE_MINIMUM_REMOVED,
          Rule.EXCLUSIVE_MINIMUM_INCREASED,
          Rule.EXCLUSIVE_MINIMUM_DECREASED);

  private ScalarRules() {}

  static void texts(Shape.Text old, Shape.Text next, Found found) {
    found.limit(MAX_LENGTH, old.length().max(), next.length().max());
    found.limit(MIN_LENGTH, old.length().min(), next.length().min());
    if (!old.pattern().equals(next.pattern())) {
      Rule rule =
          old.pattern().isEmpty()
              ? Rule.PATTERN_ADDED
              : next.pattern().isEmpty() ? Rule.PATTERN_REMOVED : Rule.PATTERN_CHANGED;
      found.add(rule, "pattern");
    }
  }

  static void numbers(Shape.Numeric old, Shape.Numeric next, Found found) {
    found.limit(MAXIMUM, old.maximum(), next.maximum());
    found.limit(MINIMUM, old.minimum(), next.minimum());
    // The registry sets a lowered exclusiveMaximum against the new maximum, if there is one.
    boolean overlooked =
        old.below().isPresent()
            && next.below().isPresent()
            && next.below().get().compareTo(old.below().get()) < 0
            && next.maximum().map(max -> old.below().get().compareTo(max) <= 0).orElse(false);
    if (!overlooked) {
      found.limit(BELOW, old.below(), next.below());
    }
    found.limit(ABOVE, old.above(), next.above());
    divisors(old.divisor(), next.divisor(), found);
    if (old.whole() != next.whole()) {
      found.add(next.whole() ? Rule.TYPE_NARROWED : Rule.TYPE_EXTENDED, "type");
    }
  }

  private static void divisors(Optional<BigDecimal> old, Optional<BigDecimal> next, Found found) {
    if (old.isEmpty() || next.isEmpty()) {
      if (old.isPresent() != next.isPresent()) {
        found.add(old.isEmpty() ? Rule.MULTIPLE_OF_ADDED : Rule.MULTIPLE_OF_REMOVED, "multipleOf");
      }
    } else if (old.get().compareTo(next.get()) != 0) {
      Rule rule =
          divides(old.get(), next.get())
              ? Rule.MULTIPLE_OF_EXPANDED
              : divides(next.get(), old.get())
                  ? Rule.MULTIPLE_OF_REDUCED
                  : Rule.MULTIPLE_OF_CHANGED;
      found.add(rule, "multipleOf");
    }
  }

  private static boolean divides(BigDecimal divisor, BigDecimal number) {
    return number.remainder(divisor).signum() == 0;
  }

  static void values(Shape.Values old, Shape.Values next, Found found) {
    if (!old.values().equals(next.values())) {
      Rule rule =
          next.values().containsAll(old.values())
              ? Rule.ENUM_ARRAY_EXTENDED
              : old.values().containsAll(next.values())
                  ? Rule.ENUM_ARRAY_NARROWED
                  : Rule.ENUM_ARRAY_CHANGED;
      found.add(rule, "enum");
    }
  }
}
