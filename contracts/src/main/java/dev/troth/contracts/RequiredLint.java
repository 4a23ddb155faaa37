package dev.troth.contracts;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Edges;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds names that are required of an object and declared nowhere: neither by the schema itself nor
 * by one that speaks of the same object.
 */
final class RequiredLint {
  private RequiredLint() {}

  /** The undeclared names by the schema that requires them. */
  static Map<Schema, Set<String>> undeclared(Schema root) {
    Map<Schema, Set<String>> found = new LinkedHashMap<>();
    Set<Schema> seen = new HashSet<>();
    Deque<Schema> heads = new ArrayDeque<>(List.of(root));
    while (!heads.isEmpty()) {
      Schema head = heads.remove();
      if (seen.add(head)) {
        List<Schema> together = together(head);
        object(together, found);
        for (Schema schema : together) {
          schema.keywords().forEach(keyword -> heads.addAll(Edges.below(keyword)));
        }
      }
    }
    return found;
  }

  /** All schemas that speak of the same value as a schema. */
  private static List<Schema> together(Schema head) {
    Set<Schema> seen = new LinkedHashSet<>();
    Deque<Schema> todo = new ArrayDeque<>(List.of(head));
    while (!todo.isEmpty()) {
      Schema schema = todo.remove();
      if (seen.add(schema)) {
        for (Keyword keyword : schema.keywords()) {
          todo.addAll(Edges.inPlace(keyword, DynamicScope.EMPTY));
        }
      }
    }
    return new ArrayList<>(seen);
  }

  private static void object(List<Schema> together, Map<Schema, Set<String>> found) {
    Set<String> declared = new HashSet<>();
    List<Keyword.PatternProperty> patterns = new ArrayList<>();
    for (Schema schema : together) {
      for (Keyword keyword : schema.keywords()) {
        if (keyword instanceof Keyword.Properties properties) {
          declared.addAll(properties.named().keySet());
          patterns.addAll(properties.patterns());
          if (properties.additional().filter(RequiredLint::describes).isPresent()) {
            return;
          }
        }
      }
    }
    if (declared.isEmpty() && patterns.isEmpty()) {
      return;
    }
    for (Schema schema : together) {
      for (String name :
          schema.keyword(Keyword.Required.class).map(Keyword.Required::names).orElse(List.of())) {
        if (!declared.contains(name) && patterns.stream().noneMatch(p -> p.regex().find(name))) {
          found.computeIfAbsent(schema, _ -> new LinkedHashSet<>()).add(name);
        }
      }
    }
  }

  /** Whether further members are described, as those of a map are. */
  private static boolean describes(Schema additional) {
    return additional.source() instanceof Json.Obj object && !object.members().isEmpty();
  }
}
