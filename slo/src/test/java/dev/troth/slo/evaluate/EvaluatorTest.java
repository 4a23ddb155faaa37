package dev.troth.slo.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troth.slo.evaluate.Value.Many;
import dev.troth.slo.evaluate.Value.Series;
import dev.troth.slo.evaluate.Value.Unknown;
import dev.troth.slo.math.Expression;
import dev.troth.slo.math.MathParser;
import dev.troth.slo.math.Names;
import dev.troth.slo.math.TypeChecker;
import dev.troth.testkit.Property;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EvaluatorTest {
  /** A Saturday: 3 October 2026, 23:58 UTC. */
  private static final long START = 1_791_071_880L;

  private static Expression parse(String text) {
    return MathParser.parse(text).expression().orElseThrow();
  }

  private static Series series(String text) {
    String[] parts = text.strip().split("\\s+");
    double[] points = new double[parts.length];
    for (int i = 0; i < points.length; i++) {
      points[i] = parts[i].equals("-") ? Double.NaN : Double.parseDouble(parts[i]);
    }
    return Series.of(points);
  }

  /** As the table writes series, an array with a bar between them. */
  private static String written(Value value) {
    return switch (value) {
      case Series series -> {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < series.size(); i++) {
          double rounded = Math.round(series.at(i) * 1000) / 1000.0;
          text.append(i == 0 ? "" : " ")
              .append(
                  !series.has(i)
                      ? "-"
                      : rounded == Math.rint(rounded) ? "%.0f".formatted(rounded) : "" + rounded);
        }
        yield text.toString();
      }
      case Many many ->
          String.join(" | ", many.series().stream().map(EvaluatorTest::written).toList());
      case Value.Scalar scalar -> "scalar " + scalar.number();
      case Unknown unknown -> "not known: " + unknown.reason();
    };
  }

  private static String evaluated(String text, String a, String b, String c) {
    Map<String, Value> metrics = new LinkedHashMap<>();
    metrics.put("m1", series(a));
    metrics.put("m2", series(b));
    metrics.put("m3", series(c));
    Grid grid = new Grid(START, 60, ((Series) metrics.get("m1")).size());
    Expression expression = parse(text);
    assertThat(
            TypeChecker.check(expression, Names.ofMetrics("m1", "m2", "m3"), TypeChecker.Use.CHART)
                .problems())
        .isEmpty();
    return written(Evaluator.evaluate(expression, Frame.of(grid, metrics)));
  }

  /**
   * The rows that the user guide prints of IF, comparisons and missing data, and its rule at the
   * other operators.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "m1 < m2 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 0 0 1 0",
        "m1 >= 30 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 1 0 0 0",
        "m1 > m2 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 1 1 0 0",
        "m1 <= m2 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 0 0 1 1",
        "m1 >= m2 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 1 1 0 1",
        "m1 == m2 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 0 0 0 1",
        "m1 != m2 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 1 1 1 0",
        "m1 > 15 && m2 > 15 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 1 0 0 0",
        "m1 > 15 || m2 > 15 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 1 1 1 0",
        "m1 > 15 AND m2 > 15 ~ 30 20 0 0 ~ 20 - 20 - ~ 0 0 0 0 ~ 1 0 0 0",
        "IF(m1, m2, m3) ~ 1 1 0 0 - ~ 30 - 0 0 30 ~ 0 0 20 - 20 ~ 30 0 20 - -",
        "IF(m1, 5, m3) ~ 1 1 0 0 - ~ 30 - 0 0 30 ~ 0 0 20 - 20 ~ 5 5 20 - -",
        "IF(m1, m2, 5) ~ 1 1 0 0 - ~ 30 - 0 0 30 ~ 0 0 20 - 20 ~ 30 0 5 5 -",
        "IF(m1, m2) ~ 1 1 0 0 - ~ 30 - 0 0 30 ~ 0 0 20 - 20 ~ 30 0 - - -",
        "IF(m1, 5) ~ 1 -1 0 0 - ~ 30 - 0 0 30 ~ 0 0 20 - 20 ~ 5 5 - - -",
        "IF(1, m2, m3) ~ 1 1 0 0 - ~ 30 - 0 0 30 ~ 0 0 20 - 20 ~ 30 - 0 0 30",
        "IF(0, m2, m3) ~ 1 1 0 0 - ~ 30 - 0 0 30 ~ 0 0 20 - 20 ~ 0 0 20 - 20",
        "IF(0, m2) ~ 1 1 0 0 - ~ 30 - 0 0 30 ~ 0 0 20 - 20 ~ - - - - -",
        "IF(m1 < 400, m1) ~ 1 500 0 399 - ~ 0 0 0 0 0 ~ 0 0 0 0 0 ~ 1 - 0 399 -",
        "IF(m1 < 400, 10, 2) ~ 1 500 0 400 - ~ 0 0 0 0 0 ~ 0 0 0 0 0 ~ 10 2 10 2 -",
        "IF(m1 > m2, 1, 0) ~ 1 5 - 2 - ~ 3 3 3 - - ~ 0 0 0 0 0 ~ 0 1 0 1 -",
      })
  void whatTheGuidePrintsIsWhatComesOut(
      String text, String a, String b, String c, String expected) {
    assertThat(evaluated(text, a, b, c)).isEqualTo(expected);
  }

  /** Each function and operator, with missing data. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "m1 + m2 ~ 1 - 2 - ~ 1 1 - - ~ 0 0 0 0 ~ 2 1 2 -",
        "m1 - m2 ~ 1 - 2 - ~ 1 1 - - ~ 0 0 0 0 ~ 0 -1 2 -",
        "m1 / m2 ~ 1 - 2 0 ~ 2 1 - 0 ~ 0 0 0 0 ~ 0.5 0 - -",
        "m1 / 0 ~ 1 2 ~ 1 1 ~ 1 1 ~ - -",
        "m1 ^ 2 ~ -3 - 2 ~ 1 1 1 ~ 1 1 1 ~ 9 - 4",
        "m1 ^ 0.5 ~ -4 4 ~ 1 1 ~ 1 1 ~ - 2",
        "2 * m1 ~ 1 - ~ 1 1 ~ 1 1 ~ 2 -",
        "-m1 ~ 1 - -2 ~ 1 1 1 ~ 1 1 1 ~ -1 - 2",
        "m1 OR m2 ~ 1 0 - - ~ 0 - 0 - ~ 1 1 1 1 ~ 1 0 0 -",
        "m1 / PERIOD(m1) ~ 60 - 30 ~ 1 1 1 ~ 1 1 1 ~ 1 - 0.5",
        "ABS(m1) ~ -1 - 2 ~ 1 1 1 ~ 1 1 1 ~ 1 - 2",
        "CEIL(m1) ~ 1.2 - -1.2 ~ 1 1 1 ~ 1 1 1 ~ 2 - -1",
        "FLOOR(m1) ~ 1.2 - -1.2 ~ 1 1 1 ~ 1 1 1 ~ 1 - -2",
        "LOG10(m1) ~ 100 0 - -1 ~ 1 1 1 1 ~ 1 1 1 1 ~ 2 - - -",
        "LOG(m1) ~ 1 - ~ 1 1 ~ 1 1 ~ 0 -",
        "SUM([m1, m2]) ~ 1 - - ~ 2 2 - ~ 0 0 0 ~ 3 2 -",
        "AVG([m1, m2]) ~ 1 - - ~ 3 3 - ~ 0 0 0 ~ 2 1.5 -",
        "MIN([m1, m2]) ~ 1 - - ~ 3 3 - ~ 0 0 0 ~ 1 3 -",
        "MAX([m1, m2]) ~ 1 - - ~ 3 3 - ~ 0 0 0 ~ 3 3 -",
        "STDDEV([m1, m2]) ~ 1 - - ~ 3 3 - ~ 0 0 0 ~ 1 0 -",
        "DATAPOINT_COUNT([m1, m2]) ~ 1 - - ~ 3 3 - ~ 0 0 0 ~ 2 1 -",
        "TIME_SERIES(SUM(m1)) ~ 1 - 2 ~ 0 0 0 ~ 0 0 0 ~ 3 3 3",
        "TIME_SERIES(AVG(m1)) ~ 1 - 2 ~ 0 0 0 ~ 0 0 0 ~ 1 1 1",
        "TIME_SERIES(MIN(m1)) ~ 1 - 2 ~ 0 0 0 ~ 0 0 0 ~ 1 1 1",
        "TIME_SERIES(MAX(m1)) ~ - - - ~ 0 0 0 ~ 0 0 0 ~ - - -",
        "TIME_SERIES(DATAPOINT_COUNT(m1)) ~ 1 - 2 ~ 0 0 0 ~ 0 0 0 ~ 2 2 2",
        "m1 / METRIC_COUNT(METRICS()) ~ 3 - ~ 0 0 ~ 0 0 ~ 1 -",
        "SUM(METRICS(\"2\")) ~ 3 - ~ 7 8 ~ 0 0 ~ 7 8",
        "METRICS() * 10 ~ 3 - ~ 7 8 ~ 0 0 ~ 30 - | 70 80 | 0 0",
        "FILL(m1, 7) ~ 1 - 2 ~ 0 0 0 ~ 0 0 0 ~ 1 7 2",
        "FILL(m1, m2) ~ 1 - - ~ 5 6 - ~ 0 0 0 ~ 1 6 -",
        "FILL(m1, REPEAT) ~ - 1 - - 2 ~ 0 0 0 0 0 ~ 0 0 0 0 0 ~ - 1 1 1 2",
        "FILL(m1, LINEAR) ~ - 1 - - 4 - ~ 0 0 0 0 0 0 ~ 0 0 0 0 0 0 ~ - 1 2 3 4 -",
        "FILL(METRICS(), 0) ~ 1 - ~ - 2 ~ 0 0 ~ 1 0 | 0 2 | 0 0",
        "DIFF(m1) ~ 1 - 4 6 ~ 0 0 0 0 ~ 0 0 0 0 ~ - - 3 2",
        "DIFF_TIME(m1) ~ 1 - 4 6 ~ 0 0 0 0 ~ 0 0 0 0 ~ - - 120 60",
        "RATE(m1) ~ 0 - 240 300 ~ 0 0 0 0 ~ 0 0 0 0 ~ - - 2 1",
        "RUNNING_SUM(m1) ~ 1 - 4 6 ~ 0 0 0 0 ~ 0 0 0 0 ~ 1 - 5 11",
        "REMOVE_EMPTY(METRICS()) ~ - - ~ 1 2 ~ - 3 ~ 1 2 | - 3",
        "FIRST(METRICS()) ~ 1 ~ 2 ~ 3 ~ 1",
        "LAST(METRICS()) ~ 1 ~ 2 ~ 3 ~ 3",
        "SORT(METRICS(), SUM, DESC) ~ 1 1 ~ 5 - ~ 3 0 ~ 5 - | 3 0 | 1 1",
        "SORT(METRICS(), MAX, ASC, 2) ~ 1 1 ~ - - ~ 3 0 ~ 1 1 | 3 0",
        "SLICE(SORT(METRICS(), AVG, ASC), 1) ~ 1 ~ 5 ~ 3 ~ 3 | 5",
        "SLICE(METRICS(), 0, 1) ~ 1 ~ 5 ~ 3 ~ 1",
        "MINUTE(m1) ~ - - 1 ~ 0 0 0 ~ 0 0 0 ~ 58 59 0",
        "HOUR(m1) ~ - - 1 ~ 0 0 0 ~ 0 0 0 ~ 23 23 0",
        "DAY(m1) ~ - - 1 ~ 0 0 0 ~ 0 0 0 ~ 6 6 7",
        "DATE(m1) ~ - - 1 ~ 0 0 0 ~ 0 0 0 ~ 3 3 4",
        "MONTH(m1) ~ - - 1 ~ 0 0 0 ~ 0 0 0 ~ 10 10 10",
        "YEAR(m1) ~ - - 1 ~ 0 0 0 ~ 0 0 0 ~ 2026 2026 2026",
        "EPOCH(m1) ~ - - 1 ~ 0 0 0 ~ 0 0 0 ~ 1791071880 1791071940 1791072000",
        // the usual recipe, and its cure, without traffic
        "1 - FILL(m2, 0) / m1 ~ 10 - ~ 5 - ~ 0 0 ~ 0.5 -",
        "IF(m1 > 0, m2 / m1) ~ 10 0 - ~ 5 - - ~ 0 0 0 ~ 0.5 - -",
      })
  void eachFunctionWithMissingData(String text, String a, String b, String c, String expected) {
    assertThat(evaluated(text, a, b, c)).isEqualTo(expected);
  }

  /** Not zero, not missing: what is made with it is as little known. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SERVICE_QUOTA(m1)",
        "m1 / SERVICE_QUOTA(m1)",
        "FILL(INSIGHT_RULE_METRIC('r', 'Sum'), 0)",
        "IF(m1 > 0, LAMBDA('f'), m1)",
        "SUM([m1, LAMBDA('f')])",
        "FIRST(ANOMALY_DETECTION_BAND(m1))",
        "SUM(SEARCH('x', 'Sum', 60)) * 0",
        "TIME_SERIES(MAX(LAMBDA('f')))",
        "DB_PERF_INSIGHTS('a', 'b', 'c')",
      })
  void whatTheServiceAloneKnowsIsCarried(String text) {
    assertThat(evaluated(text, "1 2", "1 2", "1 2"))
        .startsWith("not known: ")
        .endsWith("is known to the service alone");
  }

  @Test
  void anExpressionUsesWhatAnotherCameTo() {
    Grid grid = new Grid(START, 300, 2);
    Frame frame =
        Frame.of(
            grid,
            Map.of("m1", series("6 -")),
            Map.of("e1", series("2 3"), "e2", new Unknown("no such metric")));
    assertThat(written(Evaluator.evaluate(parse("m1 / e1"), frame))).isEqualTo("3 0");
    assertThat(written(Evaluator.evaluate(parse("m1 / PERIOD(m1)"), frame))).isEqualTo("0.02 -");
    assertThat(written(Evaluator.evaluate(parse("m1 + e2"), frame)))
        .isEqualTo("not known: no such metric");
  }

  @Test
  void theEvaluatorEqualsABruteForce() {
    int[] known = {0};
    Property.of("metric math equals a brute force")
        .runs(5_000, 100_000)
        .check(random -> {
          int points = random.nextInt(1, 8);
          int period = random.nextBoolean() ? 60 : 300;
          Map<String, Value> metrics = new LinkedHashMap<>();
          Map<String, TreeMap<Long, Double>> sparse = new LinkedHashMap<>();
          for (String id : new String[] {"m1", "m2", "err1", "err2"}) {
            double[] values = new double[points];
            TreeMap<Long, Double> map = new TreeMap<>();
            double gaps = random.nextDouble();
            for (int i = 0; i < points; i++) {
              values[i] = random.nextDouble() < gaps ? Double.NaN : random.nextInt(-3, 9);
              if (!Double.isNaN(values[i])) {
                map.put(START + (long) i * period, values[i]);
              }
            }
            metrics.put(id, Series.of(values));
            sparse.put(id, map);
          }
          String text = new RandomMath(random).series(random.nextInt(1, 5));
          Expression expression = parse(text);
          assertThat(
                  TypeChecker.check(
                          expression,
                          Names.ofMetrics("m1", "m2", "err1", "err2"),
                          TypeChecker.Use.CHART)
                      .problems())
              .as(text)
              .isEmpty();
          Value value =
              Evaluator.evaluate(expression, Frame.of(new Grid(START, period, points), metrics));
          known[0] += value instanceof Unknown ? 0 : 1;
          equal(text, value, new BruteForce(START, period, points, sparse), expression);
        });
    assertThat(known[0]).isPositive();
  }

  private static void equal(String text, Value value, BruteForce brute, Expression expression) {
    Object expected;
    try {
      expected = brute.value(expression);
    } catch (BruteForce.NotKnownException notKnown) {
      assertThat(value).as(text).isInstanceOf(Unknown.class);
      return;
    }
    assertThat(value).as(text).isInstanceOf(Series.class);
    Series series = (Series) value;
    Map<?, ?> map = (Map<?, ?>) expected;
    long present = 0;
    for (int i = 0; i < series.size(); i++) {
      present += series.has(i) ? 1 : 0;
    }
    assertThat(present).as(text + " " + series + " " + map).isEqualTo(map.size());
    int i = 0;
    for (Object point : map.values()) {
      while (!series.has(i)) {
        i++;
      }
      double wanted = (Double) point;
      assertThat(series.at(i++))
          .as(text + " " + series + " " + map)
          .isCloseTo(wanted, within(1e-9 * Math.max(1, Math.abs(wanted))));
    }
  }
}
