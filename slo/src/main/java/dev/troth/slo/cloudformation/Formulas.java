package dev.troth.slo.cloudformation;

import dev.troth.slo.cloudformation.Watched.Kind;
import dev.troth.slo.math.Expression;
import dev.troth.slo.math.MathParser;
import dev.troth.slo.math.MathProblem;
import dev.troth.slo.math.Names;
import dev.troth.slo.math.Operator;
import dev.troth.slo.math.Type;
import dev.troth.slo.math.TypeChecker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** The expressions of what is watched, read and followed through the ids that they use. */
public final class Formulas {
  private final Watched watched;
  private final Map<String, Query> byId = new LinkedHashMap<>();
  private final Map<Query, Expression> expressions = new HashMap<>();
  private final Map<Query, List<MathProblem>> problems = new LinkedHashMap<>();
  private final Map<String, Type> types = new HashMap<>();

  private Formulas(Watched watched) {
    this.watched = watched;
  }

  public static Formulas of(Watched watched) {
    Formulas formulas = new Formulas(watched);
    for (Query query : watched.queries()) {
      query.id().ifPresent(id -> formulas.byId.putIfAbsent(id, query));
      query
          .expression()
          .filter(text -> !Values.isOpen(text) && !isQueryLanguage(text))
          .ifPresent(text -> formulas.parse(query, text));
    }
    watched.queries().forEach(query -> formulas.check(query, new HashSet<>()));
    return formulas;
  }

  /** Metrics Insights has a language of its own. */
  private static boolean isQueryLanguage(String text) {
    return text.strip().regionMatches(true, 0, "SELECT", 0, 6);
  }

  private void parse(Query query, String text) {
    MathParser.Parsed parsed = MathParser.parse(text);
    parsed.expression().ifPresent(expression -> expressions.put(query, expression));
    if (!parsed.problems().isEmpty()) {
      problems.put(query, parsed.problems());
    }
  }

  /** The expressions that one uses are checked before it. */
  private Type check(Query query, Set<Query> above) {
    String id = query.id().orElse("");
    Type known = types.get(id);
    if (known != null && !id.isEmpty()) {
      return known;
    }
    if (!above.add(query)) {
      return Type.UNKNOWN;
    }
    Expression expression = expressions.get(query);
    Type type;
    if (expression == null) {
      type = query.stat().isPresent() ? Type.SERIES : Type.UNKNOWN;
    } else {
      Map<String, Type> names = new HashMap<>();
      Set<String> metrics = new HashSet<>();
      byId.forEach((name, other) -> {
        names.put(name, Type.UNKNOWN);
        if (other.stat().isPresent()) {
          metrics.add(name);
        }
      });
      List<MathProblem> all = new ArrayList<>(problems.getOrDefault(query, List.of()));
      ids(expression)
          .forEach((name, column) -> {
            Query other = byId.get(name);
            if (other != null && above.contains(other)) {
              all.add(
                  new MathProblem(
                      MathProblem.Kind.ID,
                      column,
                      "the expression uses itself by '" + name + "'",
                      ""));
            } else if (other != null) {
              names.put(name, check(other, above));
            }
          });
      TypeChecker.Checked checked =
          TypeChecker.check(expression, new Names(names, metrics), use(query));
      all.addAll(checked.problems());
      problems.put(query, all);
      type = checked.type();
    }
    above.remove(query);
    if (!id.isEmpty()) {
      types.put(id, type);
    }
    return type;
  }

  private TypeChecker.Use use(Query query) {
    if (watched.kind() == Kind.CHART) {
      return TypeChecker.Use.CHART;
    }
    boolean band = watched.band().isPresent() && watched.band().equals(query.id());
    return watched.returned().contains(query) && !band
        ? TypeChecker.Use.ALARM
        : TypeChecker.Use.ALARM_PART;
  }

  /** The ids that an expression uses, each with the column of its first use. */
  private static Map<String, Integer> ids(Expression expression) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    walk(
        expression,
        part -> {
          if (part instanceof Expression.Id(String name, int column)) {
            ids.putIfAbsent(name, column);
          }
          return true;
        });
    return ids;
  }

  /** Visits a part and, if told so, those below. */
  private static void walk(Expression expression, Predicate<Expression> visitor) {
    if (visitor.test(expression)) {
      expression.parts().forEach(part -> walk(part, visitor));
    }
  }

  /** What is wrong with each expression. */
  public Map<Query, List<MathProblem>> problems() {
    return problems;
  }

  /** Whether all is known that the expressions use: nothing can be said to be missing otherwise. */
  public boolean areWhole() {
    return problems.values().stream()
            .flatMap(List::stream)
            .noneMatch(problem ->
                problem.kind() == MathProblem.Kind.ID || problem.kind() == MathProblem.Kind.SYNTAX)
        && watched.queries().stream()
            .allMatch(query -> query.stat().isPresent() || expressions.containsKey(query));
  }

  public Optional<Expression> expression(Query query) {
    return Optional.ofNullable(expressions.get(query));
  }

  /** The statistics that a query comes from, through all ids. */
  public Set<MetricStat> metrics(Query query) {
    Set<MetricStat> found = new LinkedHashSet<>();
    follow(query, new HashSet<>(), found, new HashSet<>());
    return found;
  }

  /** The statistics that a part of an expression comes from. */
  public Set<MetricStat> metrics(Expression part) {
    Set<MetricStat> found = new LinkedHashSet<>();
    Set<Query> seen = new HashSet<>();
    references(part).forEach(query -> follow(query, seen, found, new HashSet<>()));
    return found;
  }

  /** The expressions that a query comes from, itself first. */
  public Set<Query> expressions(Query query) {
    Set<Query> found = new LinkedHashSet<>();
    follow(query, new HashSet<>(), new HashSet<>(), found);
    return found;
  }

  private void follow(
      Query query, Set<Query> seen, Set<MetricStat> metrics, Set<Query> withExpression) {
    if (!seen.add(query)) {
      return;
    }
    query.stat().ifPresent(metrics::add);
    expression(query)
        .ifPresent(expression -> {
          withExpression.add(query);
          references(expression).forEach(other -> follow(other, seen, metrics, withExpression));
        });
  }

  /** The queries that an expression names; {@code METRICS()} names every metric that fits. */
  private Set<Query> references(Expression expression) {
    Set<Query> found = new LinkedHashSet<>();
    walk(
        expression,
        part -> {
          if (part instanceof Expression.Id(String name, _) && byId.containsKey(name)) {
            found.add(byId.get(name));
          }
          if (part instanceof Expression.Call(String function, List<Expression> arguments, _)
              && function.equals("METRICS")) {
            String wanted =
                !arguments.isEmpty() && arguments.getFirst() instanceof Expression.Text(String t, _)
                    ? t
                    : "";
            byId.forEach((id, query) -> {
              if (query.stat().isPresent() && id.contains(wanted)) {
                found.add(query);
              }
            });
          }
          return true;
        });
    return found;
  }

  /** Whether somewhere below the query a quotient of two time series is made. */
  public boolean divides(Query query) {
    return expressions(query).stream()
        .anyMatch(q -> expression(q).filter(this::divides).isPresent());
  }

  /** Whether the expression itself, without what it refers to, divides by something measured. */
  public boolean divides(Expression expression) {
    boolean[] found = {false};
    walk(
        expression,
        part -> {
          found[0] |=
              part instanceof Expression.Operation(Operator operator, _, Expression right, _)
                  && operator == Operator.DIVIDED
                  && !metrics(right).isEmpty();
          return !found[0];
        });
    return found[0];
  }

  /**
   * Each sum below a query as its addends, with the query in which it stands: {@code a + b + c}, or
   * {@code SUM([a, b, c])}.
   */
  public List<Sum> sums(Query query) {
    List<Sum> sums = new ArrayList<>();
    for (Query part : expressions(query)) {
      expression(part)
          .ifPresent(expression ->
              walk(
                  expression,
                  below -> {
                    List<Expression> addends = addends(below);
                    if (addends.size() > 1) {
                      sums.add(new Sum(part, below, addends));
                    }
                    // The parts of a sum are no sums of their own.
                    return !isPlus(below);
                  }));
    }
    return sums;
  }

  /** A sum and where it stands. */
  public record Sum(Query query, Expression whole, List<Expression> addends) {}

  private static boolean isPlus(Expression expression) {
    return expression instanceof Expression.Operation(Operator operator, _, _, _)
        && operator == Operator.PLUS;
  }

  private List<Expression> addends(Expression expression) {
    List<Expression> addends = new ArrayList<>();
    if (isPlus(expression)) {
      addends(expression, addends);
    } else if (expression instanceof Expression.Call(String function, List<Expression> list, _)
        && function.equals("SUM")
        && list.size() == 1) {
      if (list.getFirst() instanceof Expression.Array array) {
        addends.addAll(array.items());
      } else if (list.getFirst() instanceof Expression.Call metrics
          && metrics.function().equals("METRICS")) {
        references(metrics)
            .forEach(query ->
                query.id().ifPresent(id -> addends.add(new Expression.Id(id, metrics.column()))));
      }
    }
    return addends;
  }

  private static void addends(Expression expression, List<Expression> addends) {
    if (expression instanceof Expression.Operation(Operator operator, Expression a, Expression b, _)
        && operator == Operator.PLUS) {
      addends(a, addends);
      addends(b, addends);
    } else {
      addends.add(expression);
    }
  }
}
