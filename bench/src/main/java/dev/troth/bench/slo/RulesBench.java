package dev.troth.bench.slo;

import dev.troth.json.file.YamlWriter;
import dev.troth.slo.backtest.Backtest;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.export.PrometheusExport;
import dev.troth.slo.export.Selection;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.AlertPolicy.Preset;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.rules.RuleFile;
import dev.troth.slo.rules.RuleReplay;
import dev.troth.slo.series.OpenMetricsReader;
import dev.troth.slo.series.SeriesStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Exported rules over 30 days of minutes: whether Prometheus ({@code promtool}) and {@code slo
 * backtest --rules} fire and end alerts in the minutes of the engine, and what a comparison of two
 * versions costs, in time of the processor. {@code bench/slo/run rules} runs it.
 */
public final class RulesBench {
  private static final int DAY = 1_440;
  private static final int MONTH = 30;
  private static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

  private RulesBench() {}

  static void main(String[] arguments) throws Exception {
    minutes(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
    diff(Integer.parseInt(arguments[2]));
  }

  private static Loaded objectives(int first, int count) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = first; i < first + count; i++) {
      files.put(
          "o%d.yaml".formatted(i),
          """
          apiVersion: troth.dev/v1
          kind: CompositeSLO
          metadata: {name: o%d}
          spec:
            kind: disjoint
            counters:
              total: {metric: requests}
              failed: [{name: api, metric: failures}]
            timeWindow: [{duration: 30d, isRolling: true}]
            objectives: [{measure: availability, target: 0.995}]
            alerting: {resolveAfter: 10m}
          """
              .formatted(i));
    }
    return ObjectiveFiles.read(files);
  }

  /** Traffic with a few failures a minute, and incidents of any depth and length. */
  private static List<Minute> history(int seed, int days) {
    int length = days * DAY;
    Random random = new Random(seed);
    int[][] incidents = new int[Math.ceilDiv(12 * days, MONTH)][];
    for (int i = 0; i < incidents.length; i++) {
      incidents[i] =
          new int[] {random.nextInt(length), 5 + random.nextInt(120), random.nextInt(100)};
    }
    List<Minute> minutes = new ArrayList<>(length);
    for (int i = 0; i < length; i++) {
      int total = 500 + random.nextInt(500);
      int bad = random.nextInt(4);
      for (int[] incident : incidents) {
        if (i >= incident[0] && i < incident[0] + incident[1]) {
          bad = Math.max(bad, total * incident[2] / 100);
        }
      }
      minutes.add(new Minute(START.plusSeconds(60L * i), total, bad));
    }
    return minutes;
  }

  private static String rules(Loaded loaded) throws Exception {
    return YamlWriter.write(PrometheusExport.of(loaded, Optional.empty()).document());
  }

  private static RuleFile read(String rules) throws Exception {
    return RuleFile.in(Template.documents("rules.yaml", rules).read()).orElseThrow();
  }

  /** What a server has scraped: counters at the end of each minute. */
  private static SeriesStore samples(int objective, int days) {
    Stream.Builder<String> lines = Stream.builder();
    long total = 0;
    long bad = 0;
    String form = "troth_slo_%s_total{objective=\"o%d\"} %d %d";
    for (Minute minute : history(objective, days)) {
      long before = minute.at().getEpochSecond();
      if (total == 0) {
        lines.add(form.formatted("events", objective, 0, before));
        lines.add(form.formatted("bad_events", objective, 0, before));
      }
      total += minute.total();
      bad += minute.bad();
      lines.add(form.formatted("events", objective, total, before + 60));
      lines.add(form.formatted("bad_events", objective, bad, before + 60));
    }
    return OpenMetricsReader.read(Stream.concat(lines.build(), Stream.of("# EOF")));
  }

  /** Pages and tickets alone: lost telemetry has no counterpart among the engine's alerts. */
  private static TreeSet<String> told(List<Alert> alerts) {
    TreeSet<String> all = new TreeSet<>();
    for (Alert alert : alerts) {
      if (!alert.condition().contains("TelemetryLost")) {
        all.add(
            "%s %s to %s"
                .formatted(
                    alert.severity(),
                    alert.firedAt(),
                    alert.resolvedAt().map(Instant::toString).orElse("the end")));
      }
    }
    return all;
  }

  private static void minutes(Path folder, int days) throws Exception {
    Loaded loaded = objectives(0, 1);
    String rules = rules(loaded);
    Files.writeString(folder.resolve("rules.yaml"), rules);
    Files.writeString(
        folder.resolve("tests.yaml"),
        YamlWriter.write(PrometheusExport.tests(loaded, name -> history(0, days), "rules.yaml")));
    Objective objective = loaded.objectives().getFirst();
    TreeSet<String> engine = told(Backtest.run(objective, history(0, days)).alerts());
    TreeSet<String> replay =
        told(RuleReplay.run(read(rules), samples(0, days), percent -> {}).alerts());
    int alerts = engine.size();
    engine.retainAll(replay);
    System.out.printf(
        "%d days: the engine has %d alerts, replayed rules %d, %d of them fire and end in the same minutes%n",
        days, alerts, replay.size(), engine.size());
    long begin = System.nanoTime();
    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", "tests.yaml")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("promtool.txt").toFile())
            .start();
    int exit = promtool.waitFor();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    System.out.printf(
        "Prometheus: %s (promtool, in the minute of each change and the one before; %d s)%n",
        exit == 0
            ? "all %d in the same minutes".formatted(alerts)
            : "differs:\n" + Files.readString(folder.resolve("promtool.txt")),
        took.toSeconds());
  }

  /** Two versions of each rule file, as {@code --diff} replays them. */
  private static void diff(int objectives) throws Exception {
    long spent = 0;
    long alerts = 0;
    for (int i = 0; i <= objectives; i++) {
      Loaded old = objectives(i, 1);
      RuleFile before = read(rules(old));
      RuleFile after = read(rules(Selection.withPreset(old, Preset.ORIGINAL)));
      SeriesStore samples = samples(i, MONTH);
      long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      long found = RuleReplay.run(before, samples, percent -> {}).alerts().size();
      found += RuleReplay.run(after, samples, percent -> {}).alerts().size();
      // The first warms up.
      if (i > 0) {
        spent += ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
        alerts += found;
      }
    }
    double each = spent / 1e9 / objectives;
    System.out.printf(
        "--diff of rules, %d objectives over 30 days: %.2f s of CPU, %d alerts; %.3f s an objective, so 1,000 of them cost %.0f s%n",
        objectives, spent / 1e9, alerts, each, 1_000 * each);
  }
}
