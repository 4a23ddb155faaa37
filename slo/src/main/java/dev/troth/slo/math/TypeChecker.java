package dev.troth.slo.math;

import dev.troth.json.file.NearestName;
import dev.troth.slo.math.Expression.Array;
import dev.troth.slo.math.Expression.Call;
import dev.troth.slo.math.Expression.Id;
import dev.troth.slo.math.Expression.Operation;
import dev.troth.slo.math.Expression.Word;
import dev.troth.slo.math.Function.Signature;
import dev.troth.slo.math.MathProblem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Says what an expression comes to, and all that is wrong with its names, arguments and types.
 *
 * <pre>{@code
 * Checked checked = TypeChecker.check(expression, Names.ofMetrics("bad", "total"), Use.ALARM);
 * }</pre>
 */
public final class TypeChecker {
  private final Names names;
  private final Use use;
  private final List<MathProblem> problems = new ArrayList<>();

  private TypeChecker(Names names, Use use) {
    this.names = names;
    this.use = use;
  }

  /** What an expression is for. */
  public enum Use {
    /** Several lines are fine. */
    CHART,
    /** One time series, over as many data points as the service likes to read. */
    ALARM,
    /** A part that other expressions of an alarm use: it may be of any type. */
    ALARM_PART
  }

  /** What an expression comes to, and what is wrong. */
  public record Checked(Type type, List<MathProblem> problems) {
    public Checked {
      problems = List.copyOf(problems);
    }
  }

  /** Checks one expression; a wrong part hides nothing about the others. */
  public static Checked check(Expression expression, Names names, Use use) {
    TypeChecker checker = new TypeChecker(names, use);
    Type type = checker.type(expression);
    checker.result(expression, type);
    return new Checked(type, checker.problems);
  }

  private void result(Expression expression, Type type) {
    switch (type) {
      case SCALAR, TEXT ->
          problem(
              Kind.RESULT,
              expression.column(),
              "the expression comes to " + type.words() + ", expected a time series",
              "TIME_SERIES(…) makes a time series of a scalar");
      case ARRAY -> {
        if (use == Use.ALARM) {
          problem(
              Kind.RESULT,
              expression.column(),
              "the expression comes to an array of time series, and an alarm watches one",
              "combine them: SUM(…), MAX(…) or FIRST(…)");
        }
      }
      case SERIES, UNKNOWN -> {}
    }
  }

  private void problem(Kind kind, int column, String message, String cure) {
    problems.add(new MathProblem(kind, column, message, cure));
  }

  private Type type(Expression expression) {
    return switch (expression) {
      case Expression.Number _ -> Type.SCALAR;
      case Expression.Text _ -> Type.TEXT;
      case Id id -> id(id);
      case Word word -> word(word);
      case Array array -> array(array);
      case Call call -> call(call);
      case Expression.Minus minus -> {
        Type operand = type(minus.operand());
        yield operand == Type.TEXT ? noText(minus.operand(), "-") : operand;
      }
      case Operation operation -> operation(operation);
    };
  }

  private Type id(Id id) {
    Type known = names.types().get(id.name());
    if (known != null) {
      return known;
    }
    String near =
        NearestName.nearest(id.name(), names.types().keySet(), NearestName.allowance(id.name()))
            .map(name -> "did you mean '" + name + "'?")
            .orElse(
                names.types().isEmpty()
                    ? "give the metric an Id"
                    : "expected one of "
                        + String.join(", ", new TreeSet<>(names.types().keySet())));
    problem(Kind.ID, id.column(), "no metric or expression has the id '" + id.name() + "'", near);
    return Type.UNKNOWN;
  }

  private Type word(Word word) {
    boolean known = FunctionTable.DOCUMENTED.knowsWord(word.name());
    boolean function = FunctionTable.DOCUMENTED.find(word.name()).isPresent();
    if (known && !function) {
      problem(
          Kind.TYPE,
          word.column(),
          word.name() + " is an argument of some functions, and no value",
          "");
    } else if (function) {
      problem(Kind.SYNTAX, word.column(), word.name() + " is a function without arguments", "");
    } else {
      problem(
          Kind.ID,
          word.column(),
          "no metric can have the id '" + word.name() + "': ids begin with a small letter",
          "");
    }
    return Type.UNKNOWN;
  }

  private Type noText(Expression at, String operator) {
    problem(Kind.TYPE, at.column(), "'" + operator + "' takes no text", "");
    return Type.UNKNOWN;
  }

  private Type array(Array array) {
    if (array.items().isEmpty()) {
      problem(Kind.TYPE, array.column(), "the array is empty, expected time series", "");
    }
    for (int i = 0; i < array.items().size(); i++) {
      Expression item = array.items().get(i);
      Type type = type(item);
      if (type == Type.SCALAR || type == Type.TEXT) {
        problem(
            Kind.TYPE,
            item.column(),
            "item %d of the array is %s, expected a time series".formatted(i + 1, type.words()),
            type == Type.SCALAR
                ? "TIME_SERIES(%s) is a time series; to keep a total of 0 out of a division, write"
                        .formatted(item.text())
                    + " IF(total > 0, bad / total)"
                : "");
      }
    }
    return Type.ARRAY;
  }

  private Type operation(Operation operation) {
    Type left = type(operation.left());
    Type right = type(operation.right());
    String sign = operation.operator().sign();
    if (left == Type.TEXT || right == Type.TEXT) {
      return noText(left == Type.TEXT ? operation.left() : operation.right(), sign);
    }
    boolean array = left == Type.ARRAY || right == Type.ARRAY;
    if (array && operation.operator().asks()) {
      problem(
          Kind.TYPE,
          operation.column(),
          "'%s' takes time series and scalars, found an array of time series".formatted(sign),
          "make one time series of it: SUM(…), MAX(…) or FIRST(…)");
      return Type.UNKNOWN;
    }
    if (left == Type.ARRAY && right == Type.ARRAY) {
      problem(
          Kind.TYPE,
          operation.column(),
          "'%s' takes at most one array of time series, found two".formatted(sign),
          "make one time series of one of them: SUM(…), MAX(…) or FIRST(…)");
      return Type.UNKNOWN;
    }
    if (array) {
      return Type.ARRAY;
    }
    if (left == Type.UNKNOWN || right == Type.UNKNOWN) {
      return Type.UNKNOWN;
    }
    return left == Type.SERIES || right == Type.SERIES ? Type.SERIES : Type.SCALAR;
  }

  private Type call(Call call) {
    List<Type> types = new ArrayList<>();
    for (Expression argument : call.arguments()) {
      boolean word =
          argument instanceof Word(String name, _) && FunctionTable.DOCUMENTED.knowsWord(name);
      types.add(word ? Type.UNKNOWN : type(argument));
    }
    Optional<Function> known = FunctionTable.DOCUMENTED.find(call.function());
    if (known.isEmpty()) {
      unknown(call);
      return Type.UNKNOWN;
    }
    Function function = known.get();
    if (!function.useInAlarms() && use != Use.CHART) {
      problem(Kind.ALARM, call.column(), "an alarm cannot use " + call.function(), "");
    }
    List<Signature> byCount =
        function.signatures().stream()
            .filter(signature -> signature.takes(call.arguments().size()))
            .toList();
    if (byCount.isEmpty()) {
      arity(call, function);
      return Type.UNKNOWN;
    }
    if (function.metricsOnly()
        && !(call.arguments().getFirst() instanceof Id(String name, _)
            && (names.metrics().contains(name) || !names.types().containsKey(name)))) {
      problem(
          Kind.TYPE,
          call.arguments().getFirst().column(),
          call.function() + " takes the id of a metric, found an expression",
          "");
      return byCount.getFirst().result();
    }
    List<Signature> fitting =
        byCount.stream().filter(signature -> mismatch(signature, call, types) < 0).toList();
    if (fitting.isEmpty()) {
      mismatched(call, byCount, types);
      return Type.UNKNOWN;
    }
    // Of an argument that may be a series or an array, nothing is known of the result either.
    boolean open = fitting.stream().map(Signature::result).distinct().count() > 1;
    return open && types.contains(Type.UNKNOWN) ? Type.UNKNOWN : applied(fitting.getFirst(), call);
  }

  private void unknown(Call call) {
    String upper = call.function().toUpperCase(java.util.Locale.ROOT);
    String cure =
        FunctionTable.DOCUMENTED.find(upper).isPresent()
            ? "functions are written in capitals: " + upper
            : NearestName.nearest(upper, FunctionTable.DOCUMENTED.names(), 2)
                .map(near -> "did you mean " + near + "?")
                .orElse("");
    problem(Kind.FUNCTION, call.column(), "there is no function '" + call.function() + "'", cure);
  }

  private void arity(Call call, Function function) {
    TreeSet<Integer> counts = new TreeSet<>();
    for (Signature signature : function.signatures()) {
      for (int n = signature.needed(); n <= signature.parameters().size(); n++) {
        counts.add(n);
      }
    }
    String expected =
        counts.stream().map(String::valueOf).reduce((a, b) -> a + " or " + b).orElse("0");
    boolean guard = call.function().equals("MAX") || call.function().equals("MIN");
    problem(
        Kind.ARITY,
        call.column(),
        "%s takes %s argument%s, found %d"
            .formatted(
                call.function(),
                expected,
                expected.equals("1") ? "" : "s",
                call.arguments().size()),
        guard
            ? "to keep a total of 0 out of a division, write IF(total > 0, bad / total): no data"
                + " stays no data"
            : "");
  }

  private Type applied(Signature signature, Call call) {
    if (!signature.sameInAlarms() && use != Use.CHART) {
      problem(
          Kind.ALARM,
          call.column(),
          call.function()
              + " depends on how many data points are read, and an alarm reads more than it"
              + " evaluates",
          "let the Period of the metrics be the window, and divide their sums");
    }
    return signature.result();
  }

  /** The first argument that does not fit; -1 if all do. */
  private static int mismatch(Signature signature, Call call, List<Type> types) {
    for (int i = 0; i < types.size(); i++) {
      Function.Parameter parameter = signature.parameter(i);
      boolean fits =
          call.arguments().get(i) instanceof Word(String name, _)
                  && FunctionTable.DOCUMENTED.knowsWord(name)
              ? parameter.words().contains(name)
              : types.get(i) == Type.UNKNOWN
                  || parameter.types().contains(types.get(i))
                  || parameter.types().contains(Type.UNKNOWN);
      if (!fits) {
        return i;
      }
    }
    return -1;
  }

  /** Speaks of the signature that fits furthest. */
  private void mismatched(Call call, List<Signature> signatures, List<Type> types) {
    int at = -1;
    TreeSet<String> expected = new TreeSet<>();
    for (Signature signature : signatures) {
      int wrong = mismatch(signature, call, types);
      if (wrong > at) {
        at = wrong;
        expected.clear();
      }
      if (wrong == at) {
        expected.add(signature.parameter(wrong).expected());
      }
    }
    Expression argument = call.arguments().get(at);
    String found = argument instanceof Word word ? word.name() : types.get(at).words();
    problem(
        Kind.TYPE,
        argument.column(),
        "argument %d of %s is %s, expected %s"
            .formatted(at + 1, call.function(), found, String.join(" or ", expected)),
        "");
  }
}
