package dev.troth.contracts.proof;

import dev.troth.contracts.proof.Formula.Bound;
import dev.troth.contracts.proof.Formula.Multiple;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Seeks a number within bounds, with and without divisors, exactly. */
final class Numbers {
  private static final int MOST_STEPS = 100_000;

  private @Nullable Bound low;
  private @Nullable Bound high;
  private final List<BigDecimal> divisors = new ArrayList<>();
  private final List<BigDecimal> notDivisors = new ArrayList<>();
  private final List<BigDecimal> excluded = new ArrayList<>();
  private @Nullable BigDecimal only;
  private boolean contradiction;

  Numbers(List<Formula> atoms) {
    for (Formula atom : atoms) {
      switch (atom) {
        case Bound bound -> bound(bound);
        case Multiple multiple ->
            (multiple.holds() ? divisors : notDivisors).add(multiple.divisor());
        case Formula.Equals(Json.Num(BigDecimal value), boolean holds) -> {
          if (!holds) {
            excluded.add(value);
          } else if (only != null && only.compareTo(value) != 0) {
            contradiction = true;
          } else {
            only = value;
          }
        }
        default -> throw new IllegalStateException("no demand on a number: " + atom);
      }
    }
  }

  private void bound(Bound bound) {
    Bound known = bound.upper() ? high : low;
    int order = known == null ? 0 : bound.limit().compareTo(known.limit());
    boolean tighter =
        known == null
            || (bound.upper() ? order < 0 : order > 0)
            || (order == 0 && bound.exclusive());
    if (tighter && bound.upper()) {
      high = bound;
    } else if (tighter) {
      low = bound;
    }
  }

  private boolean holds(BigDecimal value) {
    if (low != null && value.compareTo(low.limit()) < (low.exclusive() ? 1 : 0)) {
      return false;
    }
    if (high != null && value.compareTo(high.limit()) > (high.exclusive() ? -1 : 0)) {
      return false;
    }
    for (BigDecimal divisor : divisors) {
      if (!divides(divisor, value)) {
        return false;
      }
    }
    for (BigDecimal divisor : notDivisors) {
      if (divides(divisor, value)) {
        return false;
      }
    }
    return excluded.stream().noneMatch(e -> e.compareTo(value) == 0);
  }

  private static boolean divides(BigDecimal divisor, BigDecimal value) {
    return value.remainder(divisor).signum() == 0;
  }

  Outcome find() {
    if (contradiction) {
      return Outcome.NOTHING;
    }
    if (only != null) {
      return holds(only) ? found(only) : Outcome.NOTHING;
    }
    if (low != null && high != null) {
      int order = low.limit().compareTo(high.limit());
      if (order > 0 || (order == 0 && (low.exclusive() || high.exclusive()))) {
        return Outcome.NOTHING;
      }
      if (order == 0) {
        return holds(low.limit()) ? found(low.limit()) : Outcome.NOTHING;
      }
    }
    return divisors.isEmpty() ? dense() : stepwise();
  }

  /** An interval of more than one point, less countably many: there is always a number. */
  private Outcome dense() {
    for (String nice : new String[] {"0", "1", "-1", "2", "0.5", "1.5", "-0.5"}) {
      BigDecimal value = new BigDecimal(nice);
      if (holds(value)) {
        return found(value);
      }
    }
    BigDecimal from =
        low != null
            ? low.limit()
            : high != null ? high.limit().subtract(BigDecimal.TEN) : BigDecimal.ZERO;
    BigDecimal to = high != null ? high.limit() : from.add(BigDecimal.TEN);
    BigDecimal width = to.subtract(from);
    for (BigDecimal end : new BigDecimal[] {from, to, from.add(BigDecimal.ONE)}) {
      if (holds(end)) {
        return found(end);
      }
    }
    // Finer and finer fractions escape every divisor and every excluded value.
    BigDecimal step = width;
    for (int i = 0; i < 60; i++) {
      step = step.multiply(new BigDecimal("0.1"));
      for (int k : new int[] {1, 3, 5, 7, 9}) {
        BigDecimal value = from.add(step.multiply(BigDecimal.valueOf(k)));
        if (holds(value)) {
          return found(value);
        }
      }
    }
    return Outcome.UNDECIDED;
  }

  /** Multiples of all divisors: of their least common multiple. */
  private Outcome stepwise() {
    BigDecimal step = divisors.getFirst();
    for (BigDecimal divisor : divisors) {
      step = leastCommonMultiple(step, divisor);
    }
    for (BigDecimal divisor : notDivisors) {
      if (divides(divisor, step)) {
        return Outcome.NOTHING;
      }
    }
    BigInteger first;
    int direction = 1;
    if (low != null) {
      first = low.limit().divide(step, 0, RoundingMode.CEILING).toBigInteger();
    } else if (high != null) {
      first = high.limit().divide(step, 0, RoundingMode.FLOOR).toBigInteger();
      direction = -1;
    } else {
      first = BigInteger.ZERO;
    }
    // Zero and the small ones read best.
    for (int k : new int[] {0, 1, -1, 2}) {
      BigDecimal value = step.multiply(BigDecimal.valueOf(k));
      if (holds(value)) {
        return found(value);
      }
    }
    for (int k = 0; k < MOST_STEPS; k++) {
      BigInteger factor = first.add(BigInteger.valueOf((long) k * direction));
      BigDecimal value = step.multiply(new BigDecimal(factor));
      if (holds(value)) {
        return found(value);
      }
      boolean beyond =
          direction > 0
              ? high != null && value.compareTo(high.limit()) > 0
              : low != null && value.compareTo(low.limit()) < 0;
      if (beyond) {
        return Outcome.NOTHING;
      }
    }
    return Outcome.UNDECIDED;
  }

  private static BigDecimal leastCommonMultiple(BigDecimal a, BigDecimal b) {
    int scale = Math.max(0, Math.max(a.scale(), b.scale()));
    BigInteger x = a.movePointRight(scale).toBigIntegerExact();
    BigInteger y = b.movePointRight(scale).toBigIntegerExact();
    return new BigDecimal(x.multiply(y).divide(x.gcd(y)), scale);
  }

  private static Outcome found(BigDecimal value) {
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    boolean whole = plain.scale() < 0 && plain.scale() > -19;
    return Outcome.of(new Json.Num(whole ? plain.setScale(0) : plain));
  }
}
