package dev.troth.cli.slo.cloudwatch;

import dev.troth.cli.command.CommandException;
import dev.troth.slo.backtest.SeriesName;
import dev.troth.slo.cloudwatch.MetricAnswer;
import dev.troth.slo.cloudwatch.Retention.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.MessageData;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import software.amazon.awssdk.services.cloudwatch.model.StatusCode;

/**
 * Reads values of metrics by {@code GetMetricData}. An answer in part is none: what the service
 * does not say in full ends the command.
 */
final class MetricSource {
  /** The service takes 500 queries a call; fewer keep its pages apart. */
  private static final int QUERIES = 100;

  private static final int MOST_PAGES = 10_000;

  private final CloudWatchClient client;
  private final Consumer<String> notes;
  private final Set<String> said = new LinkedHashSet<>();

  /**
   * A source.
   *
   * @param notes hears each remark of the service once
   */
  MetricSource(CloudWatchClient client, Consumer<String> notes) {
    this.client = client;
    this.notes = notes;
  }

  /**
   * The values of series over a stretch.
   *
   * @param wanted what each series is called in the account
   */
  MetricAnswer over(Stretch stretch, Map<SeriesName, SeriesName> wanted) {
    Map<SeriesName, Map<Long, Double>> values = new LinkedHashMap<>();
    List<SeriesName> names = List.copyOf(wanted.keySet());
    for (int from = 0; from < names.size(); from += QUERIES) {
      List<SeriesName> some = names.subList(from, Math.min(names.size(), from + QUERIES));
      Map<String, SeriesName> ids = new LinkedHashMap<>();
      List<MetricDataQuery> queries = new ArrayList<>();
      for (SeriesName name : some) {
        String id = "m" + ids.size();
        ids.put(id, name);
        queries.add(query(id, wanted.getOrDefault(name, name), stretch));
        values.put(name, new HashMap<>());
      }
      pages(stretch, queries, ids, values);
    }
    try {
      return new MetricAnswer(stretch, values);
    } catch (IllegalArgumentException wrong) {
      throw CommandException.failed("CloudWatch: " + wrong.getMessage());
    }
  }

  private static MetricDataQuery query(String id, SeriesName name, Stretch stretch) {
    List<Dimension> dimensions = new ArrayList<>();
    name.dimensions()
        .forEach(
            (key, value) -> dimensions.add(Dimension.builder().name(key).value(value).build()));
    Metric metric =
        Metric.builder()
            .namespace(name.namespace())
            .metricName(name.metric())
            .dimensions(dimensions)
            .build();
    return MetricDataQuery.builder()
        .id(id)
        .metricStat(stat ->
            stat.metric(metric).period((int) stretch.period().toSeconds()).stat(name.stat()))
        .build();
  }

  private void pages(
      Stretch stretch,
      List<MetricDataQuery> queries,
      Map<String, SeriesName> ids,
      Map<SeriesName, Map<Long, Double>> values) {
    Map<String, StatusCode> states = new HashMap<>();
    @Nullable String token = null;
    for (int page = 0; page == 0 || token != null; page++) {
      if (page == MOST_PAGES) {
        throw CommandException.failed(
            "CloudWatch has no end of pages from %s to %s, expected at most %,d"
                .formatted(stretch.from(), stretch.to(), MOST_PAGES));
      }
      String next = token;
      GetMetricDataResponse answer =
          Answers.of(
              "cloudwatch:GetMetricData",
              () ->
                  client.getMetricData(request ->
                      request
                          .metricDataQueries(queries)
                          .startTime(stretch.from())
                          .endTime(stretch.to())
                          .scanBy(ScanBy.TIMESTAMP_ASCENDING)
                          .nextToken(next)));
      answer.messages().forEach(this::note);
      for (MetricDataResult result : answer.metricDataResults()) {
        result.messages().forEach(this::note);
        SeriesName name = ids.get(result.id());
        if (name == null) {
          throw CommandException.failed(
              "CloudWatch answers about '%s', which was not asked for".formatted(result.id()));
        }
        states.put(result.id(), result.statusCode());
        take(name, result, values.computeIfAbsent(name, _ -> new HashMap<>()));
      }
      token = answer.nextToken();
    }
    ids.forEach((id, name) -> judge(name, states.get(id)));
  }

  private static void take(SeriesName name, MetricDataResult result, Map<Long, Double> values) {
    List<Instant> times = result.timestamps();
    if (times.size() != result.values().size()) {
      throw CommandException.failed(
          "CloudWatch has %d times and %d values of %s"
              .formatted(times.size(), result.values().size(), name));
    }
    for (int i = 0; i < times.size(); i++) {
      if (values.put(times.get(i).getEpochSecond(), result.values().get(i)) != null) {
        throw CommandException.failed(
            "CloudWatch has two values of %s at %s".formatted(name, times.get(i)));
      }
    }
  }

  private static void judge(SeriesName name, @Nullable StatusCode state) {
    switch (state) {
      case COMPLETE -> {
        // all that there is
      }
      case FORBIDDEN ->
          throw CommandException.usage("CloudWatch denies these credentials the values of " + name);
      case PARTIAL_DATA, INTERNAL_ERROR, UNKNOWN_TO_SDK_VERSION ->
          throw CommandException.failed(
              "CloudWatch has not told all of %s (%s): try again, or a shorter time"
                  .formatted(name, state));
      case null -> throw CommandException.failed("CloudWatch says nothing of " + name);
    }
  }

  private void note(MessageData message) {
    String text = "CloudWatch: %s: %s".formatted(message.code(), message.value());
    if (said.add(text)) {
      notes.accept(text);
    }
  }

  /** The metrics whose names and dimensions a name with open values can mean. */
  List<SeriesName> like(SeriesName open) {
    List<SeriesName> found = new ArrayList<>();
    @Nullable String token = null;
    for (int page = 0; page == 0 || token != null; page++) {
      if (page == MOST_PAGES) {
        throw CommandException.failed("CloudWatch has no end of metrics like " + open);
      }
      String next = token;
      var answer =
          Answers.of(
              "cloudwatch:ListMetrics",
              () ->
                  client.listMetrics(request ->
                      request
                          .namespace(open.namespace())
                          .metricName(open.metric())
                          .nextToken(next)));
      answer.metrics().stream()
          .map(metric -> named(metric, open.stat()))
          .filter(metric -> OpenName.fits(open, metric))
          .forEach(found::add);
      token = answer.nextToken();
    }
    return found;
  }

  private static SeriesName named(Metric metric, String stat) {
    Map<String, String> dimensions = new HashMap<>();
    Collection<Dimension> all = metric.dimensions();
    all.forEach(dimension -> dimensions.put(dimension.name(), dimension.value()));
    return new SeriesName(metric.namespace(), metric.metricName(), dimensions, stat);
  }
}
