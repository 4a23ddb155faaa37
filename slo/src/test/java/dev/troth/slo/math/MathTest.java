package dev.troth.slo.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.math.MathProblem.Kind;
import dev.troth.slo.math.TypeChecker.Use;
import dev.troth.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MathTest {
  /** Three metrics, and an expression that comes to an array. */
  private static final Names NAMES =
      new Names(
          Map.of(
              "m1", Type.SERIES,
              "m2", Type.SERIES,
              "total", Type.SERIES,
              "e1", Type.SERIES,
              "all", Type.ARRAY),
          Set.of("m1", "m2", "total"));

  private static TypeChecker.Checked check(String text, Use use) {
    MathParser.Parsed parsed = MathParser.parse(text);
    return parsed
        .expression()
        .map(expression -> TypeChecker.check(expression, NAMES, use))
        .orElseGet(() -> new TypeChecker.Checked(Type.UNKNOWN, parsed.problems()));
  }

  /** Each function and operator in the forms that the user guide documents. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "m1 / PERIOD(m1) ~ SERIES",
        "5 * m1 - m2 ~ SERIES",
        "SUM(100 / [m1, m2]) ~ SERIES",
        "AVG([m1, m2] / m2) ~ SERIES",
        "METRICS() * 100 ~ ARRAY",
        "SUM(-[m1, m2]) ~ SERIES",
        "-5 * m1 ^ 2 ~ SERIES",
        "m1 > 15 AND m2 > 15 ~ SERIES",
        "m1 >= 30 || m1 == m2 && m1 != 1 ~ SERIES",
        "MIN(ABS([m1, m2])) ~ SERIES",
        "ANOMALY_DETECTION_BAND(m1, 4) ~ ARRAY",
        "LAST(ANOMALY_DETECTION_BAND(m1)) ~ SERIES",
        "SUM([m1, m2]) / AVG(m2) ~ SERIES",
        "FILL(METRICS(), LINEAR) ~ ARRAY",
        "FILL(METRICS(), m1) ~ ARRAY",
        "FILL(m1, MIN(m1)) ~ SERIES",
        "FILL(m1, REPEAT) ~ SERIES",
        "IF(FIRST(SORT(METRICS(), AVG, DESC)) > 100, 1, 0) ~ SERIES",
        "m1 / METRIC_COUNT(METRICS()) ~ SERIES",
        "SUM(METRICS(\"errors\")) / SUM([METRICS('4xx'), METRICS('5xx')]) ~ SERIES",
        "IF(DAY(m1) < 6, m1) ~ SERIES",
        "RATE(METRICS()) ~ ARRAY",
        "SLICE(SORT(METRICS(), SUM, DESC), 0, 10) ~ UNKNOWN",
        "SUM(SLICE(SORT(METRICS(), SUM, DESC), 0, 10)) ~ UNKNOWN",
        "m1 / MAX(SLICE(METRICS(), 1)) ~ UNKNOWN",
        "RUNNING_SUM([m1, m2]) ~ ARRAY",
        "m1 / STDDEV(m1) ~ SERIES",
        "TIME_SERIES(5 * AVG(m1)) ~ SERIES",
        "IF(total > 0, m1 / total) ~ SERIES",
        "IF(PERIOD(m1) > 60, m1, m2) ~ SERIES",
        "MAX([total, TIME_SERIES(1)]) ~ SERIES",
        "SEARCH('{AWS/Lambda,FunctionName} Errors', 'Sum', 300) ~ ARRAY",
      })
  void whatIsDocumentedIsRight(String text, Type type) {
    TypeChecker.Checked checked = check(text, Use.CHART);
    assertThat(checked.problems()).isEmpty();
    assertThat(checked.type()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "m1 / MAX([total], 1) ~ ARITY ~ 6 ~ MAX takes 1 argument, found 2",
        "m1 / MAX([total, 1]) ~ TYPE ~ 18 ~ item 2 of the array is a scalar",
        "MAX(total) ~ RESULT ~ 1 ~ comes to a scalar",
        "m1 + m3 ~ ID ~ 6 ~ no metric or expression has the id 'm3'",
        "AVERAGE(m1) ~ FUNCTION ~ 1 ~ there is no function 'AVERAGE'",
        "sum([m1, m2]) ~ FUNCTION ~ 1 ~ there is no function 'sum'",
        "ABS(5) + m1 ~ TYPE ~ 5 ~ argument 1 of ABS is a scalar",
        "FILL(m1, NEXT) ~ ID ~ 10 ~ ids begin with a small letter",
        "SORT(METRICS(), AVG, UP) ~ ID ~ 22 ~ ids begin with a small letter",
        "SORT(METRICS(), DESC, AVG) ~ TYPE ~ 17 ~ argument 2 of SORT is DESC, expected AVG or MIN",
        "METRICS() + [m1, m2] ~ TYPE ~ 11 ~ at most one array of time series, found two",
        "METRICS() > 5 ~ TYPE ~ 11 ~ found an array of time series",
        "IF(all, m1) ~ TYPE ~ 4 ~ argument 1 of IF is an array",
        "IF(m1) ~ ARITY ~ 1 ~ IF takes 2 or 3 arguments, found 1",
        "PERIOD(e1) * m1 ~ TYPE ~ 8 ~ PERIOD takes the id of a metric",
        "m1 + 'x' ~ TYPE ~ 6 ~ takes no text",
        "m1 + ~ SYNTAX ~ 5 ~ the expression ends",
        "(m1 + m2 ~ SYNTAX ~ 9 ~ expected ')'",
        "m1 m2 ~ SYNTAX ~ 4 ~ found m2, expected an operator or the end",
        "m1 $ 2 ~ SYNTAX ~ 4 ~ found $",
        "METRICS('x) ~ SYNTAX ~ 9 ~ a text in quotes does not end",
        "[] * m1 ~ TYPE ~ 1 ~ the array is empty",
      })
  void whatIsWrongIsNamedWithItsColumn(String text, Kind kind, int column, String message) {
    List<MathProblem> problems = check(text, Use.CHART).problems();
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().kind()).isEqualTo(kind);
    assertThat(problems.getFirst().column()).isEqualTo(column);
    assertThat(problems.getFirst().message()).contains(message);
  }

  @Test
  void everyMistakeOfAnExpressionIsNamed() {
    assertThat(check("IF(m3 > 0, AVERAGE(m1), ABS(1))", Use.CHART).problems())
        .extracting(MathProblem::kind)
        .containsExactly(Kind.ID, Kind.FUNCTION, Kind.TYPE);
  }

  /**
   * Right on a chart; an alarm reads more data points than it evaluates, and watches one series.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "m1 / SUM(m1)",
        "RUNNING_SUM(m1)",
        "REMOVE_EMPTY([m1, m2])",
        "SUM(SEARCH('x', 'Sum', 300))",
        "[m1, m2]",
      })
  void alarmsTakeLess(String text) {
    assertThat(check(text, Use.CHART).problems()).isEmpty();
    assertThat(check(text, Use.ALARM).problems()).isNotEmpty();
  }

  @Test
  void operatorsBindAsTheyAreRead() {
    assertThat(text("a + b * c ^ d ^ e")).isEqualTo("a + b * c ^ d ^ e");
    assertThat(text("((a + b)) * c")).isEqualTo("(a + b) * c");
    assertThat(text("(a ^ b) ^ c")).isEqualTo("(a ^ b) ^ c");
    assertThat(text("a - (b - c)")).isEqualTo("a - (b - c)");
    assertThat(text("(-a) ^ 2 + -(a ^ 2)")).isEqualTo("(-a) ^ 2 + -a ^ 2");
    assertThat(text("a > 1 || b > 1 && c")).isEqualTo("a > 1 OR b > 1 AND c");
  }

  private static String text(String text) {
    return MathParser.parse(text).expression().orElseThrow().text();
  }

  @Test
  void whatIsWrittenReadsBackAsTheSame() {
    Property.of("printed expressions parse back")
        .runs(2_000, 200_000)
        .check(random -> {
          Expression expression = series(random, 4);
          String text = expression.text();
          TypeChecker.Checked checked = TypeChecker.check(expression, NAMES, Use.CHART);
          assertThat(checked.problems()).as(text).isEmpty();
          Expression back = MathParser.parse(text).expression().orElseThrow();
          assertThat(shape(back)).as(text).isEqualTo(shape(expression));
          assertThat(TypeChecker.check(back, NAMES, Use.CHART).type()).isEqualTo(checked.type());
        });
  }

  /** Everything but the columns. */
  private static String shape(Expression expression) {
    String head =
        switch (expression) {
          case Expression.Operation operation -> operation.operator().name();
          case Expression.Call call -> call.function();
          case Expression.Minus _ -> "minus";
          case Expression.Array _ -> "array";
          case Expression.Number _, Expression.Text _, Expression.Id _, Expression.Word _ ->
              expression.text();
        };
    return head + expression.parts().stream().map(MathTest::shape).toList();
  }

  private static Expression series(RandomGenerator random, int depth) {
    if (depth == 0) {
      return new Expression.Id(random.nextBoolean() ? "m1" : "m2", 1);
    }
    return switch (random.nextInt(9)) {
      case 0 -> new Expression.Minus(series(random, depth - 1), 1);
      case 1 -> call("IF", series(random, depth - 1), series(random, depth - 1));
      case 2 -> call("SUM", array(random, depth - 1));
      case 3 -> call("FILL", series(random, depth - 1), new Expression.Word("REPEAT", 1));
      case 4 -> call("TIME_SERIES", scalar(random, depth - 1));
      case 5 -> operation(random, scalar(random, depth - 1), series(random, depth - 1));
      case 6 -> operation(random, series(random, depth - 1), scalar(random, depth - 1));
      default -> operation(random, series(random, depth - 1), series(random, depth - 1));
    };
  }

  private static Expression scalar(RandomGenerator random, int depth) {
    if (depth == 0) {
      return new Expression.Number(random.nextBoolean() ? "2" : "0.5", 1);
    }
    return switch (random.nextInt(4)) {
      case 0 -> new Expression.Minus(scalar(random, depth - 1), 1);
      case 1 -> call("AVG", series(random, depth - 1));
      case 2 -> call("PERIOD", new Expression.Id("m1", 1));
      default -> operation(random, scalar(random, depth - 1), scalar(random, depth - 1));
    };
  }

  private static Expression array(RandomGenerator random, int depth) {
    if (depth == 0) {
      return call("METRICS", new Expression.Text("m", 1));
    }
    List<Expression> items = new ArrayList<>();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      items.add(series(random, depth - 1));
    }
    return random.nextBoolean()
        ? new Expression.Array(items, 1)
        : call(
            "SORT",
            new Expression.Array(items, 1),
            new Expression.Word("MAX", 1),
            new Expression.Word("ASC", 1));
  }

  private static Expression call(String function, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), 1);
  }

  private static Expression operation(RandomGenerator random, Expression a, Expression b) {
    Operator operator = Operator.values()[random.nextInt(Operator.values().length)];
    return new Expression.Operation(operator, a, b, 1);
  }

  @Test
  void noTextBreaksTheReader() {
    String signs = "abm1 MAXIF()[],+-*/^<>=!&|\"'.05eE_$\u00e9\n{}:";
    Property.of("random text is read or refused")
        .runs(5_000, 500_000)
        .check(random -> {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(60); i > 0; i--) {
            text.append(signs.charAt(random.nextInt(signs.length())));
          }
          MathParser.Parsed parsed = MathParser.parse(text.toString());
          assertThat(parsed.expression().isEmpty()).isEqualTo(!parsed.problems().isEmpty());
          parsed.expression().ifPresent(e -> TypeChecker.check(e, NAMES, Use.ALARM));
          parsed
              .problems()
              .forEach(problem -> assertThat(problem.column()).isBetween(1, text.length() + 1));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[", "-", "ABS("})
  void deepNestingIsRefusedAndNoOverflow(String open) {
    assertThat(MathParser.parse(open.repeat(2_000) + "m1").problems())
        .singleElement()
        .extracting(MathProblem::message)
        .asString()
        .contains("nests deeper");
    assertThat(MathParser.parse("m1 + ".repeat(1_600) + "m1").problems()).isEmpty();
    assertThat(MathParser.parse("m1 ^ ".repeat(1_600) + "m1").problems()).isNotEmpty();
    assertThat(MathParser.parse("x".repeat(9_000)).problems()).isNotEmpty();
  }
}
