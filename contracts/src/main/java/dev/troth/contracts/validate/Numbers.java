package dev.troth.contracts.validate;

import dev.troth.contracts.schema.Keyword;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.Predicate;

/** The keywords on numbers, exact for every number that a document may hold. */
public final class Numbers {
  private Numbers() {}

  static boolean check(Keyword keyword, Json.Num number, Predicate<String> fail) {
    BigDecimal value = number.value();
    return switch (keyword) {
      case Keyword.Minimum(BigDecimal limit, boolean exclusive) ->
          value.compareTo(limit) >= (exclusive ? 1 : 0)
              || fail.test((exclusive ? "above " : "at least ") + limit);
      case Keyword.Maximum(BigDecimal limit, boolean exclusive) ->
          value.compareTo(limit) <= (exclusive ? -1 : 0)
              || fail.test((exclusive ? "below " : "at most ") + limit);
      case Keyword.MultipleOf(BigDecimal divisor) ->
          isMultiple(value, divisor) || fail.test("a multiple of " + divisor);
      default -> throw new IllegalArgumentException(keyword.keyword() + " is not about numbers");
    };
  }

  /** Whether value = n × divisor for a whole n; no exponent makes this slow. */
  public static boolean isMultiple(BigDecimal value, BigDecimal divisor) {
    if (value.signum() == 0) {
      return true;
    }
    BigDecimal plain = value.stripTrailingZeros();
    BigDecimal unit = divisor.stripTrailingZeros();
    int shift = unit.scale() - plain.scale();
    if (shift < 0) {
      // The value's last digit is finer than the divisor's: no trailing zero is left to make up.
      return false;
    }
    BigInteger modulus = unit.unscaledValue();
    return plain
            .unscaledValue()
            .multiply(BigInteger.TEN.modPow(BigInteger.valueOf(shift), modulus))
            .mod(modulus)
            .signum()
        == 0;
  }
}
