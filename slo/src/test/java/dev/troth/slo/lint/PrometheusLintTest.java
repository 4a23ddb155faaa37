package dev.troth.slo.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.troth.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each mistake alone gives its finding alone, at its expression. */
final class PrometheusLintTest {
  private static final String RULES =
      """
      groups:
        - name: orders
          interval: 30s
          rules:
            - record: orders:failures:ratio_rate5m
              expr: sum(rate(http_requests_total{job="api", code=~"5.."}[5m])) / sum(rate(http_requests_total{job="api"}[5m]))
            - record: orders:failures:ratio_rate1h
              expr: |
                (sum by (job) (rate(http_requests_total{job="api",code=~"5.."}[1h])) or vector(0)) # none so far
                / on(job) group_left sum without (code) (rate(http_requests_total{job="api"}[1h] offset 1m))
            - alert: OrdersBurn
              expr: orders:failures:ratio_rate5m > 14.4 * 0.005 and orders:failures:ratio_rate1h > (14.4 * 0.005)
              for: 2m
              labels: {severity: page}
            - alert: OrdersSilent
              expr: absent(http_requests_total{job="api"}) or sum(rate(http_requests_failed_total[5m])) == bool -1 unless absent_over_time(up{job=~"a|b"}[1h:5m] @ end())
            - record: orders:latency:p95
              expr: histogram_quantile(0.95, sum(rate(http_duration_seconds_bucket{job="api"}[5m])) by (le)) * 1e3
      """;

  private static SloLint.Report lint(String yaml) {
    return SloLint.check(Map.of("rules.yaml", yaml));
  }

  private static String with(String expression) {
    return """
    groups:
      - name: g
        rules:
          - record: recorded:failures:rate5m
            expr: sum(rate(errors_total[5m]))
          - alert: Alert
            expr: |-
              %s
    """
        .formatted(expression);
  }

  @Test
  void rightRulesGiveNone() {
    SloLint.Report report = lint(RULES);
    assertThat(report.rules()).containsExactly("rules.yaml");
    assertThat(report.loaded().problems()).isEmpty();
    assertThat(report.unchecked()).isEmpty();
    assertThat(report.findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // failures of several services, added
        "(sum(rate(http_requests_total{job=\"api\",code=~\"5..\"}[5m])) +"
            + " sum(rate(errors_total{job=\"table\"}[5m]))) / sum(rate(http_requests_total[5m])) >"
            + " 0.1 | composite/added-failures",
        "(sum(aws_apigateway_5_xx_error_sum) + sum(aws_lambda_throttles_sum) +"
            + " sum(aws_lambda_errors_sum)) /"
            + " sum(aws_apigateway_count_sum) > 0.1 | composite/added-failures",
        "(sum(rate(errors_total{service=\"a\"}[5m])) + sum(rate(errors_total{service=\"a\"}[5m])))"
            + " / sum(rate(requests_total[5m])) > 0.1 | ``",
        // numbers in place of nothing
        "(sum(rate(errors_total[5m])) / sum(rate(requests_total[5m]))) or vector(0) > 0.1 |"
            + " composite/fill",
        "sum(rate(errors_total[5m])) / (sum(rate(requests_total[5m])) or vector(1)) > 0.1 |"
            + " composite/fill",
        "(sum(rate(errors_total[5m])) or vector(0)) / sum(rate(requests_total[5m])) > 0.1 | ``",
        "((sum(count(client_satisfaction_ratio < 1)) OR on() vector(0)) /"
            + " sum(count(client_satisfaction_ratio))) > 0.1 | ``",
        "sum(rate(errors_total[5m])) / clamp_min(sum(rate(requests_total[5m])), 1) > 0.1 |"
            + " composite/clamped-total",
        // means
        "avg_over_time((sum(rate(errors_total[5m])) / sum(rate(requests_total[5m])))[30d:5m]) >"
            + " 0.01 | composite/mean-of-ratios",
        "avg_over_time(job:slo_errors:ratio5m[30d]) > 0.01 | composite/mean-of-ratios",
        "avg by (job) (rate(errors_total[5m]) / rate(requests_total[5m])) > 0.01 |"
            + " composite/mean-of-ratios",
        "sum_over_time(slo:sli_error:ratio_rate5m[30d]) /"
            + " count_over_time(slo:sli_error:ratio_rate5m[30d]) > 0.01 | composite/mean-of-ratios",
        "rate(http_duration_seconds_sum[5m]) / rate(http_duration_seconds_count[5m]) > 0.8 |"
            + " latency/average",
        "rate(payload_bytes_sum[5m]) / rate(payload_bytes_count[5m]) > 800 | ``",
        // percentiles
        "histogram_quantile(0.95, sum by (le) (rate(a_bucket[5m]))) + histogram_quantile(0.95, sum"
            + " by (le) (rate(b_bucket[5m]))) > 0.8 | latency/percentile-sum",
        "a{quantile=\"0.95\"} + b{quantile=\"0.95\"} + c{quantile=\"0.95\"} > 0.8 |"
            + " latency/percentile-sum",
        // success
        "sum(rate(http_requests_total{code=~\"2..\"}[5m])) / sum(rate(http_requests_total[5m])) <"
            + " 0.995 | composite/http-success",
        // counts
        "increase(errors_total[5m]) > 10 | alarm/raw-errors",
        "recorded:failures:rate5m > 10 | alarm/raw-errors",
        "rate(http_requests_total{code!~\"5..\"}[5m]) < 10 | ``",
        "up == 0 | ``",
      })
  void eachMistakeIsNamed(String expression, String rule) {
    SloLint.Report report = lint(with(expression));
    assertThat(report.unchecked()).isEmpty();
    assertThat(report.findings())
        .as(report.findings().toString())
        .extracting(Finding::rule)
        .containsExactlyElementsOf(rule.isEmpty() ? List.of() : List.of(rule));
    assertThat(report.findings()).allMatch(finding -> finding.place().line() == 7);
    assertThat(report.findings()).allMatch(finding -> !finding.cure().isEmpty());
  }

  /**
   * The rules that Sloth made of its examples: all are read, and its 30 days are means of ratios.
   */
  @Test
  void rulesThatSlothMadeAreRead() throws IOException {
    Path made =
        Path.of(
            Optional.ofNullable(System.getenv("TROTH_SUITES")).orElse(""), "sloth/examples/_gen");
    assumeTrue(Files.isDirectory(made), "Sloth's examples are not there: set TROTH_SUITES");
    Set<String> rules = new TreeSet<>();
    try (Stream<Path> files = Files.list(made)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.ya?ml")).toList()) {
        SloLint.Report report = SloLint.check(Map.of(file.toString(), Files.readString(file)));
        assertThat(report.rules()).as(file.toString()).hasSize(1);
        assertThat(report.unchecked()).as(file.toString()).isEmpty();
        report.findings().forEach(finding -> rules.add(finding.rule()));
      }
    }
    assertThat(rules).containsExactly("composite/mean-of-ratios");
  }

  @Test
  void theOperatorsResourceAndJsonAreReadAlike() {
    String resource =
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: x}\nspec:\n"
            + with("increase(errors_total[5m]) > 10").indent(2);
    assertThat(lint(resource).findings())
        .extracting(Finding::rule)
        .containsExactly("alarm/raw-errors");
    String json = JsonWriter.pretty(OtherFormats.json(with("increase(errors_total[5m]) > 10")));
    assertThat(SloLint.check(Map.of("rules.json", json)).findings())
        .extracting(Finding::rule)
        .containsExactly("alarm/raw-errors");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expr: up == 0 | a rule has neither alert and record",
        "alert: A | A has no expr",
        "{alert: A, record: b, expr: up} | A has both alert and record",
      })
  void aRuleWithoutItsPartsIsNamed(String rule, String message) {
    SloLint.Report report =
        lint(
            "groups: [{name: g, rules: [%s]}]"
                .formatted(rule.startsWith("{") ? rule : "{" + rule + "}"));
    assertThat(report.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo("alarm/required");
          assertThat(finding.message()).startsWith(message);
        });
  }

  /** What is not read is said, and is no mistake: the parser here is not Prometheus's. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sum(rate(errors_total[5m]) | the expression ends, expected ',' or ')'",
        "rate(errors_total[5m)) | the expression ends, expected ']'",
        "a b | found 'b', expected an operator or the end",
        "a ? b | found '? b'",
        "a{x=~} | expected a value in quotes",
      })
  void whatIsNotReadIsSaid(String expression, String why) {
    SloLint.Report report = lint(with(expression));
    assertThat(report.findings()).isEmpty();
    assertThat(report.unchecked())
        .singleElement()
        .satisfies(open -> assertThat(open.message()).contains("is not read: ", why));
  }

  @Test
  void theLogOfAPlanIsNamedAsWhatItIs() {
    assertThat(SloLint.check(Map.of("plan.json", "{\"@level\":\"info\"}\n{}")).loaded().problems())
        .singleElement()
        .satisfies(problem ->
            assertThat(problem.message()).contains("is the log of 'terraform plan -json'"));
  }
}
