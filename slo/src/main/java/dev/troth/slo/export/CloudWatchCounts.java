package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.backtest.RangeAnswer;
import dev.troth.slo.backtest.SeriesName;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.cloudwatch.MetricAnswer;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Deployment;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The metrics by which CloudWatch counts an objective of a chain, as the exported alarms do. */
public final class CloudWatchCounts {
  /** Up to here each whole number is one of a double. */
  private static final double MOST = 0x1p53;

  private final String objective;
  private final Indicator indicator;
  private final Map<String, SeriesName> names = new LinkedHashMap<>();

  private CloudWatchCounts(String objective, Indicator indicator, Map<String, String> parameters) {
    this.objective = objective;
    this.indicator = indicator;
    for (Metric metric : indicator.metrics()) {
      Map<String, String> dimensions = new LinkedHashMap<>();
      metric.dimensions().forEach((key, value) -> dimensions.put(key, filled(value, parameters)));
      names.put(
          metric.id(),
          new SeriesName(
              filled(metric.namespace(), parameters), metric.name(), dimensions, metric.stat()));
    }
  }

  private static String filled(String text, Map<String, String> parameters) {
    String result = text;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      result = result.replace("${" + parameter.getKey() + "}", parameter.getValue());
    }
    return result;
  }

  /**
   * Those of an objective.
   *
   * @param given parameters of the exported template that differ from its defaults
   */
  public static CloudWatchCounts of(Objective objective, Loaded loaded, Map<String, String> given)
      throws RefusedException {
    if (objective.measure() instanceof Measure.Unmeasured(String reason)) {
      throw new RefusedException("%s: it is unmeasured: %s".formatted(objective.name(), reason));
    }
    Chain chain =
        objective
            .chain()
            .orElseThrow(() ->
                new RefusedException(
                    objective.name()
                        + ": it counts metrics that the platform receives, and no requests of a"
                        + " chain: CloudWatch has no such metrics"));
    if (objective.kind() != CountingMethod.EXACT) {
      throw new RefusedException(
          "%s: CloudWatch counts requests, which kind %s does not"
              .formatted(
                  objective.name(), objective.kind().name().toLowerCase(java.util.Locale.ROOT)));
    }
    Deployment deployment =
        Optional.ofNullable(loaded.details().get(objective.name()))
            .flatMap(Loaded.Detail::deployment)
            .orElseThrow(() ->
                new RefusedException(
                    objective.name()
                        + ": the file does not say where its steps run in AWS: add 'cloudWatch' with a"
                        + " resource for each step"));
    ChainMetrics metrics =
        new ChainMetrics(availability(objective, loaded), chain, deployment, new LogicalNames());
    List<String> refusals = metrics.refusals();
    if (!refusals.isEmpty()) {
      throw new RefusedException(refusals);
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    metrics
        .parameters()
        .forEach((name, parameter) ->
            ((Json.Obj) parameter).text("Default").ifPresent(value -> parameters.put(name, value)));
    for (String name : given.keySet()) {
      if (!parameters.containsKey(name)) {
        throw new RefusedException(
            "there is no parameter '%s', expected one of %s"
                .formatted(name, String.join(", ", parameters.keySet())));
      }
    }
    parameters.putAll(given);
    return new CloudWatchCounts(objective.name(), Indicator.of(objective, metrics), parameters);
  }

  /**
   * Under this name the service sends its metrics: that of the chain's objective on availability.
   */
  private static String availability(Objective objective, Loaded loaded) {
    return loaded.objectives().stream()
        .filter(other -> other.chain().equals(objective.chain()))
        .filter(other -> !(other.measure() instanceof Measure.Latency))
        .findFirst()
        .orElse(objective)
        .name();
  }

  /** What has to be asked for. */
  public List<SeriesName> metrics() {
    return List.copyOf(names.values());
  }

  /** What the counts contain that the objective does not mean; empty if nothing. */
  public String remark() {
    return indicator.remark();
  }

  /**
   * Minutes of counts; a time without requests is left out.
   *
   * @throws IllegalArgumentException if a metric without which nothing is counted has no data, or
   *     one has a value that counts nothing
   */
  public List<Minute> minutes(List<MetricAnswer> answers, Instant from, Instant to) {
    names.forEach((_, name) -> {
      if (MetricAnswer.isEmpty(name, answers)) {
        throw new IllegalArgumentException(
            "%s has no data from %s to %s, and without it %s is not counted"
                .formatted(name, from, to, objective));
      }
    });
    answers.forEach(this::counts);
    List<Minute> minutes = new ArrayList<>();
    for (MetricAnswer answer : answers) {
      Map<Long, Double> total = new TreeMap<>();
      Map<Long, Double> bad = new TreeMap<>();
      long period = answer.stretch().period().toSeconds();
      String counted = indicator.metrics().getFirst().id();
      for (long at : values(answer, counted).keySet()) {
        // Missing values count as 0, as in metric math.
        Map<String, Double> values = new LinkedHashMap<>();
        names.keySet().forEach(id -> values.put(id, values(answer, id).getOrDefault(at, 0.0)));
        double all = figure("total", values);
        values.put("total", all);
        total.put(at + period, all);
        bad.put(at + period, figure("bad", values));
      }
      RangeAnswer.minutes(total, bad, answer.stretch().period()).stream()
          .filter(minute -> !minute.at().isBefore(from) && minute.at().isBefore(to))
          .forEach(minutes::add);
    }
    return minutes;
  }

  private void counts(MetricAnswer answer) {
    names
        .values()
        .forEach(name ->
            answer
                .values()
                .getOrDefault(name, Map.of())
                .forEach((at, value) -> {
                  if (!(value >= 0 && value <= MOST)) {
                    throw new IllegalArgumentException(
                        "%s has %s at %s, expected a count"
                            .formatted(name, value, Instant.ofEpochSecond(at)));
                  }
                }));
  }

  private Map<Long, Double> values(MetricAnswer answer, String id) {
    return answer.values().getOrDefault(names.get(id), Map.of());
  }

  /** An indicator is a sum or a difference of two metrics, or one of them. */
  private double figure(String id, Map<String, Double> values) {
    String expression = indicator.expressions().get(id);
    if (expression == null) {
      return values.getOrDefault(id, 0.0);
    }
    String[] parts = expression.split(" ");
    double left = values.getOrDefault(parts[0], 0.0);
    double right = values.getOrDefault(parts[2], 0.0);
    return parts[1].equals("+") ? left + right : left - right;
  }
}
