package dev.troth.cli.slo;

import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/**
 * Four hours of a hundred requests a minute, of which half of those from 02:00 to 02:10 fail, as
 * files of a folder.
 *
 * @param metrics as CloudWatch has them
 * @param truth requests and bad ones by the minute
 */
record BacktestHistory(Path folder, Path metrics, Path truth) {
  static final Instant START = Instant.parse("2026-10-01T00:00:00Z");

  private static final String TEMPLATE =
      """
      Failures:
        Type: AWS::CloudWatch::Alarm
        Properties:
          ComparisonOperator: GreaterThanThreshold
          Threshold: 20
          EvaluationPeriods: 1
          Namespace: Shop
          MetricName: Bad
          Statistic: Sum
          Period: 60
      """;

  static BacktestHistory in(Path folder) throws IOException {
    StringBuilder minutes = new StringBuilder("time,Shop Bad Sum\n");
    StringBuilder counts = new StringBuilder();
    for (int i = 0; i < 240; i++) {
      int bad = i >= 120 && i < 130 ? 50 : 0;
      minutes.append(START.plusSeconds(60L * i)).append(',').append(bad).append('\n');
      counts.append(START.plusSeconds(60L * i)).append(",100,").append(bad).append('\n');
    }
    Path metrics = Files.writeString(folder.resolve("metrics.csv"), minutes);
    Path truth = folder.resolve("truth.csv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(truth))) {
      out.write(counts.toString().getBytes(StandardCharsets.UTF_8));
    }
    return new BacktestHistory(folder, metrics, truth);
  }

  /** A template whose alarm fires beyond a threshold. */
  Path template(String name, String threshold) throws IOException {
    return Files.writeString(
        folder.resolve(name), TEMPLATE.replace("Threshold: 20", "Threshold: " + threshold));
  }

  static Json.Obj json(String text) throws JsonException {
    return (Json.Obj) JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
