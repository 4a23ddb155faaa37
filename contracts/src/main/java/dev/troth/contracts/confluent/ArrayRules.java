package dev.troth.contracts.confluent;

import dev.troth.contracts.confluent.Found.Limit;
import dev.troth.contracts.confluent.Shape.Elements;
import java.util.List;
import java.util.Optional;

/** The rules for arrays: positions are added and removed as properties of objects are. */
final class ArrayRules {
  private static final Limit MAX =
      new Limit(
          "maxItems",
          Rule.MAX_ITEMS_ADDED,
          Rule.MAX_ITEMS_REMOVED,
          Rule.MAX_ITEMS_INCREASED,
          Rule.MAX_ITEMS_DECREASED);
  private static final Limit MIN =
      new Limit(
          "minItems",
          Rule.MIN_ITEMS_ADDED,
          Rule.MIN_ITEMS_REMOVED,
          Rule.MIN_ITEMS_INCREASED,
          Rule.MIN_ITEMS_DECREASED);
  private static final Limit MAX_CONTAINS =
      new Limit(
          "maxContains",
          Rule.MAX_CONTAINS_ADDED,
          Rule.MAX_CONTAINS_REMOVED,
          Rule.MAX_CONTAINS_INCREASED,
          Rule.MAX_CONTAINS_DECREASED);
  private static final Limit MIN_CONTAINS =
      new Limit(
          "minContains",
          Rule.MIN_CONTAINS_ADDED,
          Rule.MIN_CONTAINS_REMOVED,
          Rule.MIN_CONTAINS_INCREASED,
          Rule.MIN_CONTAINS_DECREASED);

  private final PairComparison pairs;
  private final Found found;

  ArrayRules(PairComparison pairs, Found found) {
    this.pairs = pairs;
    this.found = found;
  }

  void compare(Elements old, Elements next) {
    found.addAll(pairs.compare(old.every(), next.every(), found.next(), "items"));
    positions(old, next);
    new OtherRules(pairs, found, OtherRules.ITEMS).compare(old.others(), next.others());
    found.limit(MAX, old.size().max(), next.size().max());
    found.limit(MIN, old.size().min(), next.size().min());
    if (old.unique() != next.unique()) {
      found.add(next.unique() ? Rule.UNIQUE_ITEMS_ADDED : Rule.UNIQUE_ITEMS_REMOVED, "uniqueItems");
    }
    found.limit(MAX_CONTAINS, old.contained().max(), next.contained().max());
    found.limit(MIN_CONTAINS, old.contained().min(), next.contained().min());
  }

  private void positions(Elements old, Elements next) {
    int before = old.leading().size();
    int after = next.leading().size();
    for (int i = 0; i < Math.max(before, after); i++) {
      if (i >= after) {
        removed(i, old.leading().get(i), next);
      } else if (i >= before) {
        added(i, old, next.leading().get(i));
      } else {
        found.addAll(pairs.compare(old.leading().get(i), next.leading().get(i)));
      }
    }
  }

  private void removed(int position, Node before, Elements next) {
    String what = "item " + position;
    if (next.others().open()) {
      found.add(Rule.ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL, what);
      return;
    }
    Optional<Node> cover = next.others().partly();
    if (cover.isEmpty()) {
      found.add(
          before.shape() instanceof Shape.Nothing
              ? Rule.ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL
              : Rule.ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL,
          what);
      return;
    }
    List<Difference> inner = pairs.compare(before, cover.get());
    found.addAll(inner);
    found.add(
        PairComparison.allowed(inner)
            ? Rule.ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
            : Rule.ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL,
        what);
  }

  private void added(int position, Elements old, Node after) {
    String what = "item " + position;
    if (old.others().open()) {
      found.add(
          after.shape() instanceof Shape.Anything
              ? Rule.ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL
              : Rule.ITEM_ADDED_TO_OPEN_CONTENT_MODEL,
          what);
      return;
    }
    Optional<Node> cover = old.others().partly();
    if (cover.isEmpty()) {
      found.add(Rule.ITEM_ADDED_TO_CLOSED_CONTENT_MODEL, what);
      return;
    }
    List<Difference> inner = pairs.compare(cover.get(), after);
    found.addAll(inner);
    found.add(
        PairComparison.allowed(inner)
            ? Rule.ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
            : Rule.ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL,
        what);
  }
}
