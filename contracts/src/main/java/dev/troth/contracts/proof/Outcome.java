package dev.troth.contracts.proof;

import dev.troth.json.Json;
import java.util.List;

/**
 * What a search found.
 *
 * @param witnesses distinct values for which the demands hold, as many as were asked for or fewer
 * @param complete whether it is proven that there are no others, if there are fewer
 */
record Outcome(List<Json> witnesses, boolean complete) {
  static final Outcome NOTHING = new Outcome(List.of(), true);
  static final Outcome UNDECIDED = new Outcome(List.of(), false);

  static Outcome of(Json witness) {
    return new Outcome(List.of(witness), true);
  }

  boolean found() {
    return !witnesses.isEmpty();
  }

  /** Proven that no value will do. */
  boolean impossible() {
    return witnesses.isEmpty() && complete;
  }
}
