package dev.troth.contracts.generate;

import dev.troth.contracts.schema.Keyword;
import java.math.BigDecimal;
import java.util.List;

/** What the bounds of a number say about its size. */
final class NumberBounds {
  private static final BigDecimal LEAST = BigDecimal.valueOf(Long.MIN_VALUE);
  private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

  private NumberBounds() {}

  static boolean withinLong(List<Keyword> checks) {
    boolean below = false;
    boolean above = false;
    for (Keyword check : checks) {
      if (check instanceof Keyword.Minimum(BigDecimal limit, _)) {
        below |= limit.compareTo(LEAST) >= 0;
      } else if (check instanceof Keyword.Maximum(BigDecimal limit, _)) {
        above |= limit.compareTo(MOST) <= 0;
      }
    }
    return below && above;
  }
}
