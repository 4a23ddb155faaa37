package dev.troth.contracts.generate;

import dev.troth.contracts.schema.Keyword;
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

  /** A number without a fraction. */
  record Whole(List<Keyword> checks) implements Type {
    public Whole {
      checks = List.copyOf(checks);
    }

    /** Whether its bounds keep it within 64 bits. */
    boolean fitsLong() {
      return NumberBounds.withinLong(checks);
    }
  }

  /** Any number, exact. */
  record Decimal(List<Keyword> checks) implements Type {
    public Decimal {
      checks = List.copyOf(checks);
    }
  }

  /** A text. */
  record Text(List<Keyword> checks) implements Type {
    public Text {
      checks = List.copyOf(checks);
    }
  }

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
