package dev.troth.cel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Evaluates a rule on one message, with a limit on steps. */
final class Evaluator {
  private static final int STEPS = 1_000_000;

  private final Map<String, Value> variables = new HashMap<>();
  private final Functions functions;
  private int steps;

  Evaluator(Value message, Functions functions) {
    this.functions = functions;
    variables.put("this", message);
    variables.put("message", message);
  }

  Value evaluate(Expression expression) {
    if (++steps > STEPS) {
      throw new EvaluationException("it takes more than %,d steps".formatted(STEPS));
    }
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Variable variable -> variable(variable.name());
      case Expression.Select select -> select(evaluate(select.operand()), select.field());
      case Expression.Has has -> has(has.select());
      case Expression.Index index ->
          functions.index(evaluate(index.operand()), evaluate(index.index()));
      case Expression.And and -> logic(and.left(), and.right(), false);
      case Expression.Or or -> logic(or.left(), or.right(), true);
      case Expression.Conditional conditional ->
          evaluate(
              isTrue(evaluate(conditional.test())) ? conditional.then() : conditional.otherwise());
      case Expression.ListOf list ->
          new Value.Items(list.items().stream().map(this::evaluate).toList());
      case Expression.Call call ->
          functions.call(call.function(), call.arguments().stream().map(this::evaluate).toList());
      case Expression.Macro macro -> macro(macro);
    };
  }

  private Value variable(String name) {
    Value value = variables.get(name);
    if (value == null) {
      throw new EvaluationException("the name '" + name + "' has no value here");
    }
    return value;
  }

  private static Value select(Value operand, String field) {
    if (!(operand instanceof Value.Members members)) {
      throw new EvaluationException(
          "'%s' is asked of a %s, expected an object".formatted(field, operand.type()));
    }
    return members
        .object()
        .get(field)
        .map(Value::of)
        .orElseThrow(() -> new EvaluationException("there is no field '" + field + "'"));
  }

  private Value has(Expression.Select select) {
    if (evaluate(select.operand()) instanceof Value.Members members) {
      return new Value.Bool(members.object().members().containsKey(select.field()));
    }
    throw new EvaluationException("has() asks a value that is no object");
  }

  /** Either side may decide alone, even if the other has no answer. */
  private Value logic(Expression left, Expression right, boolean deciding) {
    EvaluationException open;
    try {
      if (isTrue(evaluate(left)) == deciding) {
        return new Value.Bool(deciding);
      }
      return new Value.Bool(isTrue(evaluate(right)));
    } catch (EvaluationException e) {
      open = e;
    }
    if (isTrue(evaluate(right)) == deciding) {
      return new Value.Bool(deciding);
    }
    throw open;
  }

  private static boolean isTrue(Value value) {
    if (value instanceof Value.Bool(boolean held)) {
      return held;
    }
    throw new EvaluationException("found a " + value.type() + ", expected true or false");
  }

  private Value macro(Expression.Macro macro) {
    List<Value> range =
        switch (evaluate(macro.range())) {
          case Value.Items items -> items.values();
          case Value.Members members ->
              members.object().members().keySet().stream().<Value>map(Value.Text::new).toList();
          case Value other ->
              throw new EvaluationException(
                  "a macro goes over a " + other.type() + ", expected a list or an object");
        };
    Value hidden = variables.get(macro.variable());
    try {
      return switch (macro.kind()) {
        case ALL -> quantify(macro, range, false);
        case EXISTS -> quantify(macro, range, true);
        case EXISTS_ONE -> {
          int held = 0;
          for (Value item : range) {
            held += isTrue(body(macro, item)) ? 1 : 0;
          }
          yield new Value.Bool(held == 1);
        }
        case FILTER -> {
          List<Value> kept = new ArrayList<>();
          for (Value item : range) {
            if (isTrue(body(macro, item))) {
              kept.add(item);
            }
          }
          yield new Value.Items(kept);
        }
        case MAP -> new Value.Items(range.stream().map(item -> body(macro, item)).toList());
      };
    } finally {
      if (hidden == null) {
        variables.remove(macro.variable());
      } else {
        variables.put(macro.variable(), hidden);
      }
    }
  }

  private Value quantify(Expression.Macro macro, List<Value> range, boolean deciding) {
    EvaluationException open = null;
    for (Value item : range) {
      try {
        if (isTrue(body(macro, item)) == deciding) {
          return new Value.Bool(deciding);
        }
      } catch (EvaluationException e) {
        open = e;
      }
    }
    if (open != null) {
      throw open;
    }
    return new Value.Bool(!deciding);
  }

  private Value body(Expression.Macro macro, Value item) {
    variables.put(macro.variable(), item);
    return evaluate(macro.body());
  }
}
