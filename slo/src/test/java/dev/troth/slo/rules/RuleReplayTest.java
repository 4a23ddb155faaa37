package dev.troth.slo.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlLimits;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.series.OpenMetricsReader;
import dev.troth.slo.series.SeriesStore;
import dev.troth.testkit.Suites;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RuleReplayTest {
  static RuleFile rules(String yaml) throws RefusedRulesException {
    SourceFile.Documents documents =
        SourceFile.documents(
            "rules.yaml", yaml.getBytes(StandardCharsets.UTF_8), new YamlLimits(1_000_000, 50));
    assertThat(documents.wrong()).isEmpty();
    return RuleFile.in(documents.read()).orElseThrow();
  }

  private static SeriesStore counter(int minutes, int from, int to) {
    List<String> lines = new ArrayList<>();
    long bad = 0;
    for (int i = 0; i < minutes; i++) {
      bad += i >= from && i < to ? 50 : 0;
      lines.add("all_total %d %d".formatted(100 * i, 60 * i));
      lines.add("bad_total %d %d".formatted(bad, 60 * i));
    }
    lines.add("# EOF");
    return OpenMetricsReader.read(lines.stream());
  }

  @Test
  void anAlertFiresAfterForAndEndsAfterKeepFiringFor() throws Exception {
    RuleFile rules =
        rules(
            """
            groups:
            - name: shop
              interval: 30s
              rules:
              - alert: Burning
                expr: rate(bad_total[2m]) / rate(all_total[2m]) > 0.3
                for: 3m
                keep_firing_for: 10m
                labels: {severity: page}
              - alert: Slow
                expr: rate(bad_total[2m]) / rate(all_total[2m]) > 0.3
                labels: {sloth_severity: ticket, team: a}
              - alert: Blind
                expr: rate(elsewhere_total[5m]) > 0
            """);
    RuleReplay.Report report = RuleReplay.run(rules, counter(120, 30, 40), percent -> {});
    assertThat(report.alerts())
        .containsExactly(
            new Alert(
                Severity.TICKET,
                Instant.ofEpochSecond(60 * 30 + 30),
                Optional.of(Instant.ofEpochSecond(60 * 40)),
                "Slow"),
            new Alert(
                Severity.PAGE,
                Instant.ofEpochSecond(60 * 33 + 30),
                Optional.of(Instant.ofEpochSecond(60 * 50)),
                "Burning"));
    assertThat(report.notKnown())
        .containsExactly("Blind: the history holds no series of elsewhere_total");
  }

  /** As promtool 2.42 has it: 10 in a minute, from 0 on, are 1/30 a second over five minutes. */
  @Test
  void aCounterIsNotTakenToHaveBegunBelowZero() throws Exception {
    RuleFile rules =
        rules(
            """
            groups:
            - name: g
              rules:
              - {alert: Above, expr: 'rate(x[5m]) > 0.0334'}
              - {alert: There, expr: 'rate(x[5m]) > 0.0333'}
            """);
    var history = OpenMetricsReader.read(Stream.of("x 0 0", "x 10 60", "# EOF"));
    assertThat(RuleReplay.run(rules, history, percent -> {}).alerts())
        .extracting(Alert::condition)
        .containsExactly("There");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "histogram_quantile(0.99, x) > 1 | it uses histogram_quantile, which is not replayed",
        "topk(1, x) | it uses topk, which is not replayed",
        "predict_linear(x[1h], 60) < 0 | it uses predict_linear, which is not replayed",
        "x @ 10 > 1 | it uses the @ modifier",
        "x offset -5m > 1 | it uses a negative offset",
        "rate(x) > 1 | rate takes a range, found a vector",
        "1 > 2 | '>' between two numbers needs bool",
        "x and 1 | 'and' takes two vectors",
        "x > on (a) 1 | 'on' matches labels between two vectors alone",
        "x * group_left () y | 'group_left' needs on or ignoring, and two vectors",
        "x[5m] | it is a range, expected one value for each series",
        "'x' | it is a text, expected one value for each series",
        "clamp(x, 1) | clamp takes a vector, a number, a number, found 2 arguments",
        "x{a=~'('} | '(' is no pattern of RE2",
        "sum(x[5m]) | sum takes a vector, found a range",
        "rate(x[5m]) offset 5m > 1 | offset and @ stand behind a series or a range, not elsewhere",
        "x + | the expression ends",
      })
  void whatIsNotReplayedIsRefusedByName(String expression, String reason) {
    String yaml =
        "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: |-\n      " + expression + "\n";
    var refused = catchThrowableOfType(RefusedRulesException.class, () -> rules(yaml));
    assertThat(refused.reasons().getFirst())
        .startsWith("rules.yaml:5:11: the expr of A")
        .contains(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for: soon | rules[0].for: the length is 'soon', expected numbers with units such as 1h30m",
        "labels: {host: '{{ $labels.host }}'} | expected a text: a replay does not fill in",
        "fro: 5m | rules[0].fro is not known here, expected one of alert, record",
        "record: b | expected one of alert and record",
      })
  void rulesThatAreWrittenWrongAreRefused(String line, String reason) {
    String yaml = "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: x > 1\n    " + line + "\n";
    var refused = catchThrowableOfType(RefusedRulesException.class, () -> rules(yaml));
    assertThat(refused.reasons().getFirst()).contains(reason);
  }

  @Test
  void aRuleThatPrometheusWouldFailIsNotKnown() throws Exception {
    RuleFile rules =
        rules(
            "groups: [{name: g, rules: [{alert: A, expr: 'up * on (job) other'}, {alert: B, expr: up}]}]");
    List<String> lines =
        List.of(
            "up{job=\"a\",host=\"1\"} 1 60",
            "up{job=\"a\",host=\"2\"} 1 60",
            "other{job=\"a\"} 1 60",
            "# EOF");
    RuleReplay.Report report =
        RuleReplay.run(rules, OpenMetricsReader.read(lines.stream()), percent -> {});
    assertThat(report.notKnown())
        .containsExactly(
            "A: fails at 1970-01-01T00:01:00Z: several series of one side of '*' have the labels"
                + " {job=\"a\"}");
    assertThat(report.alerts())
        .extracting(Alert::condition)
        .containsExactly("B{host=\"1\",job=\"a\"}", "B{host=\"2\",job=\"a\"}");
  }

  /** Files that Sloth makes are what most people have. */
  @Test
  void rulesThatSlothMakesAreReplayed() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(Suites.require("sloth").resolve("examples/_gen"))) {
      files = all.sorted().toList();
    }
    int read = 0;
    List<String> refused = new ArrayList<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      SourceFile.Documents documents =
          SourceFile.documents(name, Files.readAllBytes(file), new YamlLimits(4_000_000, 50));
      try {
        Optional<RuleFile> rules = RuleFile.in(documents.read());
        if (rules.isPresent()) {
          RuleReplay.Report report = RuleReplay.run(rules.get(), counter(5, 1, 2), percent -> {});
          assertThat(report.alerts()).as(name).isEmpty();
          read++;
        }
      } catch (RefusedRulesException wrong) {
        refused.add(wrong.reasons().getFirst());
      }
    }
    assertThat(read).isGreaterThanOrEqualTo(15);
    assertThat(refused)
        .containsExactly(
            "victoria-metrics.yml:10:11: the expr of slo:sli_error:ratio_rate5m: it uses"
                + " histogram_share, which is not replayed");
  }

  private static String alertOn(String expression) {
    return """
    groups:
    - name: shop
      rules:
      - alert: A
        expr: '%s'
    """
        .formatted(expression);
  }

  private static SeriesStore labelled(String value) {
    return OpenMetricsReader.read(
        Stream.of(
            "up{u=\"%s\"} 1 0".formatted(value), "up{u=\"%s\"} 1 60".formatted(value), "# EOF"));
  }

  @ParameterizedTest
  @CsvSource({
    "(a|b)*, 16000, 1",
    "(.*a){25}b, 61, 0",
    "[a-z&&[^b]]+.*, 3, 0",
    "(?P<x>a).*, 3, 1",
    "a{500}a{500}, 1000, 1"
  })
  void patternsOfLabelsMeanWhatPrometheusMeansByThem(String pattern, int length, int pages)
      throws Exception {
    RuleReplay.Report report =
        RuleReplay.run(
            rules(alertOn("up{u=~\"" + pattern + "\"}")), labelled("a".repeat(length)), _ -> {});
    assertThat(report.alerts()).hasSize(pages);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a)\\\\1.*", "(?<=a).*", "a*+.*", "a{1001}", "((a{100}){100}){100}"})
  void patternsThatPrometheusRefusesAreRefused(String pattern) {
    assertThat(
            catchThrowableOfType(
                RefusedRulesException.class, () -> rules(alertOn("up{u=~\"" + pattern + "\"}"))))
        .hasMessageContaining("is no pattern of RE2");
  }

  @Test
  void aReplayThatWouldNotEndIsRefusedBeforeItBegins() throws Exception {
    SeriesStore ages = OpenMetricsReader.read(Stream.of("up 1 0", "up 1 253402300799", "# EOF"));
    assertThat(
            catchThrowableOfType(
                RefusedRulesException.class,
                () ->
                    RuleReplay.run(rules(alertOn("up > sum_over_time(up[1d:1m])")), ages, _ -> {})))
        .hasMessageContaining("the expr of A takes")
        .hasMessageContaining("expected at most 5e+09");
    SeriesStore day = counter(1_440, 1, 2);
    String nested =
        "sum_over_time(sum_over_time(sum_over_time(bad_total[1d:1s])[1d:1s])[1d:1s]) > 0";
    assertThat(
            catchThrowableOfType(
                RefusedRulesException.class,
                () -> RuleReplay.run(rules(alertOn(nested)), day, _ -> {})))
        .hasMessageContaining("expected at most 5e+09");
  }
}
