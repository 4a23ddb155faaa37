package dev.troth.contracts.proof;

import dev.troth.contracts.proof.Formula.EachItem;
import dev.troth.contracts.proof.Formula.EachMember;
import dev.troth.contracts.proof.Formula.Is;
import dev.troth.contracts.proof.Formula.Size;
import dev.troth.contracts.proof.Formula.Writes;
import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Edges;
import dev.troth.contracts.schema.JsonType;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a writer that keeps a schema really writes: valid documents without members that the schema
 * does not declare, at every depth that plain properties and items lead to. A schema that says
 * {@code additionalProperties}, {@code patternProperties}, {@code unevaluatedProperties} or {@code
 * propertyNames}, or that declares no property at all, means an open map and is left as it is.
 */
final class Evolution {
  private final NameSets names;
  private final Optional<Containment.Written> written;

  Evolution(NameSets names, Optional<Containment.Written> written) {
    this.names = names;
    this.written = written;
  }

  /** The meaning for values of one type. */
  Formula unfold(Writes writes, JsonType type) {
    List<Formula> parts = new ArrayList<>();
    parts.add(new Is(writes.schema(), writes.scope(), true));
    List<Keyword> reached = new ArrayList<>();
    gather(writes.schema(), writes.scope(), reached, new HashSet<>());
    DynamicScope scope = writes.scope().enter(writes.schema().resource());
    if (type == JsonType.ARRAY) {
      items(writes.schema(), scope, parts);
    }
    if (type == JsonType.OBJECT) {
      Optional<Containment.Written> whole = written.filter(all -> all.schema() == writes.schema());
      Optional<Set<String>> known =
          whole.isPresent() ? whole.get().members() : Optional.of(Set.of());
      known.ifPresent(ruled -> members(reached, ruled, parts));
      plain(writes.schema(), scope, parts);
    }
    return Formula.all(parts);
  }

  /** All keywords that speak of this very value. */
  private static void gather(
      Schema schema, DynamicScope outer, List<Keyword> reached, Set<Schema> seen) {
    if (!seen.add(schema)) {
      return;
    }
    DynamicScope scope = outer.enter(schema.resource());
    for (Keyword keyword : schema.keywords()) {
      reached.add(keyword);
      Edges.inPlace(keyword, scope).forEach(inner -> gather(inner, scope, reached, seen));
    }
  }

  private void members(List<Keyword> reached, Set<String> ruled, List<Formula> parts) {
    Language declared = Language.of(ruled);
    boolean any = false;
    for (Keyword keyword : reached) {
      switch (keyword) {
        case Keyword.Properties properties -> {
          boolean open =
              !properties.patterns().isEmpty()
                  || properties.additional().filter(s -> !never(s)).isPresent();
          if (open) {
            return;
          }
          Optional<Language> own = names.declared(properties);
          if (own.isEmpty()) {
            return;
          }
          declared = declared.or(own.get());
          any |= !properties.named().isEmpty();
        }
        case Keyword.Required required -> declared = declared.or(Language.of(required.names()));
        case Keyword.DependentRequired dependent -> {
          for (Map.Entry<String, List<String>> entry : dependent.names().entrySet()) {
            declared = declared.or(Language.of(entry.getKey()));
            declared = declared.or(Language.of(entry.getValue()));
          }
        }
        case Keyword.DependentSchemas dependent ->
            declared = declared.or(Language.of(dependent.schemas().keySet()));
        case Keyword.PropertyNames _, Keyword.UnevaluatedProperties _ -> {
          return;
        }
        case Keyword other -> {}
      }
    }
    if (any) {
      parts.add(new EachMember(declared.not(), Formula.FALSE));
    }
  }

  private static boolean never(Schema schema) {
    return schema.keywords().stream().anyMatch(k -> k instanceof Keyword.Never);
  }

  /** Below plain keywords the writer writes by the rule again; references are followed. */
  private static void plain(Schema schema, DynamicScope outer, List<Formula> parts) {
    for (Plain at : follow(schema, outer)) {
      at.schema()
          .keyword(Keyword.Properties.class)
          .ifPresent(properties ->
              properties
                  .named()
                  .forEach((name, value) ->
                      parts.add(new EachMember(Language.of(name), new Writes(value, at.scope())))));
    }
  }

  private static void items(Schema schema, DynamicScope outer, List<Formula> parts) {
    for (Plain at : follow(schema, outer)) {
      at.schema()
          .keyword(Keyword.Items.class)
          .ifPresent(items -> {
            int n = items.prefix().size();
            for (int i = 0; i < n; i++) {
              parts.add(new EachItem(i, i + 1, new Writes(items.prefix().get(i), at.scope())));
            }
            items
                .rest()
                .ifPresent(rest ->
                    parts.add(new EachItem(n, Size.UNLIMITED, new Writes(rest, at.scope()))));
          });
    }
  }

  private record Plain(Schema schema, DynamicScope scope) {}

  /** The schema and those that it includes unconditionally. */
  private static List<Plain> follow(Schema schema, DynamicScope outer) {
    List<Plain> all = new ArrayList<>();
    include(schema, outer, all, new HashSet<>());
    return all;
  }

  private static void include(
      Schema schema, DynamicScope outer, List<Plain> all, Set<Schema> seen) {
    if (!seen.add(schema)) {
      return;
    }
    DynamicScope scope = outer.enter(schema.resource());
    all.add(new Plain(schema, scope));
    for (Keyword keyword : schema.keywords()) {
      switch (keyword) {
        case Keyword.Ref ref -> include(ref.link().target(), scope, all, seen);
        case Keyword.DynamicRef ref -> include(scope.resolve(ref), scope, all, seen);
        case Keyword.AllOf every -> every.schemas().forEach(s -> include(s, scope, all, seen));
        case Keyword other -> {}
      }
    }
  }
}
