package dev.troth.slo.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.json.file.SourceFile;
import dev.troth.json.file.YamlLimits;
import dev.troth.json.file.YamlWriter;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.export.Promtool;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.series.OpenMetricsReader;
import dev.troth.slo.series.SeriesStore;
import dev.troth.testkit.Property;
import dev.troth.testkit.Size;
import dev.troth.testkit.Suites;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RuleReplayTest {
  @TempDir Path folder;

  private static RuleFile rules(String yaml) throws RefusedRulesException {
    SourceFile.Documents documents =
        SourceFile.documents(
            "rules.yaml", yaml.getBytes(StandardCharsets.UTF_8), new YamlLimits(1_000_000, 50));
    assertThat(documents.wrong()).isEmpty();
    return RuleFile.in(documents.read()).orElseThrow();
  }

  /** Values of series, one a minute from 1970 on; nothing where a scrape failed. */
  private static Map<String, List<String>> history(RandomGenerator random, int minutes) {
    Map<String, List<String>> series = new LinkedHashMap<>();
    for (String host : List.of("a", "b")) {
      List<String> good = new ArrayList<>();
      List<String> bad = new ArrayList<>();
      List<String> up = new ArrayList<>();
      long all = random.nextInt(1_000);
      long failed = 0;
      double failing = 0;
      int left = 0;
      boolean scraped = true;
      for (int i = 0; i < minutes; i++) {
        if (left-- == 0) {
          left = random.nextInt(90);
          failing = random.nextInt(3) == 0 ? random.nextDouble() : 0;
          scraped = random.nextInt(12) > 0;
        }
        if (random.nextInt(300) == 0) {
          all = 0;
          failed = 0;
        }
        int requests = random.nextInt(100);
        long wrong = Math.round(requests * failing * random.nextDouble());
        all += requests - wrong;
        failed += wrong;
        good.add(scraped ? String.valueOf(all) : "_");
        bad.add(scraped ? String.valueOf(failed) : "_");
        up.add(random.nextInt(40) == 0 ? "_" : failing > 0.9 ? "0" : "1");
      }
      series.put("http_requests_total{code=\"200\",host=\"%s\"}".formatted(host), good);
      series.put("http_requests_total{code=\"500\",host=\"%s\"}".formatted(host), bad);
      series.put("up{host=\"%s\",job=\"shop\"}".formatted(host), up);
    }
    return series;
  }

  private static SeriesStore store(Map<String, List<String>> series) {
    List<String> lines = new ArrayList<>();
    series.forEach((name, values) -> {
      for (int i = 0; i < values.size(); i++) {
        if (!values.get(i).equals("_")) {
          lines.add(name + " " + values.get(i) + " " + 60 * i);
        }
      }
    });
    lines.add("# EOF");
    return OpenMetricsReader.read(lines.stream());
  }

  private static String one(RandomGenerator random, String... of) {
    return of[random.nextInt(of.length)];
  }

  /** Rules as people write them for burn rates, and whatever else is read here. */
  private static String file(RandomGenerator random) {
    StringBuilder yaml = new StringBuilder("groups:\n- name: ratios\n  rules:\n");
    for (String window : List.of("5m", "30m", "1h")) {
      yaml.append(
          """
            - record: job:errors:ratio_%1$s
              expr: >-
                sum%3$s (rate(http_requests_total{code=~"5.."}[%1$s]%2$s))
                / sum%3$s (rate(http_requests_total[%1$s]%2$s))
              labels: {window: %1$s}
          """
              .formatted(
                  window,
                  random.nextInt(4) == 0 ? " offset 3m" : "",
                  one(random, "", " by (host)", " without (code)")));
    }
    yaml.append("- name: alerts\n  rules:\n");
    List<String> expressions = new ArrayList<>();
    double limit = random.nextDouble() / 2;
    expressions.add(
        "job:errors:ratio_5m > %1$s and ignoring(window) job:errors:ratio_1h > %1$s"
            .formatted(limit));
    expressions.add(
        "(max(job:errors:ratio_5m{window=\"5m\"}) > (2 * %1$s)) or max(job:errors:ratio_30m) > %1$s"
            .formatted(limit));
    expressions.add(
        "job:errors:ratio_5m unless on (host) max by (host) (up) * on (host) group_right () up == 0");
    expressions.add("absent(up{host=\"a\"} == 1)");
    expressions.add("avg_over_time(up[10m]) < bool 0.9 > 0");
    expressions.add(
        "sum(increase(http_requests_total{code!=\"200\"}[20m])) >= %d"
            .formatted(random.nextInt(400)));
    expressions.add(
        "max_over_time((sum(rate(http_requests_total{code=\"500\"}[5m])) * 60)[30m:2m]) > %d"
            .formatted(random.nextInt(60)));
    expressions.add("count(up == 1) by (job) < 2 or sum(up) without (host) < 1");
    expressions.add(
        "up * on (host) group_left (code) (increase(http_requests_total{code=\"500\"}[15m]) > 3)");
    expressions.add(
        "1 - (http_requests_total{code=\"500\"} / ignoring (code) http_requests_total"
            + "{code=\"200\"} or vector(0)) < 1 - %s".formatted(limit / 5));
    expressions.add("clamp_max(irate(http_requests_total{code=\"500\"}[4m]), 0.5) ^ 2 > 0.1");
    expressions.add(
        "round(sum_over_time(job:errors:ratio_5m[7m])) > 0 or last_over_time(up[3m]) < 1"
            + " or count_over_time(up[9m]) < 6 or absent_over_time(up{host=\"b\"}[4m])");
    expressions.add(
        "sum by (host) (-min_over_time(up[5m])) + 1 > 0 and on () (vector(time() % 7200) > 900)");
    for (int i = 0; i < expressions.size(); i++) {
      yaml.append("  - alert: A%d%s\n".formatted(i, random.nextInt(4) == 0 ? "Ticket" : ""));
      yaml.append("    expr: >-\n      ").append(expressions.get(i)).append('\n');
      if (random.nextBoolean()) {
        yaml.append("    for: %dm\n".formatted(random.nextInt(8)));
      }
      if (random.nextBoolean()) {
        yaml.append("    keep_firing_for: %dm\n".formatted(random.nextInt(15)));
      }
    }
    yaml.append(
        """
          - alert: Latched
            expr: >-
              (max(job:errors:ratio_5m) > %1$s)
              or (max(ALERTS{alertname="Latched",alertstate="firing"}) and max(job:errors:ratio_30m) > %1$s / 4)
        """
            .formatted(limit));
    return yaml.toString();
  }

  private static boolean fires(Alert alert, Instant at) {
    return !alert.firedAt().isAfter(at)
        && alert.resolvedAt().filter(end -> !end.isAfter(at)).isEmpty();
  }

  /** What promtool should find, in the minutes before and of each change. */
  private static Json tests(
      Map<String, List<String>> series, List<Alert> alerts, List<String> names, int minutes) {
    List<Json> inputs = new ArrayList<>();
    series.forEach((name, values) ->
        inputs.add(
            new JsonMembers()
                .text("series", name)
                .text("values", String.join(" ", values))
                .json()));
    List<Json> looks = new ArrayList<>();
    for (String name : names) {
      TreeSet<Long> times = new TreeSet<>(List.of(minutes / 2L, minutes - 1L));
      for (Alert alert : alerts) {
        if (alert.condition().equals(name) || alert.condition().startsWith(name + "{")) {
          for (Instant at :
              Stream.concat(Stream.of(alert.firedAt()), alert.resolvedAt().stream()).toList()) {
            times.add(at.getEpochSecond() / 60);
            times.add(Math.max(0, at.getEpochSecond() / 60 - 1));
          }
        }
      }
      for (long minute : times) {
        List<Json> firing = new ArrayList<>();
        for (Alert alert : alerts) {
          boolean same = alert.condition().equals(name) || alert.condition().startsWith(name + "{");
          if (same && fires(alert, Instant.ofEpochSecond(60 * minute))) {
            firing.add(new JsonMembers().put("exp_labels", labels(alert.condition())).json());
          }
        }
        looks.add(
            new JsonMembers()
                .text("eval_time", minute + "m")
                .text("alertname", name)
                .put("exp_alerts", new Json.Arr(firing))
                .json());
      }
    }
    Json test =
        new JsonMembers()
            .text("interval", "1m")
            .put("input_series", new Json.Arr(inputs))
            .put("alert_rule_test", new Json.Arr(looks))
            .json();
    return new JsonMembers()
        .put("rule_files", new Json.Arr(List.of(new Json.Str("rules.yaml"))))
        .text("evaluation_interval", "1m")
        // Without it promtool takes groups in any order.
        .put(
            "group_eval_order",
            new Json.Arr(List.of(new Json.Str("ratios"), new Json.Str("alerts"))))
        .put("tests", new Json.Arr(List.of(test)))
        .json();
  }

  private static Json labels(String condition) {
    JsonMembers labels = new JsonMembers();
    if (condition.contains("{")) {
      String inner = condition.substring(condition.indexOf('{') + 1, condition.length() - 1);
      for (String label : inner.split(",")) {
        labels.text(label.split("=")[0], label.split("=")[1].replace("\"", ""));
      }
    }
    return labels.json();
  }

  @Test
  void alertsFireAndEndInTheMinutesOfPrometheus() throws Exception {
    int minutes = Size.count(1_000, 5_000);
    int[] found = new int[1];
    Property.of("a replay of rules equals Prometheus")
        .runs(2, 100)
        .check(random -> {
          Map<String, List<String>> series = history(random, minutes);
          String yaml = file(random);
          RuleFile rules = rules(yaml);
          RuleReplay.Report report = RuleReplay.run(rules, store(series), percent -> {});
          assertThat(report.notKnown()).isEmpty();
          List<String> names =
              rules.groups().getLast().rules().stream().map(rule -> rule.name()).toList();
          Files.writeString(folder.resolve("rules.yaml"), yaml);
          Files.writeString(
              folder.resolve("tests.yaml"),
              YamlWriter.write(tests(series, report.alerts(), names, minutes)));
          Promtool ran = Promtool.run(folder, "promtool", "test", "rules", "tests.yaml");
          assertThat(ran.exit())
              .as(yaml + ran.said().substring(0, Math.min(3_000, ran.said().length())))
              .isZero();
          found[0] += report.alerts().size();
        });
    assertThat(found[0]).isGreaterThan(30);
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
        "x{a=~'('} | '(' is no pattern that is read here",
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
}
