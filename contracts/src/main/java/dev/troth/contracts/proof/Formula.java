package dev.troth.contracts.proof;

import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Keyword;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A demand on one JSON value. {@link Is} and {@link Equals} stand for demands that are unfolded
 * only when a value of a certain type is sought; the atoms below them speak of values of one type.
 */
sealed interface Formula {
  /** Holds of every value. */
  enum Constant implements Formula {
    TRUE,
    FALSE
  }

  Formula TRUE = Constant.TRUE;
  Formula FALSE = Constant.FALSE;

  /** All of these. */
  record All(List<Formula> parts) implements Formula {}

  /** At least one of these. */
  record Any(List<Formula> parts) implements Formula {}

  /** The value is valid under a schema, or is not. */
  record Is(Schema schema, DynamicScope scope, boolean holds) implements Formula {
    Is negated() {
      return new Is(schema, scope, !holds);
    }
  }

  /**
   * The value is valid under a schema, or is not, and members that the schema does not declare are
   * absent, at every depth; see {@link Evolution}.
   */
  record Writes(Schema schema, DynamicScope scope) implements Formula {}

  /** The value equals a constant, or does not. */
  record Equals(Json value, boolean holds) implements Formula {}

  /** A demand that this prover does not understand, told apart by identity. */
  record Opaque(Object what, boolean holds) implements Formula {}

  /** A number at or beyond a limit. */
  record Bound(BigDecimal limit, boolean upper, boolean exclusive) implements Formula {}

  /** A number that is a multiple, or is not. */
  record Multiple(BigDecimal divisor, boolean holds) implements Formula {}

  /** A text of a language. */
  record Words(Language language) implements Formula {}

  /** A text, array or object of so many characters, items or members; {@code max} included. */
  record Size(int min, int max) implements Formula {
    static final int UNLIMITED = Integer.MAX_VALUE;
  }

  /** Every item from position {@code from} to before {@code to}. */
  record EachItem(int from, int to, Formula item) implements Formula {}

  /** Some item from position {@code from} to before {@code to}. */
  record SomeItem(int from, int to, Formula item) implements Formula {}

  /** Of the items, at least {@code min} and at most {@code max} are like this. */
  record Count(Is item, int min, int max) implements Formula {}

  /** No two items are equal; or two of them are. */
  record Distinct(boolean holds) implements Formula {}

  /** Every member whose name is in the language. */
  record EachMember(Language names, Formula value) implements Formula {}

  /** Some member whose name is in the language. */
  record SomeMember(Language names, Formula value) implements Formula {}

  static Formula all(List<Formula> parts) {
    List<Formula> kept = new ArrayList<>();
    for (Formula part : parts) {
      if (part == FALSE) {
        return FALSE;
      }
      if (part instanceof All all) {
        kept.addAll(all.parts());
      } else if (part != TRUE) {
        kept.add(part);
      }
    }
    return kept.isEmpty() ? TRUE : kept.size() == 1 ? kept.getFirst() : new All(kept);
  }

  static Formula all(Formula... parts) {
    return all(List.of(parts));
  }

  static Formula any(List<Formula> parts) {
    List<Formula> kept = new ArrayList<>();
    for (Formula part : parts) {
      if (part == TRUE) {
        return TRUE;
      }
      if (part instanceof Any any) {
        kept.addAll(any.parts());
      } else if (part != FALSE) {
        kept.add(part);
      }
    }
    return kept.isEmpty() ? FALSE : kept.size() == 1 ? kept.getFirst() : new Any(kept);
  }

  static Formula any(Formula... parts) {
    return any(List.of(parts));
  }

  /** A member of that name. */
  static Formula present(String name) {
    return new SomeMember(Language.of(name), TRUE);
  }

  /** No member of that name. */
  static Formula absent(String name) {
    return new EachMember(Language.of(name), FALSE);
  }

  /**
   * What all of these demand, references followed; empty if that is nothing at all.
   *
   * @param writes whether references are followed for what is written, too
   */
  static Optional<Set<Formula>> parts(Collection<? extends Formula> demands, boolean writes) {
    Set<Formula> parts = new LinkedHashSet<>();
    for (Formula demand : demands) {
      if (demand == FALSE) {
        return Optional.empty();
      }
      List<Formula> all = demand instanceof All of ? of.parts() : List.of(demand);
      for (Formula part : all) {
        if (part != TRUE) {
          parts.add(part instanceof Writes && !writes ? part : followed(part));
        }
      }
    }
    // What one writes by a schema is valid under it.
    parts.removeIf(part ->
        part instanceof Is is && is.holds() && parts.contains(new Writes(is.schema(), is.scope())));
    return Optional.of(parts);
  }

  /**
   * The same demand where a chain of references ends, so that the members of a schema that refers
   * to one schema a hundred times are one search and not a hundred.
   */
  static Formula followed(Formula demand) {
    return switch (demand) {
      case Is(Schema schema, DynamicScope scope, boolean holds) when isReference(schema) ->
          followed(new Is(target(schema), scope.enter(schema.resource()), holds));
      case Writes(Schema schema, DynamicScope scope) when isReference(schema) ->
          followed(new Writes(target(schema), scope.enter(schema.resource())));
      default -> demand;
    };
  }

  private static boolean isReference(Schema schema) {
    return schema.keywords().size() == 1 && schema.keywords().getFirst() instanceof Keyword.Ref;
  }

  private static Schema target(Schema schema) {
    return schema.keyword(Keyword.Ref.class).orElseThrow().link().target();
  }
}
