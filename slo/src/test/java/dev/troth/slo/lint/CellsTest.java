package dev.troth.slo.lint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.slo.math.MathProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of mistakes and formats, {@code cells.txt}: each cell is found by a test, or says why
 * the format cannot express the mistake.
 */
final class CellsTest {
  private static final List<String> FORMATS =
      List.of("yaml", "json", "bare_map", "cdk", "terraform", "prometheus", "objective");

  /** Says that something was not checked. */
  private static final String NO_MISTAKE = "template/unchecked";

  private static final String GATEWAY = "sum(aws_apigateway_5_xx_error_sum)";
  private static final String COUNT = "sum(aws_apigateway_count_sum)";

  /** An alert's expression for each mistake. */
  private static final Map<String, String> PROMETHEUS =
      Map.ofEntries(
          Map.entry(
              "composite/added-failures",
              "(sum(rate(errors_total{service=\"a\"}[5m])) +"
                  + " sum(rate(errors_total{service=\"b\"}[5m]))) / sum(rate(all_total[5m])) > 0.1"),
          Map.entry(
              "composite/fill",
              "sum(rate(errors_total[5m])) / (sum(rate(all_total[5m])) or vector(1)) > 0.1"),
          Map.entry(
              "composite/clamped-total",
              "sum(rate(errors_total[5m])) / clamp_min(sum(rate(all_total[5m])), 1) > 0.1"),
          Map.entry(
              "composite/mean-of-ratios",
              "avg by (job) (rate(errors_total[5m]) / rate(all_total[5m])) > 0.1"),
          Map.entry(
              "composite/http-success",
              "sum(rate(all_total{code=~\"2..\"}[5m])) / sum(rate(all_total[5m])) < 0.995"),
          Map.entry("composite/lambda-errors", "sum(aws_lambda_errors_sum) / " + COUNT + " > 0.1"),
          Map.entry(
              "metric/absent",
              "sum(aws_events_put_events_failed_entries_sum) / " + COUNT + " > 0.1"),
          Map.entry("metric/wrong", "sum(aws_events_failed_invocations_sum) / " + COUNT + " > 0.1"),
          Map.entry(
              "latency/percentile-sum",
              "histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m]))) +"
                  + " histogram_quantile(0.95, sum by (le) (rate(b_bucket[5m]))) > 0.8"),
          Map.entry(
              "latency/counted-twice",
              "aws_apigateway_latency_average + aws_lambda_duration_average > 800"),
          Map.entry(
              "latency/average",
              "rate(http_duration_seconds_sum[5m]) / rate(http_duration_seconds_count[5m]) > 0.8"),
          Map.entry("latency/one-step", "max(aws_lambda_duration_p95) > 800"),
          Map.entry("alarm/raw-errors", "increase(errors_total[5m]) > 10"),
          Map.entry("alarm/required", ""));

  /** What is counted, and all events, by queries of an objective file. */
  private static final Map<String, List<String>> OBJECTIVE =
      Map.ofEntries(
          Map.entry(
              "composite/added-failures",
              List.of(
                  "sum(rate(errors_total{service=\"a\"}[{{.window}}])) +"
                      + " sum(rate(errors_total{service=\"b\"}[{{.window}}]))",
                  "sum(rate(all_total[{{.window}}]))")),
          Map.entry(
              "composite/fill",
              List.of(
                  "sum(rate(errors_total[{{.window}}]))",
                  "sum(rate(all_total[{{.window}}])) or vector(1)")),
          Map.entry(
              "composite/clamped-total",
              List.of(
                  "sum(rate(errors_total[{{.window}}]))",
                  "clamp_min(sum(rate(all_total[{{.window}}])), 1)")),
          Map.entry(
              "composite/mean-of-ratios",
              List.of(
                  "avg by (job) (rate(errors_total[{{.window}}]) / rate(all_total[{{.window}}]))",
                  "count(rate(all_total[{{.window}}]))")),
          Map.entry(
              "composite/http-success",
              List.of(
                  "sum(rate(all_total{code=~\"2..\"}[{{.window}}]))",
                  "sum(rate(all_total[{{.window}}]))")),
          Map.entry(
              "composite/lambda-errors",
              List.of("sum(increase(aws_lambda_errors_sum[{{.window}}]))", COUNT)),
          Map.entry(
              "metric/absent",
              List.of(
                  "sum(increase(aws_events_put_events_failed_entries_sum[{{.window}}]))", COUNT)),
          Map.entry(
              "metric/wrong",
              List.of("sum(increase(aws_events_failed_invocations_sum[{{.window}}]))", COUNT)),
          Map.entry(
              "latency/average",
              List.of(
                  "rate(http_duration_seconds_sum[{{.window}}])",
                  "rate(http_duration_seconds_count[{{.window}}])")));

  private static String rule(String expression) {
    return expression.isEmpty()
        ? "groups: [{name: g, rules: [{alert: A}]}]"
        : """
        groups:
          - name: g
            rules:
              - alert: A
                expr: |-
                  %s
        """
            .formatted(expression);
  }

  private static String objective(List<String> queries) {
    return """
    apiVersion: openslo/v1
    kind: SLO
    metadata: {name: pages}
    spec:
      budgetingMethod: Occurrences
      timeWindow: [{duration: 30d, isRolling: true}]
      objectives: [{target: 0.999}]
      indicator:
        metadata: {name: pages}
        spec:
          ratioMetric:
            bad: {metricSource: {type: Prometheus, spec: {query: '%s'}}}
            total: {metricSource: {type: Prometheus, spec: {query: '%s'}}}
    """
        .formatted(queries.getFirst(), queries.getLast());
  }

  static Stream<Arguments> seeds() {
    return Stream.concat(
        PROMETHEUS.entrySet().stream()
            .map(seed -> Arguments.of("prometheus", seed.getKey(), rule(seed.getValue()))),
        OBJECTIVE.entrySet().stream()
            .map(seed -> Arguments.of("objective", seed.getKey(), objective(seed.getValue()))));
  }

  /** Each mistake seeded alone is found alone, with its place and its cure. */
  @ParameterizedTest
  @MethodSource("seeds")
  void aMistakeInRulesOrInAnObjectiveIsNamed(String format, String rule, String text) {
    SloLint.Report report = SloLint.check(Map.of("f.yaml", text));
    assertThat(report.unchecked()).isEmpty();
    assertThat(report.findings())
        .as(text)
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo(rule);
          assertThat(finding.place().line()).isPositive();
          assertThat(finding.cure().isEmpty()).isEqualTo(rule.equals("alarm/required"));
        });
  }

  @Test
  void rightQueriesOfAnObjectiveGiveNone() {
    SloLint.Report report =
        SloLint.check(
            Map.of(
                "f.yaml",
                objective(
                    List.of(
                        "sum(rate(all_total{code=~\"5..\"}[{{.window}}]))",
                        "sum(rate(all_total[{{.window}}]))"))));
    assertThat(report.findings()).isEmpty();
    assertThat(report.unchecked()).isEmpty();
    assertThat(lintOf(GATEWAY + " / " + COUNT + " > 0.1")).isEmpty();
    assertThat(
            lintOf(
                "(sum(aws_lambda_errors_sum) + sum(aws_lambda_throttles_sum)) / "
                    + "sum(aws_lambda_invocations_sum) > 0.1"))
        .isEmpty();
    assertThat(lintOf("max(aws_apigateway_latency_p95) > 800")).isEmpty();
  }

  private static List<Finding> lintOf(String expression) {
    return SloLint.check(Map.of("f.yaml", rule(expression))).findings();
  }

  /** The table: by rule, a cell for each format. */
  private static Map<String, Map<String, String>> table() throws IOException {
    Map<String, Map<String, String>> table = new LinkedHashMap<>();
    for (String line : text().lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#") && !line.startsWith("reason ")) {
        String[] columns = line.strip().split("\\s+");
        assertThat(columns).as(line).hasSize(FORMATS.size() + 1);
        Map<String, String> cells = new LinkedHashMap<>();
        for (int i = 0; i < FORMATS.size(); i++) {
          cells.put(FORMATS.get(i), columns[i + 1]);
        }
        table.put(columns[0], cells);
      }
    }
    return table;
  }

  private static String text() throws IOException {
    try (InputStream in = CellsTest.class.getResourceAsStream("cells.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    }
  }

  /** Which rules the tests seed and find, by format. */
  private static Map<String, Set<String>> held() {
    Map<String, Set<String>> held = new TreeMap<>();
    FORMATS.forEach(format -> held.put(format, new TreeSet<>()));
    TemplateRulesTest.mistakes()
        .forEach(mistake -> rules(mistake).forEach(rule -> add(held, "yaml", rule)));
    FormatsTest.cells()
        .forEach(cell -> {
          Object[] of = cell.get();
          @SuppressWarnings("unchecked")
          List<String> rules = (List<String>) of[3];
          rules.forEach(
              rule -> add(held, of[0].toString().toLowerCase(java.util.Locale.ROOT), rule));
        });
    PROMETHEUS.keySet().forEach(rule -> add(held, "prometheus", rule));
    OBJECTIVE.keySet().forEach(rule -> add(held, "objective", rule));
    return held;
  }

  @SuppressWarnings("unchecked")
  private static List<String> rules(Arguments mistake) {
    return (List<String>) mistake.get()[3];
  }

  private static void add(Map<String, Set<String>> held, String format, String rule) {
    if (!rule.isEmpty() && !rule.equals(NO_MISTAKE)) {
      Objects.requireNonNull(held.get(format)).add(rule);
    }
  }

  @Test
  void eachCellIsHeldByATestOrSaysWhyNot() throws IOException {
    Map<String, Map<String, String>> table = table();
    Set<String> reasons =
        text()
            .lines()
            .filter(line -> line.startsWith("reason "))
            .map(line -> line.split("\\s+")[1])
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> used = new TreeSet<>();
    Map<String, Set<String>> held = held();
    for (String format : FORMATS) {
      Set<String> yes = new TreeSet<>();
      table.forEach((rule, cells) -> {
        String cell = Objects.requireNonNull(cells.get(format));
        if (cell.equals("yes")) {
          yes.add(rule);
        } else {
          used.add(cell);
        }
      });
      assertThat(yes).as("cells of " + format).isEqualTo(held.get(format));
    }
    assertThat(used).isEqualTo(reasons);
  }

  @Test
  void eachRuleOfLintHasItsRow() throws IOException {
    Path sources =
        Path.of(System.getProperty("troth.root", ".."), "slo/src/main/java/dev/troth/slo/lint");
    Pattern id =
        Pattern.compile("\"((composite|metric|latency|alarm|template|chart|math)/[a-z-]+)\"");
    Set<String> rules = new TreeSet<>();
    for (MathProblem.Kind kind : MathProblem.Kind.values()) {
      rules.add("math/" + kind.word());
    }
    try (Stream<Path> files = Files.list(sources)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        id.matcher(Files.readString(file)).results().forEach(found -> rules.add(found.group(1)));
      }
    }
    rules.remove(NO_MISTAKE);
    assertThat(table().keySet()).containsExactlyInAnyOrderElementsOf(rules);
  }
}
