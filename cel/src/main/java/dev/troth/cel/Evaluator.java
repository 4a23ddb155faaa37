package dev.troth.cel;

import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Evaluates a program once, with a limit on steps. */
final class Evaluator {
  private final Map<String, Value> variables = new HashMap<>();
  private final Environment environment;
  private final Environment.Scope scope;
  private final Functions functions;
  private final int mostSteps;
  private int steps;

  Evaluator(Environment environment, Environment.Scope scope, int mostSteps) {
    this.environment = environment;
    this.scope = scope;
    this.functions = new Functions(environment);
    this.mostSteps = mostSteps;
  }

  Value evaluate(Expression expression) {
    if (++steps > mostSteps) {
      throw new EvaluationException("it takes more than %,d steps".formatted(mostSteps));
    }
    return switch (expression) {
      case Expression.Literal literal -> literal.value();
      case Expression.Variable variable -> variable(variable.name());
      case Expression.Select select -> select(evaluate(select.operand()), select.field());
      case Expression.Has has -> has(has.select());
      case Expression.Index index -> index(evaluate(index.operand()), evaluate(index.index()));
      case Expression.And and -> logic(and.left(), and.right(), false);
      case Expression.Or or -> logic(or.left(), or.right(), true);
      case Expression.Conditional conditional ->
          evaluate(
              isTrue(evaluate(conditional.test())) ? conditional.then() : conditional.otherwise());
      case Expression.ListOf list ->
          new Value.Items(list.items().stream().map(this::evaluate).toList());
      case Expression.Call call ->
          call(call.function(), call.arguments().stream().map(this::evaluate).toList());
      case Expression.Macro macro -> macro(macro);
    };
  }

  private boolean isLenient() {
    return environment.manner() == Environment.Manner.LENIENT;
  }

  private Value call(String function, List<Value> arguments) {
    return Functions.isOwn(function)
        ? functions.answer(function, arguments)
        : scope.call(function, arguments);
  }

  private Value index(Value operand, Value index) {
    try {
      return functions.index(operand, index);
    } catch (EvaluationException none) {
      if (isLenient()) {
        return new Value.Null();
      }
      throw none;
    }
  }

  private Value variable(String name) {
    Value bound = variables.get(name);
    return bound == null ? scope.variable(name) : bound;
  }

  private Value select(Value operand, String field) {
    if (isLenient()) {
      return operand instanceof Value.Members(Json.Obj object)
          ? object.get(field).map(environment::value).orElseGet(Value.Null::new)
          : new Value.Null();
    }
    if (!(operand instanceof Value.Members members)) {
      throw new EvaluationException(
          "'%s' is asked of a %s, expected an object".formatted(field, operand.type()));
    }
    return members
        .object()
        .get(field)
        .map(environment::value)
        .orElseThrow(() -> new EvaluationException("there is no field '" + field + "'"));
  }

  private Value has(Expression.Select select) {
    if (evaluate(select.operand()) instanceof Value.Members members) {
      return new Value.Bool(members.object().members().containsKey(select.field()));
    }
    if (isLenient()) {
      return new Value.Bool(false);
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

  private boolean isTrue(Value value) {
    if (value instanceof Value.Bool(boolean held)) {
      return held;
    }
    if (isLenient()) {
      return false;
    }
    throw new EvaluationException("found a " + value.type() + ", expected true or false");
  }

  private Value macro(Expression.Macro macro) {
    List<Value> range =
        switch (evaluate(macro.range())) {
          case Value.Items items -> items.values();
          case Value.Members members ->
              members.object().members().keySet().stream().<Value>map(Value.Text::new).toList();
          case Value _ when isLenient() -> List.of();
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
