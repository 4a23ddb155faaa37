package dev.troth.bench.slo;

import dev.troth.bench.results.Figure;
import dev.troth.json.file.YamlWriter;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.count.Delta;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.export.PrometheusExport;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.file.ObjectiveFiles;
import dev.troth.slo.objective.Objective;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
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

/**
 * What one evaluation of an objective costs Prometheus and Troth, over the same 30 days of minutes,
 * in time of the processor. {@code bench/slo/run prometheus} runs its parts.
 */
public final class PrometheusBench {
  private static final int MINUTES = 30 * 1_440;

  /** Minutes of data beyond the start of the run, so that Prometheus has a present. */
  private static final int AHEAD = 15;

  private PrometheusBench() {}

  static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    int objectives = Integer.parseInt(arguments[2]);
    switch (arguments[0]) {
      case "prepare" -> prepare(folder, objectives);
      case "measure" ->
          measure(
              folder,
              objectives,
              Long.parseLong(arguments[3]),
              URI.create(arguments[4]),
              Duration.ofSeconds(Long.parseLong(arguments[5])),
              arguments[6]);
      default -> throw new IllegalArgumentException("expected prepare or measure");
    }
  }

  private static Loaded objectives(int count) {
    Map<String, String> files = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
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
          """
              .formatted(i));
    }
    return ObjectiveFiles.read(files);
  }

  /** The counts of an objective by the minute: traffic, a few failures, five incidents. */
  private static int[][] counts(int objective) {
    Random random = new Random(objective);
    int[][] counts = new int[MINUTES + AHEAD][2];
    int[] incidents = random.ints(5, 0, MINUTES).toArray();
    for (int i = 0; i < counts.length; i++) {
      int total = 500 + random.nextInt(500);
      int bad = random.nextInt(4);
      for (int incident : incidents) {
        bad = i >= incident && i < incident + 45 ? total / 4 : bad;
      }
      counts[i] = new int[] {total, bad};
    }
    return counts;
  }

  /** Writes the data as text, the rules as Troth exports them, and a configuration. */
  private static void prepare(Path folder, int objectives) throws Exception {
    long start = System.currentTimeMillis() / 60_000 - MINUTES;
    Files.writeString(folder.resolve("start"), String.valueOf(start));
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(folder.resolve("data.txt")))) {
      for (int objective = 0; objective < objectives; objective++) {
        int[][] counts = counts(objective);
        for (int part = 0; part < 2; part++) {
          long sum = 0;
          for (int i = 0; i < counts.length; i++) {
            sum += counts[i][part];
            out.printf(
                "troth_slo_%s_total{objective=\"o%d\"} %d %d%n",
                part == 0 ? "events" : "bad_events", objective, sum, (start + i + 1) * 60);
          }
        }
      }
      out.print("# EOF\n");
    }
    String rules =
        YamlWriter.write(PrometheusExport.of(objectives(objectives), Optional.empty()).document());
    // Each minute as elsewhere costs as much; more often gives more of them in a short run.
    Files.writeString(folder.resolve("rules.yaml"), rules.replace("interval: 1m", "interval: 2s"));
    Files.writeString(
        folder.resolve("prometheus.yml"),
        "global: {evaluation_interval: 2s}\nrule_files: [rules.yaml]\n");
  }

  private static void measure(
      Path folder, int objectives, long pid, URI url, Duration length, String version)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      double evaluated = evaluations(client, url);
      double cpu = seconds(pid);
      Thread.sleep(length);
      evaluated = evaluations(client, url) - evaluated;
      cpu = seconds(pid) - cpu;
      long start = Long.parseLong(Files.readString(folder.resolve("start")));
      double theirs = cpu / evaluated * 1e9;
      double ours = troth(objectives, start);
      System.out.printf("%n%-12s  %14s  %22s%n", "", "evaluations", "ns of CPU / evaluation");
      System.out.printf("%-12s  %14.0f  %22.0f%n", "Prometheus", evaluated, theirs);
      System.out.printf("%-12s  %14d  %22.0f%n", "Troth", (long) objectives * MINUTES, ours);
      System.out.printf(
          "%d objectives over 30 days of minutes; Prometheus costs %.0f times as much%n",
          objectives, theirs / ours);
      Figure.of("slo.prometheus", ours, theirs, "ns", "Prometheus " + version).report();
    }
  }

  /** Groups that were evaluated, one for each objective; those that were missed are not. */
  private static double evaluations(HttpClient client, URI url) throws Exception {
    String metrics =
        client
            .send(
                HttpRequest.newBuilder(url.resolve("/metrics"))
                    .timeout(Duration.ofSeconds(20))
                    .build(),
                BodyHandlers.ofString())
            .body();
    if (sum(metrics, "prometheus_rule_evaluation_failures_total") > 0) {
      throw new IllegalStateException("Prometheus fails rules");
    }
    return sum(metrics, "prometheus_rule_group_iterations_total")
        - sum(metrics, "prometheus_rule_group_iterations_missed_total");
  }

  private static double sum(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** What a process has used of the processors: utime and stime, in ticks of 10 ms. */
  private static double seconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
  }

  /** Counts and evaluates each minute of the same data; returns nanoseconds an evaluation. */
  private static double troth(int objectives, long start) {
    List<int[][]> data = new ArrayList<>();
    for (int objective = 0; objective < objectives; objective++) {
      data.add(counts(objective));
    }
    double each = 0;
    // The first lap warms up.
    for (int lap = 0; lap < 2; lap++) {
      Instant begin = Instant.ofEpochSecond(start * 60);
      List<ObjectiveEngine> engines = new ArrayList<>();
      for (Objective objective : objectives(objectives).objectives()) {
        var engine =
            new ObjectiveEngine(objective, AlertMemory.fresh(begin.getEpochSecond()), begin);
        engine.receivedAll(begin);
        engines.add(engine);
      }
      long events = 0;
      long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < MINUTES; i++) {
        Instant now = Instant.ofEpochSecond((start + i + 1) * 60);
        for (int objective = 0; objective < objectives; objective++) {
          int[] minute = data.get(objective)[i];
          ObjectiveEngine engine = engines.get(objective);
          engine.restore(Delta.of(start + i, minute[0], minute[1]));
          events += engine.evaluate(now, now).size();
        }
      }
      long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from;
      each = (double) spent / ((long) objectives * MINUTES);
      System.out.printf("Troth, lap %d: %d events%n", lap + 1, events);
    }
    return each;
  }
}
