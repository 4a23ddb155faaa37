package dev.troth.contracts.confluent;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The differences of one pair of schemas as they are found; each counts once. */
final class Found {
  private final Node next;
  private final Set<Difference> differences = new LinkedHashSet<>();

  Found(Node next) {
    this.next = next;
  }

  /** The later schema. */
  Node next() {
    return next;
  }

  void add(Rule rule, String what) {
    differences.add(new Difference(rule, next.place(), what));
  }

  void addAll(List<Difference> others) {
    differences.addAll(others);
  }

  List<Difference> all() {
    return List.copyOf(differences);
  }

  /** The rules of a limit that may come, go, rise and fall. */
  record Limit(String keyword, Rule added, Rule removed, Rule raised, Rule lowered) {}

  <N extends Comparable<N>> void limit(Limit limit, Optional<N> old, Optional<N> now) {
    if (old.isEmpty() && now.isEmpty()) {
      return;
    }
    if (old.isEmpty()) {
      add(limit.added(), limit.keyword());
    } else if (now.isEmpty()) {
      add(limit.removed(), limit.keyword());
    } else {
      int change = now.get().compareTo(old.get());
      if (change != 0) {
        add(change > 0 ? limit.raised() : limit.lowered(), limit.keyword());
      }
    }
  }
}
