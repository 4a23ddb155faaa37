package dev.troth.contracts.confluent;

import dev.troth.contracts.confluent.Shape.Others;
import java.util.Optional;

/** The rules for what may stand beside that which is listed, in objects and arrays alike. */
final class OtherRules {
  /** The rules of one keyword: what may stand there is allowed, forbidden, widened, narrowed. */
  record Names(String keyword, Rule added, Rule removed, Rule extended, Rule narrowed) {}

  /** Those of objects or of arrays. */
  record Both(Names additional, Names unevaluated) {}

  static final Both PROPERTIES =
      new Both(
          new Names(
              "additionalProperties",
              Rule.ADDITIONAL_PROPERTIES_ADDED,
              Rule.ADDITIONAL_PROPERTIES_REMOVED,
              Rule.ADDITIONAL_PROPERTIES_EXTENDED,
              Rule.ADDITIONAL_PROPERTIES_NARROWED),
          new Names(
              "unevaluatedProperties",
              Rule.UNEVALUATED_PROPERTIES_ADDED,
              Rule.UNEVALUATED_PROPERTIES_REMOVED,
              Rule.UNEVALUATED_PROPERTIES_EXTENDED,
              Rule.UNEVALUATED_PROPERTIES_NARROWED));
  static final Both ITEMS =
      new Both(
          new Names(
              "additionalItems",
              Rule.ADDITIONAL_ITEMS_ADDED,
              Rule.ADDITIONAL_ITEMS_REMOVED,
              Rule.ADDITIONAL_ITEMS_EXTENDED,
              Rule.ADDITIONAL_ITEMS_NARROWED),
          new Names(
              "unevaluatedItems",
              Rule.UNEVALUATED_ITEMS_ADDED,
              Rule.UNEVALUATED_ITEMS_REMOVED,
              Rule.UNEVALUATED_ITEMS_EXTENDED,
              Rule.UNEVALUATED_ITEMS_NARROWED));

  private final PairComparison pairs;
  private final Found found;
  private final Both names;

  OtherRules(PairComparison pairs, Found found, Both names) {
    this.pairs = pairs;
    this.found = found;
    this.names = names;
  }

  void compare(Others old, Others next) {
    if (old.allowed() != next.allowed()) {
      add(names.additional(), next.allowed() ? Change.ADDED : Change.REMOVED);
    } else if (old.shape().isEmpty() && next.shape().isPresent()) {
      add(names.additional(), Change.NARROWED);
    } else if (old.shape().isPresent() && next.shape().isEmpty()) {
      add(names.additional(), Change.EXTENDED);
    } else if (old.shape().isPresent() && next.shape().isPresent()) {
      found.addAll(pairs.compare(old.shape().get(), next.shape().get()));
    }
    unevaluated(old.unevaluated(), next.unevaluated());
  }

  private void unevaluated(Optional<Node> old, Optional<Node> next) {
    if (old.isEmpty() && next.isEmpty()) {
      return;
    }
    boolean none = old.map(node -> node.shape() instanceof Shape.Nothing).orElse(false);
    boolean noneNow = next.map(node -> node.shape() instanceof Shape.Nothing).orElse(false);
    if (none != noneNow) {
      add(names.unevaluated(), none ? Change.ADDED : Change.REMOVED);
      return;
    }
    boolean any = old.map(node -> node.shape() instanceof Shape.Anything).orElse(false);
    boolean anyNow = next.map(node -> node.shape() instanceof Shape.Anything).orElse(false);
    if (old.isEmpty() || (next.isPresent() && any && !anyNow)) {
      add(names.unevaluated(), Change.NARROWED);
    } else if (next.isEmpty() || (!any && anyNow)) {
      add(names.unevaluated(), Change.EXTENDED);
    } else {
      found.addAll(pairs.compare(old.get(), next.get()));
    }
  }

  private enum Change {
    ADDED,
    REMOVED,
    EXTENDED,
    NARROWED
  }

  private void add(Names rules, Change change) {
    Rule rule =
        switch (change) {
          case ADDED -> rules.added();
          case REMOVED -> rules.removed();
          case EXTENDED -> rules.extended();
          case NARROWED -> rules.narrowed();
        };
    found.add(rule, rules.keyword());
  }
}
