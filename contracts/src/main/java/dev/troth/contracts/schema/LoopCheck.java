package dev.troth.contracts.schema;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds schemas that lead back to themselves without going down into the value, such as {@code
 * {"$ref": "#"}}: validation against them would never end.
 */
final class LoopCheck {
  /** How many schemas may stand between a value and its part; each costs stack. */
  private static final int DEEPEST = 500;

  private final List<SchemaException.Problem> problems;
  private final Map<State, Boolean> finished = new HashMap<>();
  private final Set<State> below = new HashSet<>();

  private record State(Schema schema, DynamicScope scope) {}

  LoopCheck(List<SchemaException.Problem> problems) {
    this.problems = problems;
  }

  void check(Schema root) {
    Deque<State> todo = new ArrayDeque<>();
    todo.add(new State(root, DynamicScope.EMPTY));
    while (!todo.isEmpty()) {
      State state = enter(todo.remove());
      if (below.add(state)) {
        visit(state, 0);
        for (Keyword keyword : state.schema().keywords()) {
          Edges.of(keyword, state.scope())
              .forEach(next -> todo.add(new State(next, state.scope())));
        }
      }
    }
  }

  private static State enter(State state) {
    return new State(state.schema(), state.scope().enter(state.schema().resource()));
  }

  private void visit(State state, int depth) {
    if (depth > DEEPEST) {
      problem(state, "the schema leads on through more than %d schemas".formatted(DEEPEST));
      return;
    }
    Boolean done = finished.get(state);
    if (done == null) {
      finished.put(state, false);
      for (Keyword keyword : state.schema().keywords()) {
        for (Schema next : Edges.inPlace(keyword, state.scope())) {
          visit(enter(new State(next, state.scope())), depth + 1);
        }
      }
      finished.put(state, true);
    } else if (!done) {
      problem(state, "the schema refers to itself for the same value without a step into it");
    }
  }

  private void problem(State state, String reason) {
    problems.add(new SchemaException.Problem(state.schema().place(), reason));
  }
}
