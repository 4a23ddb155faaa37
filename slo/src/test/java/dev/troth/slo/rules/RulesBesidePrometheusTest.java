package dev.troth.slo.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.json.Json;
import dev.troth.json.JsonMembers;
import dev.troth.json.file.YamlWriter;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.export.Promtool;
import dev.troth.slo.series.OpenMetricsReader;
import dev.troth.slo.series.SeriesStore;
import dev.troth.testkit.Property;
import dev.troth.testkit.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random rules and histories, of which promtool says when each alert fires. */
final class RulesBesidePrometheusTest {
  @TempDir Path folder;

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
          RuleFile rules = RuleReplayTest.rules(yaml);
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
}
