package dev.troth.contracts.proof;

import dev.troth.contracts.proof.Formula.All;
import dev.troth.contracts.proof.Formula.Any;
import dev.troth.contracts.proof.Formula.Equals;
import dev.troth.contracts.proof.Formula.Is;
import dev.troth.contracts.proof.Formula.Opaque;
import dev.troth.contracts.proof.Formula.Writes;
import dev.troth.contracts.schema.JsonType;
import dev.troth.json.Json;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Seeks a value for which all of some formulas hold, or proves that there is none.
 *
 * <p>A value of each type is sought in turn: schemas are unfolded into what they mean for that
 * type, choices are tried one after the other (those that are decided by what is already demanded
 * never branch), and what remains, demands on one kind of value, is solved by {@link Numbers},
 * {@link Texts}, {@link Arrays} and {@link Objects}, which seek items and members here again.
 *
 * <p>Recursion ends because a smallest value for a set of demands never contains a value for which
 * the same demands are made; so a set that is already being sought further out is given up there.
 * Such a "no" is remembered only when it did not lean on an outer search.
 *
 * <p>What the formulas cannot say ({@link Opaque}) is left out: a "no" stays true without it, and
 * every value found is checked against the schemas themselves.
 */
final class Solver {
  private static final List<JsonType> TYPES =
      List.of(
          JsonType.NULL,
          JsonType.BOOLEAN,
          JsonType.NUMBER,
          JsonType.STRING,
          JsonType.OBJECT,
          JsonType.ARRAY);
  private static final int DEEPEST = 60;

  /** In a document; one that doubles with each level would take for ever to check. */
  private static final int MOST_VALUES = 100_000;

  private static final int NOTHING_ASSUMED = Integer.MAX_VALUE;

  /** The work of a branch or an unfolding, beside what it asks of others. */
  private static final int STEP = 100;

  private final Map<JsonType, Unfolding> unfoldings = new EnumMap<>(JsonType.class);
  private final NameSets names = new NameSets();
  private final Sameness sameness = new Sameness();
  private final Truth truth = new Truth();
  private final Evolution evolution;
  private final Map<Set<Formula>, Outcome> known = new HashMap<>();
  private final Map<Set<Formula>, Integer> seeking = new HashMap<>();

  private final boolean followsWrites;
  private int assumed = NOTHING_ASSUMED;

  Solver(Optional<Containment.Written> written) {
    evolution = new Evolution(names, written);
    // Rules speak of the whole message alone, which is then told by its schema.
    followsWrites = written.map(all -> all.rules().isEmpty()).orElse(true);
  }

  /** A value for which all of these hold. */
  Outcome find(Collection<? extends Formula> demands) {
    Optional<Set<Formula>> parts = Formula.parts(demands, followsWrites);
    if (parts.isEmpty()) {
      return Outcome.NOTHING;
    }
    Set<Formula> wanted = parts.get();
    Work.spend(8L * wanted.size());
    Outcome before = known.get(wanted);
    if (before != null) {
      return before;
    }
    Integer further = seeking.get(wanted);
    if (further != null) {
      assumed = Math.min(assumed, further);
      return Outcome.NOTHING;
    }
    if (seeking.size() >= DEEPEST) {
      return Outcome.UNDECIDED;
    }
    return seek(wanted);
  }

  private Outcome seek(Set<Formula> wanted) {
    int depth = seeking.size();
    int outer = assumed;
    assumed = NOTHING_ASSUMED;
    seeking.put(wanted, depth);
    Outcome outcome = Outcome.NOTHING;
    try {
      for (JsonType type : TYPES) {
        Outcome of = new Search(type, wanted).find();
        if (of.found()) {
          outcome = of;
          break;
        }
        outcome = of.complete() ? outcome : Outcome.UNDECIDED;
      }
    } finally {
      seeking.remove(wanted);
    }
    boolean leans = assumed < depth;
    if (outcome.found() || !leans) {
      known.put(wanted, outcome);
    }
    assumed = Math.min(outer, leans ? assumed : NOTHING_ASSUMED);
    return outcome;
  }

  /** Distinct values for which all of these hold, at most so many. */
  Outcome find(Collection<? extends Formula> demands, int most) {
    List<Json> found = new ArrayList<>();
    List<Formula> wanted = new ArrayList<>(demands);
    while (found.size() < most) {
      Outcome next = find(wanted);
      if (!next.found()) {
        return new Outcome(found, next.complete());
      }
      found.add(next.witnesses().getFirst());
      wanted.add(new Equals(next.witnesses().getFirst(), false));
    }
    return new Outcome(found, true);
  }

  /** A branch or an unfolding. */
  void step() {
    Work.spend(STEP);
  }

  /** One type's search through the choices. */
  private final class Search {
    private final JsonType type;
    private final Unfolding unfolding;
    private final Set<Formula> wanted;

    Search(JsonType type, Set<Formula> wanted) {
      this.type = type;
      this.wanted = wanted;
      unfolding = unfoldings.computeIfAbsent(type, t -> new Unfolding(t, names));
    }

    Outcome find() {
      State state = new State();
      wanted.forEach(state.todo::add);
      return branch(state);
    }

    private Outcome branch(State state) {
      step();
      Work.spend(state.size() / 4);
      if (!state.settle()) {
        return Outcome.NOTHING;
      }
      if (state.choices.isEmpty()) {
        return leaf(state.atoms);
      }
      if (state.choices.size() > 1 && scalar() && leaf(state.atoms).impossible()) {
        return Outcome.NOTHING;
      }
      Any choice = state.choices.getFirst();
      for (Any other : state.choices) {
        choice = other.parts().size() < choice.parts().size() ? other : choice;
      }
      boolean complete = true;
      for (Formula alternative : choice.parts()) {
        State next = new State(state);
        next.choices.remove(choice);
        next.todo.push(alternative);
        Outcome outcome = branch(next);
        if (outcome.found()) {
          return outcome;
        }
        complete &= outcome.complete();
      }
      return complete ? Outcome.NOTHING : Outcome.UNDECIDED;
    }

    private boolean scalar() {
      return type == JsonType.NUMBER || type == JsonType.STRING;
    }

    /** What is left are demands on values of this type alone. */
    private Outcome leaf(List<Formula> atoms) {
      List<Formula> clear = new ArrayList<>();
      for (Formula atom : atoms) {
        if (atom instanceof Opaque opaque) {
          if (atoms.contains(new Opaque(opaque.what(), !opaque.holds()))) {
            return Outcome.NOTHING;
          }
          if (type != JsonType.STRING) {
            continue;
          }
        }
        clear.add(atom);
      }
      Outcome outcome = solve(clear);
      if (!outcome.found()) {
        return outcome;
      }
      Json witness = outcome.witnesses().getFirst();
      boolean sound = Weight.of(witness, MOST_VALUES) < MOST_VALUES && truth.of(wanted, witness);
      return sound ? outcome : Outcome.UNDECIDED;
    }

    private Outcome solve(List<Formula> atoms) {
      try {
        return switch (type) {
          case NULL -> Outcome.of(Json.Null.NULL);
          case BOOLEAN -> Booleans.find(atoms);
          case NUMBER, INTEGER -> new Numbers(atoms).find();
          case STRING -> new Texts(atoms).find();
          case ARRAY -> new Arrays(Solver.this, atoms).find();
          case OBJECT -> new Objects(Solver.this, atoms).find();
        };
      } catch (Language.TooLarge e) {
        return Outcome.UNDECIDED;
      }
    }

    /** What is demanded so far on one branch. */
    private final class State {
      final Deque<Formula> todo = new ArrayDeque<>();
      final List<Formula> atoms;
      final Set<Formula> seen;
      final List<Any> choices;

      State() {
        atoms = new ArrayList<>();
        seen = new LinkedHashSet<>();
        choices = new ArrayList<>();
      }

      int size() {
        return atoms.size() + seen.size() + choices.size() + todo.size();
      }

      State(State other) {
        atoms = new ArrayList<>(other.atoms);
        seen = new LinkedHashSet<>(other.seen);
        choices = new ArrayList<>(other.choices);
      }

      /** Unfolds all that is certain; false: it contradicts itself. */
      boolean settle() {
        do {
          while (!todo.isEmpty()) {
            if (!take(todo.pop())) {
              return false;
            }
          }
          if (!prune()) {
            return false;
          }
        } while (!todo.isEmpty());
        return true;
      }

      private boolean take(Formula formula) {
        return switch (formula) {
          case Formula.Constant constant -> constant == Formula.TRUE;
          case All all -> {
            all.parts().forEach(todo::push);
            yield true;
          }
          case Any any -> {
            choices.add(any);
            yield true;
          }
          case Is is -> {
            if (seen.contains(is)) {
              yield true;
            }
            if (contradicts(is)) {
              yield false;
            }
            seen.add(is);
            todo.push(unfold(is));
            yield true;
          }
          case Writes writes -> {
            if (seen.add(writes)) {
              todo.push(evolution.unfold(writes, type));
            }
            yield true;
          }
          case Equals equals -> {
            Formula meaning = unfolding.of(equals);
            if (meaning == equals) {
              atoms.add(equals);
            } else {
              todo.push(meaning);
            }
            yield true;
          }
          case Opaque _,
              Formula.Bound _,
              Formula.Multiple _,
              Formula.Words _,
              Formula.Size _,
              Formula.EachItem _,
              Formula.SomeItem _,
              Formula.Count _,
              Formula.Distinct _,
              Formula.EachMember _,
              Formula.SomeMember _ ->
              atoms.add(formula);
        };
      }

      private boolean contradicts(Is is) {
        for (Formula other : seen) {
          if (other instanceof Is known
              && known.holds() != is.holds()
              && sameness.same(known.schema(), known.scope(), is.schema(), is.scope())) {
            return true;
          }
          // What one writes by a schema is valid under it.
          if (other instanceof Writes writes
              && !is.holds()
              && sameness.same(writes.schema(), writes.scope(), is.schema(), is.scope())) {
            return true;
          }
        }
        return false;
      }

      /** Drops choices that hold anyway and alternatives that cannot; false: none is left. */
      private boolean prune() {
        List<Any> open = List.copyOf(choices);
        choices.clear();
        for (Any choice : open) {
          List<Formula> alternatives = new ArrayList<>();
          for (Formula alternative : choice.parts()) {
            alternatives.add(simplified(alternative));
          }
          switch (Formula.any(alternatives)) {
            case Formula.Constant constant -> {
              if (constant == Formula.FALSE) {
                return false;
              }
            }
            case Any left -> choices.add(left);
            case Formula certain -> todo.push(certain);
          }
        }
        return true;
      }

      private Formula simplified(Formula formula) {
        return switch (formula) {
          case Is is -> {
            if (seen.contains(is)) {
              yield Formula.TRUE;
            }
            if (contradicts(is)) {
              yield Formula.FALSE;
            }
            Formula meaning = unfold(is);
            yield meaning instanceof Formula.Constant || meaning instanceof Any ? meaning : is;
          }
          case Equals equals -> {
            Formula meaning = unfolding.of(equals);
            yield meaning instanceof Formula.Constant ? meaning : equals;
          }
          case All all -> {
            for (Formula part : all.parts()) {
              if (simplified(part) == Formula.FALSE) {
                yield Formula.FALSE;
              }
            }
            yield all;
          }
          default -> formula;
        };
      }

      private Formula unfold(Is is) {
        step();
        return unfolding.of(is);
      }
    }
  }
}
