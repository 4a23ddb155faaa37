package dev.troth.contracts.confluent;

import dev.troth.contracts.confluent.Shape.Combination;
import dev.troth.contracts.confluent.Shape.Criterion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Compares pairs of schemas, each pair once.
 *
 * <p>Schemas may lead back to themselves. A pair that is met again while it is being compared
 * counts as alike; if it turns out otherwise, whatever relied on it is wrong, so that all is
 * compared again with the pairs known to differ, until no more are found.
 */
final class PairComparison {
  /** About a second; schemas that people write take a few thousand. */
  private static final int MOST_STEPS = 2_000_000;

  private record Pair(Node old, Node next) {}

  private final Map<Pair, List<Difference>> known = new HashMap<>();
  private final Map<Pair, List<Difference>> forbidden;
  private final Set<Pair> open = new HashSet<>();
  private boolean assumed;
  private int steps;

  private PairComparison(Map<Pair, List<Difference>> forbidden, int steps) {
    this.forbidden = forbidden;
    this.steps = steps;
  }

  static List<Difference> differences(Node old, Node next) {
    Map<Pair, List<Difference>> forbidden = Map.of();
    int steps = 0;
    while (true) {
      PairComparison pass = new PairComparison(forbidden, steps);
      List<Difference> differences = pass.compare(old, next);
      Map<Pair, List<Difference>> found = new HashMap<>();
      pass.known.forEach((pair, list) -> {
        if (!allowed(list)) {
          found.put(pair, list);
        }
      });
      if (!pass.assumed || found.keySet().equals(forbidden.keySet())) {
        return differences;
      }
      steps = pass.steps;
      forbidden = found;
    }
  }

  static boolean allowed(List<Difference> differences) {
    return differences.stream().allMatch(difference -> difference.rule().allowed());
  }

  /** What differs between two schemas; either may be a reference. */
  List<Difference> compare(Node old, Node next) {
    if (++steps > MOST_STEPS) {
      throw new Ruling.TooLargeException(
          "more than %d comparisons of schemas".formatted(MOST_STEPS));
    }
    Pair pair = new Pair(old.target(), next.target());
    List<Difference> before = known.get(pair);
    if (before != null) {
      return before;
    }
    if (!open.add(pair)) {
      assumed |= !forbidden.containsKey(pair);
      return forbidden.getOrDefault(pair, List.of());
    }
    List<Difference> differences = shapes(pair.old(), pair.next());
    known.put(pair, differences);
    open.remove(pair);
    return differences;
  }

  /** The same if both may be missing. */
  List<Difference> compare(Optional<Node> old, Optional<Node> next, Node around, String what) {
    if (old.isPresent() && next.isPresent()) {
      return compare(old.get(), next.get());
    }
    if (old.isEmpty() && next.isEmpty()) {
      return List.of();
    }
    Rule rule = old.isEmpty() ? Rule.SCHEMA_ADDED : Rule.SCHEMA_REMOVED;
    return List.of(new Difference(rule, around.place(), what));
  }

  private List<Difference> shapes(Node old, Node next) {
    Optional<List<Difference>> unwrapped = unwrap(old, next);
    if (unwrapped.isPresent()) {
      return unwrapped.get();
    }
    if (old.shape().getClass() != next.shape().getClass()) {
      boolean harmless =
          old.shape() instanceof Shape.Nothing
              || next.shape() instanceof Shape.Anything
              || (old.isBytes() && next.isBytes());
      return harmless ? List.of() : List.of(new Difference(Rule.TYPE_CHANGED, next.place(), ""));
    }
    Found found = new Found(next);
    switch (next.shape()) {
      case Shape.Text text -> ScalarRules.texts((Shape.Text) old.shape(), text, found);
      case Shape.Numeric number -> ScalarRules.numbers((Shape.Numeric) old.shape(), number, found);
      case Shape.Values values -> ScalarRules.values((Shape.Values) old.shape(), values, found);
      case Shape.Constant constant -> {
        if (!constant.equals(old.shape())) {
          found.add(Rule.ENUM_ARRAY_CHANGED, "const");
        }
      }
      case Shape.Negation(Node not) -> {
        // Whoever excludes less accepts more.
        boolean less = allowed(compare(not, ((Shape.Negation) old.shape()).of()));
        found.add(less ? Rule.NOT_TYPE_NARROWED : Rule.NOT_TYPE_EXTENDED, "not");
      }
      case Shape.Elements array ->
          new ArrayRules(this, found).compare((Shape.Elements) old.shape(), array);
      case Shape.Members object ->
          new ObjectRules(this, found).compare((Shape.Members) old.shape(), object);
      case Combination combination ->
          new CombinationRules(this, found).compare((Combination) old.shape(), combination);
      case Shape.Anything _,
          Shape.Nothing _,
          Shape.NullValue _,
          Shape.Flag _,
          Shape.Conditional _,
          Shape.Reference _ -> {}
    }
    return found.all();
  }

  /** A plain schema against a combination: one fitting part may be enough. */
  private Optional<List<Difference>> unwrap(Node old, Node next) {
    if (next.shape() instanceof Combination to && !(old.shape() instanceof Combination)) {
      return to.parts().size() > 1 && to.criterion() == Criterion.ALL
          ? Optional.empty()
          : fitting(to, part -> compare(old, part), Rule.SUM_TYPE_EXTENDED, next);
    }
    if (old.shape() instanceof Combination from && !(next.shape() instanceof Combination)) {
      return from.parts().size() > 1 && from.criterion() != Criterion.ALL
          ? Optional.empty()
          : fitting(from, part -> compare(part, next), Rule.PRODUCT_TYPE_NARROWED, next);
    }
    return Optional.empty();
  }

  private static Optional<List<Difference>> fitting(
      Combination combination, Function<Node, List<Difference>> compared, Rule rule, Node next) {
    for (Node part : combination.parts()) {
      List<Difference> inner = compared.apply(part);
      if (allowed(inner)) {
        Found found = new Found(next);
        found.addAll(inner);
        if (combination.parts().size() > 1) {
          found.add(rule, "");
        }
        return Optional.of(found.all());
      }
    }
    return Optional.empty();
  }
}
