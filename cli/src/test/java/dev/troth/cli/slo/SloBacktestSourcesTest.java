package dev.troth.cli.slo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.cli.Ran;
import dev.troth.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SloBacktestSourcesTest {
  @TempDir Path folder;
  private Path metrics;
  private Path truth;
  private BacktestHistory history;

  @BeforeEach
  void history() throws IOException {
    history = BacktestHistory.in(folder);
    metrics = history.metrics();
    truth = history.truth();
  }

  /** The same minutes as counters that a scrape reads at the end of each. */
  private Path samples() throws IOException {
    StringBuilder text = new StringBuilder();
    long bad = 0;
    for (int i = 0; i < 240; i++) {
      bad += i >= 120 && i < 130 ? 50 : 0;
      long time = BacktestHistory.START.getEpochSecond() + 60L * (i + 1);
      text.append("all_total ").append(100 * (i + 1)).append(' ').append(time).append('\n');
      text.append("bad_total ").append(bad).append(' ').append(time).append('\n');
    }
    return Files.writeString(folder.resolve("samples.txt"), text + "# EOF\n");
  }

  private Path rules(String name, String wait) throws IOException {
    return Files.writeString(
        folder.resolve(name),
        """
        groups:
        - name: shop
          rules:
          - record: bad:ratio_5m
            expr: rate(bad_total[5m]) / rate(all_total[5m])
          - alert: Burning
            expr: bad:ratio_5m > 14.4 * 0.005
            for: %s
            keep_firing_for: 3m
        """
            .formatted(wait));
  }

  @Test
  void twoRuleFilesOfPrometheusAreHeldAgainstTheIncidents() throws Exception {
    Path old = rules("old.yaml", "0m");
    Path late = rules("new.yaml", "12m");
    Path incidents =
        Files.writeString(
            folder.resolve("incidents.csv"),
            "2026-10-01T02:00:00Z,2026-10-01T02:10:00Z,outage\n"
                + "2026-10-01T03:00:00Z,2026-10-01T03:10:00Z,unseen\n");
    Ran ran =
        Ran.slo("backtest", "--diff", old, late, "--data", samples(), "--incidents", incidents);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains("after 1m", "after 13m")
        .containsPattern("unseen +2026-10-01T03:00:00Z +10m +- +never +never");
    Ran json =
        Ran.slo(
            "backtest",
            "--diff",
            old,
            late,
            "--data",
            samples(),
            "--incidents",
            incidents,
            "--format",
            "json");
    Json.Obj first = (Json.Obj) BacktestHistory.json(json.out()).get("old").orElseThrow();
    assertThat(first.get("precision")).hasToString("Optional[1.0000]");
    assertThat(first.get("recall")).hasToString("Optional[0.5000]");
    Ran one = Ran.slo("backtest", "--rules", old, "--data", samples(), "--truth", truth);
    assertThat(one.out())
        .contains("page    2026-10-01T02:01:00Z  for 17m  Burning")
        .contains("1 page, 0 of them false");
  }

  @Test
  void rulesThatAreNotReplayedAndOtherHistoriesAreRefusedByName() throws Exception {
    Path odd =
        Files.writeString(
            folder.resolve("odd.yaml"),
            "groups: [{name: g, rules: [{alert: A, expr: 'topk(1, x) > 1'}]}]\n");
    Ran ran = Ran.slo("backtest", "--rules", odd, "--data", samples());
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("odd.yaml:1:45: the expr of A: it uses topk, which is not replayed");
    Ran metric = Ran.slo("backtest", "--rules", rules("r.yaml", "1m"), "--data", metrics);
    assertThat(metric.exitCode()).isEqualTo(2);
    assertThat(metric.err())
        .contains("metrics.csv:1: 'time,Shop Bad Sum', expected a sample such as");
    Ran none = Ran.slo("backtest", "--rules", history.template("t.yaml", "1"), "--data", samples());
    assertThat(none.err()).contains("t.yaml holds no rules of Prometheus");
    Ran mixed =
        Ran.slo(
            "backtest",
            "--diff",
            history.template("t.yaml", "1"),
            rules("r.yaml", "1m"),
            "--data",
            metrics);
    assertThat(mixed.err()).contains("r.yaml is of another kind than the first file");
  }

  private Path queries() throws IOException {
    return Files.writeString(
        folder.resolve("pages.yaml"),
        """
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: pages}
        spec:
          budgetingMethod: Occurrences
          timeWindow: [{duration: 30d, isRolling: true}]
          objectives: [{target: 0.995}]
          indicator:
            metadata: {name: pages}
            spec:
              ratioMetric:
                bad:
                  metricSource: {type: Prometheus, spec: {query: 'rate(bad_total[{{.window}}])'}}
                total:
                  metricSource: {type: Prometheus, spec: {query: 'rate(all_total[{{.window}}])'}}
        """);
  }

  private Path log() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 240; i++) {
      for (int request = 0; request < 20; request++) {
        boolean bad = i >= 120 && i < 130 && request % 2 == 0;
        lines
            .append("{\"time\":\"")
            .append(BacktestHistory.START.plusSeconds(60L * i + request))
            .append("\",\"http\":{\"status\":")
            .append(bad ? 503 : 200)
            .append("}}\n");
      }
    }
    return Files.writeString(folder.resolve("access.log"), lines);
  }

  @Test
  void countsComeFromSamplesAndFromLogsAsFromCounts() throws Exception {
    Ran counts = Ran.slo("backtest", queries(), truth);
    assertThat(counts.out()).contains("page    2026-10-01T02:0").contains("2 alerts");
    Ran samples = Ran.slo("backtest", queries(), samples());
    assertThat(samples.err()).isEmpty();
    assertThat(samples.out().lines().toList().getFirst())
        .isEqualTo(counts.out().lines().toList().getFirst());
    Ran log = Ran.slo("backtest", queries(), log(), "--bad", "http.status>=500");
    assertThat(log.err()).isEmpty();
    assertThat(log.out()).contains("page    2026-10-01T02:0").contains("2 alerts");
  }

  @Test
  void aLineOfALogThatSaysNothingIsNamed() throws Exception {
    Path odd =
        Files.writeString(
            folder.resolve("odd.log"),
            "{\"time\":\"2026-10-01T00:00:00Z\",\"status\":200}\n\n{\"time\":\"noon\",\"status\":200}\n");
    Ran time = Ran.slo("backtest", queries(), odd, "--bad", "status>=500");
    assertThat(time.exitCode()).isEqualTo(2);
    assertThat(time.err())
        .contains("odd.log:3: time is \"noon\", expected a time such as 2026-10-01T00:00:00Z");
    Ran field = Ran.slo("backtest", queries(), odd, "--bad", "code>=500");
    assertThat(field.err()).contains("odd.log:1: has no 'code', expected one in each line");
    Ran condition = Ran.slo("backtest", queries(), odd, "--bad", "status");
    assertThat(condition.err()).contains("--bad is 'status', expected a field, one of = !=");
    Ran order = Ran.slo("backtest", queries(), odd, "--bad", "status>bad");
    assertThat(order.err()).contains("'status' is compared with 'bad', expected a number");
  }

  @Test
  void aTemplateIsReplayedOverALogInTheEmbeddedMetricFormat() throws Exception {
    StringBuilder lines = new StringBuilder("START RequestId: 4711 Version: $LATEST\n");
    for (int i = 0; i < 240; i++) {
      long time = BacktestHistory.START.plusSeconds(60L * i).toEpochMilli();
      String values = i >= 120 && i < 130 ? "[20, 30]" : "0";
      lines.append(
          """
          %s stream {"_aws":{"Timestamp":%d,"CloudWatchMetrics":[{"Namespace":"Shop","Dimensions":[[]],"Metrics":[{"Name":"Bad","Unit":"Count"}]}]},"Bad":%s}
          """
              .formatted(BacktestHistory.START, time, values));
    }
    Path log = Files.writeString(folder.resolve("emf.log"), lines);
    Ran ran = Ran.slo("backtest", "--template", history.template("t.yaml", "20"), "--data", log);
    assertThat(ran.err()).contains("emf.log: 1 lines hold no metrics");
    Ran csv =
        Ran.slo("backtest", "--template", history.template("t.yaml", "20"), "--data", metrics);
    assertThat(csv.out()).contains("1 page");
    assertThat(ran.out()).isEqualTo(csv.out());
  }

  @Test
  void timeSlicesAreJudgedByReplaysAndNotByRules() throws Exception {
    Path sliced = folder.resolve("sliced.yaml");
    Files.writeString(
        sliced,
        Files.readString(queries())
            .replace("Occurrences", "Timeslices")
            .replace("target: 0.995", "target: 0.9, timeSliceTarget: 0.6, timeSliceWindow: 5m"));
    // Two of 48 slices are bad, of which 4.8 may be.
    Ran ran = Ran.slo("backtest", sliced, truth);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out()).contains("availability at the end 95.833 %");
    assertThat(Ran.slo("backtest", sliced, samples()).out())
        .contains("availability at the end 95.833 %");
    Ran export = Ran.slo("export", "prometheus", sliced);
    assertThat(export.err())
        .contains("time slices are judged by the platform and by replays, not by rules");
  }

  @Test
  void whatAnAlertIsCalledDoesNotSteerTheTerminal() throws Exception {
    Path rules =
        Files.writeString(
            folder.resolve("hostile.yaml"),
            """
            groups:
            - name: shop
              rules:
              - alert: "B\\e[31mad\\e]0;pwn\\a"
                expr: bad_total > 100
              - alert: "Un\\e[8mseen"
                expr: elsewhere > 0
            """);
    Ran ran = Ran.slo("backtest", "--rules", rules, "--data", samples());
    assertThat(ran.out())
        .contains("B\\u001b[31mad\\u001b]0;pwn\\u0007", "Un\\u001b[8mseen")
        .doesNotContain("\u001b", "\u0007");
    Path broken = Files.writeString(folder.resolve("broken.txt"), "up\u001b[2J 1 0\n# EOF\n");
    Ran refused = Ran.slo("backtest", "--rules", rules("r.yaml", "0m"), "--data", broken);
    assertThat(refused.err()).contains("broken.txt:1: ", "\\u001b[2J").doesNotContain("\u001b");
    assertThat(refused.exitCode()).isEqualTo(2);
  }

  @Test
  void aLineWithoutAnEndIsRefusedBeforeItFillsTheMemory() throws Exception {
    Path bomb = folder.resolve("bomb.om.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(bomb))) {
      byte[] part = "# HELP up ".repeat(100_000).getBytes(UTF_8);
      for (int i = 0; i < 3; i++) {
        out.write(part);
      }
    }
    Ran ran = Ran.slo("backtest", "--rules", rules("r.yaml", "0m"), "--data", bomb);
    assertThat(ran.err())
        .contains(
            "bomb.om.gz: line 1 has more than 1,048,576 characters, expected lines of samples");
    assertThat(ran.exitCode()).isEqualTo(2);
  }
}
