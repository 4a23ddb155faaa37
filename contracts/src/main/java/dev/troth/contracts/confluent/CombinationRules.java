package dev.troth.contracts.confluent;

import dev.troth.contracts.confluent.Shape.Combination;
import dev.troth.contracts.confluent.Shape.Criterion;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules for {@code allOf}, {@code anyOf} and {@code oneOf}: the parts of the smaller side must
 * each find a part of the other that it fits, no two the same one.
 */
final class CombinationRules {
  private static final int NONE = -1;

  private final PairComparison pairs;
  private final Found found;

  CombinationRules(PairComparison pairs, Found found) {
    this.pairs = pairs;
    this.found = found;
  }

  void compare(Combination old, Combination next) {
    String keyword = next.criterion().keyword();
    if (old.criterion() != next.criterion()) {
      boolean wider = widens(old, next);
      found.add(wider ? Rule.COMBINED_TYPE_EXTENDED : Rule.COMBINED_TYPE_CHANGED, keyword);
      if (!wider) {
        return;
      }
    }
    List<Node> before = distinct(old.parts());
    List<Node> after = distinct(next.parts());
    if (before.size() < after.size()) {
      boolean all = next.criterion() == Criterion.ALL;
      found.add(all ? Rule.PRODUCT_TYPE_EXTENDED : Rule.SUM_TYPE_EXTENDED, keyword);
    } else if (before.size() > after.size()) {
      boolean all = old.criterion() == Criterion.ALL;
      found.add(all ? Rule.PRODUCT_TYPE_NARROWED : Rule.SUM_TYPE_NARROWED, keyword);
    }
    match(before, after, keyword);
  }

  private static boolean widens(Combination old, Combination next) {
    boolean single = old.parts().size() == 1;
    boolean singleNow = next.parts().size() == 1;
    return next.criterion() == Criterion.ANY
        || (single && singleNow)
        || (single && next.criterion() == Criterion.ONE)
        || (singleNow && old.criterion() == Criterion.ALL);
  }

  /** Parts that are written alike count once. */
  private static List<Node> distinct(List<Node> parts) {
    Map<Object, Node> kept = new LinkedHashMap<>();
    parts.forEach(part -> kept.putIfAbsent(part.text(), part));
    return List.copyOf(kept.values());
  }

  /** A largest matching, by augmenting paths. */
  private void match(List<Node> before, List<Node> after, String keyword) {
    boolean[][] fits = new boolean[before.size()][after.size()];
    for (int i = 0; i < before.size(); i++) {
      for (int j = 0; j < after.size(); j++) {
        fits[i][j] = PairComparison.allowed(pairs.compare(before.get(i), after.get(j)));
      }
    }
    int[] takenBy = new int[after.size()];
    Arrays.fill(takenBy, NONE);
    int matched = 0;
    for (int i = 0; i < before.size(); i++) {
      if (seat(i, fits, takenBy, new boolean[after.size()])) {
        matched++;
      }
    }
    for (int j = 0; j < after.size(); j++) {
      if (takenBy[j] != NONE) {
        found.addAll(pairs.compare(before.get(takenBy[j]), after.get(j)));
      }
    }
    if (matched < Math.min(before.size(), after.size())) {
      found.add(Rule.COMBINED_TYPE_SUBSCHEMAS_CHANGED, keyword);
    }
  }

  private static boolean seat(int part, boolean[][] fits, int[] takenBy, boolean[] tried) {
    for (int j = 0; j < takenBy.length; j++) {
      if (fits[part][j] && !tried[j]) {
        tried[j] = true;
        if (takenBy[j] == NONE || seat(takenBy[j], fits, takenBy, tried)) {
          takenBy[j] = part;
          return true;
        }
      }
    }
    return false;
  }
}
