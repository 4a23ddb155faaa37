package dev.troth.contracts.generate;

import dev.troth.contracts.format.Format;
import dev.troth.contracts.schema.Keyword;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** What a value is, in no language yet. Checks are those keywords that speak of such values. */
sealed interface Type {
  /** Any JSON, without further rules. */
  Type ANY = new Any(Optional.empty());

  /** Any JSON that keeps the rules. */
  record Any(Optional<Rules> rules) implements Type {}

  /** A boolean. */
  record Truth() implements Type {}

  /**
   * A number without a fraction.
   *
   * @param literal whether 1.0 is none, as in draft 4
   */
  record Whole(List<Keyword> checks, boolean literal) implements Type {
    public Whole {
      checks = List.copyOf(checks);
    }

    /** Whether its bounds keep it within 64 bits. */
    boolean fitsLong() {
      boolean below = false;
      boolean above = false;
      for (Keyword check : checks) {
        if (check instanceof Keyword.Minimum(BigDecimal limit, _)) {
          below |= limit.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) >= 0;
        } else if (check instanceof Keyword.Maximum(BigDecimal limit, _)) {
          above |= limit.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
        }
      }
      return below && above;
    }
  }

  /** Any number, exact. */
  record Decimal(List<Keyword> checks) implements Type {
    public Decimal {
      checks = List.copyOf(checks);
    }
  }

  /**
   * A text.
   *
   * @param rules what must hold beyond the checks; looked at when it is read
   */
  record Text(List<Keyword> checks, Optional<Rules> rules) implements Type {
    public Text {
      checks = List.copyOf(checks);
    }
  }

  /** A text of a format that languages have a type for. */
  record Stamp(Format format) implements Type {}

  /** A list. */
  record Many(Type item, List<Keyword> checks) implements Type {
    public Many {
      checks = List.copyOf(checks);
    }
  }

  /** Values by name. */
  record Mapping(Type value, List<Keyword> checks) implements Type {
    public Mapping {
      checks = List.copyOf(checks);
    }
  }

  /** A value or null. */
  record Nullable(Type type) implements Type {}

  /** A {@link Declaration}. */
  record Named(String name) implements Type {}
}
