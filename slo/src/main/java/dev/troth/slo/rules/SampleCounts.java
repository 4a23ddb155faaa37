package dev.troth.slo.rules;

import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.RangeAnswer;
import dev.troth.slo.promql.Query;
import dev.troth.slo.promql.QueryParser;
import dev.troth.slo.rules.Result.FailedException;
import dev.troth.slo.rules.Result.Scalar;
import dev.troth.slo.rules.Result.Vector;
import dev.troth.slo.series.SeriesStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Minutes of counts that queries of PromQL come to over samples. */
public final class SampleCounts {
  private SampleCounts() {}

  /**
   * Evaluates both queries at the end of each step.
   *
   * @param total all events of a step that ends at the evaluation
   * @param bad the bad ones
   * @throws RefusedRulesException if a query is not replayed, or fails
   */
  public static List<Minute> minutes(SeriesStore samples, String total, String bad, Duration step)
      throws RefusedRulesException {
    return RangeAnswer.minutes(
        values(samples, "total", total, step), values(samples, "bad", bad, step), step);
  }

  private static Map<Long, Double> values(
      SeriesStore samples, String name, String text, Duration step) throws RefusedRulesException {
    QueryParser.Parsed parsed = QueryParser.parse(text);
    Query query =
        parsed
            .query()
            .orElseThrow(() ->
                new RefusedRulesException(
                    List.of("the query '%s' is not read: %s".formatted(text, parsed.wrong()))));
    Set<String> refused = Support.refusals(query);
    if (!refused.isEmpty()) {
      List<String> reasons = new ArrayList<>();
      refused.forEach(why -> reasons.add("the query '%s': %s".formatted(text, why)));
      throw new RefusedRulesException(reasons);
    }
    long length = step.toMillis();
    double steps = Effort.steps(query, samples.last() - samples.first(), length);
    if (steps > Effort.MOST_STEPS) {
      throw new RefusedRulesException(List.of(Effort.tooMuch("the query '" + text + "'", steps)));
    }
    Evaluation evaluation = new Evaluation(samples, length);
    Map<Long, Double> values = new TreeMap<>();
    for (long time = Math.ceilDiv(samples.first(), length) * length;
        time <= samples.last() + length - 1;
        time += length) {
      try {
        switch (evaluation.at(query, time)) {
          case Scalar(double value) -> values.put(time / 1_000, value);
          case Vector vector -> {
            if (vector.samples().size() > 1) {
              throw new FailedException(
                  "it gives %d series, expected one".formatted(vector.samples().size()));
            }
            for (Result.Sample sample : vector.samples()) {
              if (!Double.isNaN(sample.value())) {
                values.put(time / 1_000, sample.value());
              }
            }
          }
        }
      } catch (FailedException wrong) {
        throw new RefusedRulesException(
            List.of(
                "the query '%s' of %s fails at %s: %s"
                    .formatted(text, name, Instant.ofEpochMilli(time), wrong.getMessage())));
      }
    }
    return values;
  }
}
