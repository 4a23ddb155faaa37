package dev.troth.contracts.proof;

import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives each place one of its candidates, no value twice (augmenting paths). */
final class Matching {
  private final List<List<Json>> candidates;
  private final Map<Json, Integer> taken = new HashMap<>();

  private Matching(List<List<Json>> candidates) {
    this.candidates = candidates;
  }

  /** A value for each place, or null if that cannot be. */
  static @Nullable List<Json> of(List<List<Json>> candidates) {
    Matching matching = new Matching(candidates);
    for (int place = 0; place < candidates.size(); place++) {
      if (!matching.seat(place, new HashSet<>())) {
        return null;
      }
    }
    List<@Nullable Json> chosen = new ArrayList<>();
    candidates.forEach(c -> chosen.add(null));
    matching.taken.forEach((value, place) -> chosen.set(place, value));
    List<Json> result = new ArrayList<>();
    for (Json value : chosen) {
      if (value != null) {
        result.add(value);
      }
    }
    return result;
  }

  private boolean seat(int place, Set<Json> tried) {
    for (Json value : candidates.get(place)) {
      if (tried.add(value)) {
        Integer holder = taken.get(value);
        if (holder == null || seat(holder, tried)) {
          taken.put(value, place);
          return true;
        }
      }
    }
    return false;
  }
}
