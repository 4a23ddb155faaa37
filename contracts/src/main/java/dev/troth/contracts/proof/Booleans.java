package dev.troth.contracts.proof;

import dev.troth.json.Json;
import java.util.List;

/** Seeks a boolean. */
final class Booleans {
  private Booleans() {}

  static Outcome find(List<Formula> atoms) {
    for (Json.Bool value : Json.Bool.values()) {
      if (atoms.stream()
          .allMatch(a -> a instanceof Formula.Equals e && e.value().equals(value) == e.holds())) {
        return Outcome.of(value);
      }
    }
    return Outcome.NOTHING;
  }
}
