package dev.troth.contracts.proof;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Edges;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether two schemas are written alike, references followed: then they accept the same values.
 * Most of a contract does not change between versions, and need not be searched.
 */
final class Sameness {
  private record Pair(Schema left, Schema right) {}

  private final Map<Pair, Boolean> known = new HashMap<>();

  boolean same(Schema left, DynamicScope leftScope, Schema right, DynamicScope rightScope) {
    if (left == right && leftScope.equals(rightScope)) {
      return true;
    }
    return scopesAlike(leftScope, rightScope) && alike(left, right);
  }

  private boolean alike(Schema left, Schema right) {
    return known.computeIfAbsent(
        new Pair(left, right), pair -> compare(pair.left(), pair.right(), new HashSet<>()));
  }

  /**
   * Alike from here on: what was entered leads every dynamic reference to schemas that are alike.
   */
  private boolean scopesAlike(DynamicScope left, DynamicScope right) {
    Map<String, Schema> ours = left.outermost();
    Map<String, Schema> theirs = right.outermost();
    for (Map.Entry<String, Schema> entry : ours.entrySet()) {
      Schema other = theirs.get(entry.getKey());
      if (other == null || !alike(entry.getValue(), other)) {
        return false;
      }
    }
    return ours.size() == theirs.size();
  }

  private static boolean compare(Schema left, Schema right, Set<Pair> assumed) {
    if (left == right || !assumed.add(new Pair(left, right))) {
      return true;
    }
    List<Keyword> ours = left.keywords();
    List<Keyword> theirs = right.keywords();
    if (ours.size() != theirs.size() || left.dialect().draft() != right.dialect().draft()) {
      return false;
    }
    for (int i = 0; i < ours.size(); i++) {
      if (!alike(ours.get(i), theirs.get(i), assumed)) {
        return false;
      }
    }
    return alikeSource(left, right);
  }

  /** The same kind of keyword, applied to schemas that are alike. */
  private static boolean alike(Keyword left, Keyword right, Set<Pair> assumed) {
    if (left.getClass() != right.getClass()) {
      return false;
    }
    List<Schema> ours = targets(left);
    List<Schema> theirs = targets(right);
    if (ours.size() != theirs.size()) {
      return false;
    }
    for (int i = 0; i < ours.size(); i++) {
      if (!compare(ours.get(i), theirs.get(i), assumed)) {
        return false;
      }
    }
    return true;
  }

  /** For a dynamic reference what it means first; the scopes are compared for themselves. */
  private static List<Schema> targets(Keyword keyword) {
    return keyword instanceof Keyword.DynamicRef dynamic
        ? List.of(dynamic.link().target())
        : Edges.of(keyword, DynamicScope.EMPTY);
  }

  /** Written alike; where references lead was compared above. */
  private static boolean alikeSource(Schema left, Schema right) {
    if (left.source() instanceof Json.Obj a && right.source() instanceof Json.Obj b) {
      return strip(a).equals(strip(b));
    }
    return left.source().equals(right.source());
  }

  private static final Set<String> SAYS_NOTHING =
      Set.of(
          "$ref",
          "$id",
          "id",
          "$schema",
          "$comment",
          "$anchor",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly");

  private static Map<String, Json> strip(Json.Obj object) {
    Map<String, Json> kept = new HashMap<>(object.members());
    kept.keySet().removeAll(SAYS_NOTHING);
    return kept;
  }
}
