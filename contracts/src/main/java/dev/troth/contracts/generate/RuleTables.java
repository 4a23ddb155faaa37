package dev.troth.contracts.generate;

import java.util.ArrayList;
import java.util.List;

/** The rules that the code of one contract needs, each once, numbered as they come. */
final class RuleTables {
  private final List<Rules> all = new ArrayList<>();

  /** From 0. */
  int numberOf(Rules rules) {
    int known = all.indexOf(rules);
    if (known >= 0) {
      return known;
    }
    all.add(rules);
    return all.size() - 1;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  List<Rules> all() {
    return List.copyOf(all);
  }
}
