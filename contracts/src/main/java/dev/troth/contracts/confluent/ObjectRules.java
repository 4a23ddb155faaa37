package dev.troth.contracts.confluent;

import dev.troth.contracts.confluent.Found.Limit;
import dev.troth.contracts.confluent.Shape.Members;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rules for objects. An object is open (members that are not listed may be anything), closed,
 * or partially open (they must be of some schema). A property may be added where the old version
 * was not open, and removed where the new version is not closed.
 */
final class ObjectRules {
  private static final Limit MAX =
      new Limit(
          "maxProperties",
          Rule.MAX_PROPERTIES_ADDED,
          Rule.MAX_PROPERTIES_REMOVED,
          Rule.MAX_PROPERTIES_INCREASED,
          Rule.MAX_PROPERTIES_DECREASED);
  private static final Limit MIN =
      new Limit(
          "minProperties",
          Rule.MIN_PROPERTIES_ADDED,
          Rule.MIN_PROPERTIES_REMOVED,
          Rule.MIN_PROPERTIES_INCREASED,
          Rule.MIN_PROPERTIES_DECREASED);

  private final PairComparison pairs;
  private final Found found;

  ObjectRules(PairComparison pairs, Found found) {
    this.pairs = pairs;
    this.found = found;
  }

  void compare(Members old, Members next) {
    properties(old, next);
    required(old, next);
    dependencies(old, next);
    new OtherRules(pairs, found, OtherRules.PROPERTIES).compare(old.others(), next.others());
    found.limit(MAX, old.size().max(), next.size().max());
    found.limit(MIN, old.size().min(), next.size().min());
  }

  private void properties(Members old, Members next) {
    Set<String> names = new LinkedHashSet<>(old.named().keySet());
    names.addAll(next.named().keySet());
    for (String name : names) {
      Node before = old.named().get(name);
      Node after = next.named().get(name);
      if (before == null && after != null) {
        added(name, after, old, next);
      } else if (before != null && after == null) {
        removed(name, before, next);
      } else if (before != null && after != null) {
        found.addAll(pairs.compare(before, after));
      }
    }
  }

  private void added(String name, Node after, Members old, Members next) {
    boolean required = next.required().contains(name);
    if (old.open()) {
      Rule rule =
          after.shape() instanceof Shape.Anything
              ? Rule.PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL
              : !required
                  ? Rule.OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL
                  : after.hasDefault()
                      ? Rule.REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL
                      : Rule.REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL;
      found.add(rule, name);
      return;
    }
    Optional<Node> cover = old.partly(name);
    if (cover.isPresent()) {
      List<Difference> inner = pairs.compare(cover.get(), after);
      found.addAll(inner);
      found.add(
          PairComparison.allowed(inner)
              ? Rule.PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
              : Rule.PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL,
          name);
    }
    Rule rule =
        !required
            ? Rule.OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL
            : after.hasDefault()
                ? Rule.REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL
                : Rule.REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL;
    found.add(rule, name);
  }

  private void removed(String name, Node before, Members next) {
    if (next.open()) {
      found.add(Rule.PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL, name);
      return;
    }
    Optional<Node> cover = next.partly(name);
    if (cover.isEmpty()) {
      found.add(
          before.shape() instanceof Shape.Nothing
              ? Rule.PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL
              : Rule.PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL,
          name);
      return;
    }
    List<Difference> inner = pairs.compare(before, cover.get());
    found.addAll(inner);
    found.add(
        PairComparison.allowed(inner)
            ? Rule.PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
            : Rule.PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL,
        name);
  }

  /** Only of properties that both versions list. */
  private void required(Members old, Members next) {
    for (String name : old.named().keySet()) {
      Node after = next.named().get(name);
      boolean before = old.required().contains(name);
      if (after != null && before != next.required().contains(name)) {
        found.add(
            before
                ? Rule.REQUIRED_ATTRIBUTE_REMOVED
                : after.hasDefault()
                    ? Rule.REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED
                    : Rule.REQUIRED_ATTRIBUTE_ADDED,
            name);
      }
    }
  }

  private void dependencies(Members old, Members next) {
    Set<String> names = new LinkedHashSet<>(old.dependentNames().keySet());
    names.addAll(next.dependentNames().keySet());
    for (String name : names) {
      List<String> before = old.dependentNames().get(name);
      List<String> after = next.dependentNames().get(name);
      if (after == null) {
        found.add(Rule.DEPENDENCY_ARRAY_REMOVED, name);
      } else if (before == null) {
        found.add(Rule.DEPENDENCY_ARRAY_ADDED, name);
      } else {
        dependency(name, Set.copyOf(before), new HashSet<>(after));
      }
    }
    Set<String> shapes = new LinkedHashSet<>(old.dependentShapes().keySet());
    shapes.addAll(next.dependentShapes().keySet());
    for (String name : shapes) {
      Node before = old.dependentShapes().get(name);
      Node after = next.dependentShapes().get(name);
      if (after == null) {
        found.add(Rule.DEPENDENCY_SCHEMA_REMOVED, name);
      } else if (before == null) {
        found.add(Rule.DEPENDENCY_SCHEMA_ADDED, name);
      } else {
        found.addAll(pairs.compare(before, after));
      }
    }
  }

  private void dependency(String name, Set<String> before, Set<String> after) {
    if (!before.equals(after)) {
      found.add(
          after.containsAll(before)
              ? Rule.DEPENDENCY_ARRAY_EXTENDED
              : before.containsAll(after)
                  ? Rule.DEPENDENCY_ARRAY_NARROWED
                  : Rule.DEPENDENCY_ARRAY_CHANGED,
          name);
    }
  }
}
