package dev.troth.contracts.proof;

import dev.troth.contracts.proof.Formula.Count;
import dev.troth.contracts.proof.Formula.Distinct;
import dev.troth.contracts.proof.Formula.EachItem;
import dev.troth.contracts.proof.Formula.Size;
import dev.troth.contracts.proof.Formula.SomeItem;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Seeks an array. Lengths are tried from the shortest up to the one beyond which a longer array
 * could lose an item and still do; in each, positions take over the demands for some item.
 */
final class Arrays {
  private static final int LONGEST = 150;

  private final Solver solver;
  private final List<EachItem> each = new ArrayList<>();
  private final List<SomeItem> some = new ArrayList<>();
  private final List<Count> counts = new ArrayList<>();
  private int min;
  private int max = Size.UNLIMITED;
  private boolean distinct;
  private boolean repeated;
  private boolean complete = true;

  Arrays(Solver solver, List<Formula> atoms) {
    this.solver = solver;
    for (Formula atom : atoms) {
      switch (atom) {
        case EachItem item -> each.add(item);
        case SomeItem item -> some.add(item);
        case Count count -> counts.add(count);
        case Size size -> {
          min = Math.max(min, size.min());
          max = Math.min(max, size.max());
        }
        case Distinct(boolean holds) -> {
          distinct |= holds;
          repeated |= !holds;
        }
        default -> throw new IllegalStateException("no demand on an array: " + atom);
      }
    }
  }

  Outcome find() {
    if (min > max || (distinct && repeated) || some.size() > 30) {
      return some.size() > 30 ? Outcome.UNDECIDED : Outcome.NOTHING;
    }
    long needed = (repeated ? 2 : 0) + (long) some.size();
    long edge = 0;
    for (EachItem item : each) {
      edge = Math.max(edge, item.to() == Size.UNLIMITED ? item.from() : item.to());
    }
    for (SomeItem item : some) {
      edge = Math.max(edge, item.to() == Size.UNLIMITED ? item.from() : item.to());
    }
    for (Count count : counts) {
      needed += count.min();
    }
    long last = Math.min(max, Math.max(min, edge + needed));
    for (int n = min; n <= last; n++) {
      if (n > LONGEST) {
        return Outcome.UNDECIDED;
      }
      Json found = new Layout(n).fill(0);
      if (found != null) {
        return Outcome.of(found);
      }
    }
    return complete ? Outcome.NOTHING : Outcome.UNDECIDED;
  }

  /** The positions of an array of one length. */
  private final class Layout {
    private final int n;
    private final List<List<Formula>> positions = new ArrayList<>();
    private final boolean[] satisfied = new boolean[some.size()];
    private final int[] counted = new int[counts.size()];
    private final int[] spared = new int[counts.size()];
    private final Set<List<Object>> hopeless = new HashSet<>();

    Layout(int n) {
      this.n = n;
    }

    /** Decides position after position what it is there for. */
    @Nullable Json fill(int position) {
      solver.step();
      if (!enoughLeft(position)) {
        return null;
      }
      if (position == n) {
        return complete();
      }
      // Without equality between items, what comes later depends only on what is still to do.
      List<Object> rest = distinct || repeated ? List.of() : rest(position);
      if (!rest.isEmpty() && hopeless.contains(rest)) {
        return null;
      }
      List<Formula> item = new ArrayList<>();
      for (EachItem rule : each) {
        if (rule.from() <= position && position < rule.to()) {
          item.add(rule.item());
        }
      }
      Json found = chooseSome(position, 0, item);
      if (found == null && !rest.isEmpty()) {
        hopeless.add(rest);
      }
      return found;
    }

    private List<Object> rest(int position) {
      List<Object> key = new ArrayList<>();
      key.add(position);
      for (boolean done : satisfied) {
        key.add(done);
      }
      for (int i = 0; i < counts.size(); i++) {
        key.add(Math.min(counted[i], counts.get(i).min()));
        key.add(spared[i]);
      }
      return key;
    }

    private boolean enoughLeft(int position) {
      for (int i = 0; i < satisfied.length; i++) {
        if (!satisfied[i]
            && Math.max(position, some.get(i).from()) >= Math.min(n, some.get(i).to())) {
          return false;
        }
      }
      for (int i = 0; i < counted.length; i++) {
        if (counts.get(i).min() - counted[i] > n - position) {
          return false;
        }
      }
      return true;
    }

    /** With or without each demand for some item that this position could meet. */
    private @Nullable Json chooseSome(int position, int index, List<Formula> item) {
      if (index == some.size()) {
        return chooseCounts(position, 0, item);
      }
      SomeItem demand = some.get(index);
      boolean able = !satisfied[index] && demand.from() <= position && position < demand.to();
      if (able) {
        satisfied[index] = true;
        Json found = chooseSome(position, index + 1, with(item, demand.item()));
        satisfied[index] = false;
        if (found != null) {
          return found;
        }
      }
      return chooseSome(position, index + 1, item);
    }

    /** Counted, not counted, or, where only a greatest number is set, spared from the question. */
    private @Nullable Json chooseCounts(int position, int index, List<Formula> item) {
      if (index == counts.size()) {
        return place(position, item);
      }
      Count count = counts.get(index);
      boolean capped = count.max() != Size.UNLIMITED;
      if (counted[index] < count.min() || (capped && spared[index] < count.max())) {
        boolean must = counted[index] < count.min();
        if (!capped || spared[index] < count.max()) {
          counted[index] += must ? 1 : 0;
          spared[index]++;
          Json found = chooseCounts(position, index + 1, must ? with(item, count.item()) : item);
          counted[index] -= must ? 1 : 0;
          spared[index]--;
          if (found != null) {
            return found;
          }
        }
      }
      return chooseCounts(position, index + 1, capped ? with(item, count.item().negated()) : item);
    }

    private @Nullable Json place(int position, List<Formula> item) {
      Outcome outcome = solver.find(item);
      if (!outcome.found()) {
        complete &= outcome.complete();
        return null;
      }
      positions.add(item);
      Json found = fill(position + 1);
      positions.removeLast();
      return found;
    }

    private @Nullable Json complete() {
      if (repeated) {
        return repeat();
      }
      return distinct ? choose() : each(positions);
    }

    private @Nullable Json each(List<List<Formula>> wanted) {
      List<Json> items = new ArrayList<>();
      for (List<Formula> item : wanted) {
        Outcome outcome = solver.find(item);
        if (!outcome.found()) {
          complete &= outcome.complete();
          return null;
        }
        items.add(outcome.witnesses().getFirst());
      }
      return new Json.Arr(items);
    }

    /** Two positions take the same value. */
    private @Nullable Json repeat() {
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; j < n; j++) {
          List<List<Formula>> wanted = new ArrayList<>(positions);
          List<Formula> both = new ArrayList<>(positions.get(i));
          both.addAll(positions.get(j));
          wanted.set(i, both);
          wanted.set(j, both);
          Json found = each(wanted);
          if (found != null) {
            return found;
          }
        }
      }
      return null;
    }

    /** Each position a value of its own: as many candidates as there are positions always do. */
    private @Nullable Json choose() {
      List<List<Json>> candidates = new ArrayList<>();
      for (List<Formula> item : positions) {
        Outcome outcome = solver.find(item, n);
        if (outcome.witnesses().size() < n) {
          complete &= outcome.complete();
        }
        candidates.add(outcome.witnesses());
      }
      List<Json> chosen = Matching.of(candidates);
      return chosen == null ? null : new Json.Arr(chosen);
    }
  }

  private static List<Formula> with(List<Formula> formulas, Formula more) {
    List<Formula> all = new ArrayList<>(formulas);
    all.add(more);
    return all;
  }
}
