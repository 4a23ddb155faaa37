package dev.troth.cli.slo.cloudwatch;

import dev.troth.cli.command.CommandException;
import dev.troth.slo.backtest.SeriesName;
import dev.troth.slo.cloudwatch.MetricAnswer;
import dev.troth.slo.cloudwatch.Retention.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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

  /** A call of fifteen days has some twenty full pages, but a page may hold little. */
  private static final int MOST_PAGES = 1_000;

  private static final int MOST_REMARKS = 20;
  private static final int MOST_NAMES = 100;

  private final CloudWatchClient client;
  private final Deadline deadline;
  private final Consumer<String> notes;
  private final Set<String> said = new LinkedHashSet<>();

  /**
   * A source.
   *
   * @param deadline of all calls together
   * @param notes hears each remark of the service once
   */
  MetricSource(CloudWatchClient client, Deadline deadline, Consumer<String> notes) {
    this.client = client;
    this.deadline = deadline;
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
    Pages pages = new Pages("from %s to %s".formatted(stretch.from(), stretch.to()));
    @Nullable String token = null;
    do {
      String next = token;
      GetMetricDataResponse answer =
          Answers.of(
              "cloudwatch:GetMetricData",
              deadline,
              limit ->
                  client.getMetricData(request ->
                      request
                          .overrideConfiguration(call -> call.apiCallTimeout(limit))
                          .metricDataQueries(queries)
                          .startTime(stretch.from())
                          .endTime(stretch.to())
                          .scanBy(ScanBy.TIMESTAMP_ASCENDING)
                          .nextToken(next)));
      Answers.whole(answer.messages(), "its messages").forEach(this::note);
      for (MetricDataResult result : Answers.whole(answer.metricDataResults(), "its results")) {
        Answers.whole(result.messages(), "its messages").forEach(this::note);
        SeriesName name = ids.get(result.id());
        if (name == null) {
          throw CommandException.failed(
              "CloudWatch answers about '%s', which was not asked for"
                  .formatted(Answers.cut(String.valueOf(result.id()))));
        }
        states.put(result.id(), result.statusCode());
        take(name, result, stretch, values.computeIfAbsent(name, _ -> new HashMap<>()));
      }
      token = pages.next(answer.nextToken());
    } while (token != null);
    ids.forEach((id, name) -> judge(name, states.get(id)));
  }

  private static void take(
      SeriesName name, MetricDataResult result, Stretch stretch, Map<Long, Double> values) {
    List<Instant> times = Answers.whole(result.timestamps(), "the times of " + name);
    List<Double> figures = Answers.whole(result.values(), "the values of " + name);
    if (times.size() != figures.size()) {
      throw CommandException.failed(
          "CloudWatch has %d times and %d values of %s"
              .formatted(times.size(), figures.size(), name));
    }
    for (int i = 0; i < times.size(); i++) {
      Instant at = times.get(i);
      double figure = figures.get(i);
      if (!Double.isFinite(figure)) {
        throw CommandException.failed(
            "CloudWatch has %s of %s at %s, expected a number".formatted(figure, name, at));
      }
      if (at.isBefore(stretch.from()) || !at.isBefore(stretch.to())) {
        throw CommandException.failed(
            "CloudWatch has a value of %s at %s, expected times from %s to %s"
                .formatted(name, at, stretch.from(), stretch.to()));
      }
      if (values.put(at.getEpochSecond(), figure) != null) {
        throw CommandException.failed("CloudWatch has two values of %s at %s".formatted(name, at));
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
    if (said.size() > MOST_REMARKS) {
      return;
    }
    String text =
        "CloudWatch: %s: %s"
            .formatted(
                Answers.cut(String.valueOf(message.code())),
                Answers.cut(String.valueOf(message.value())));
    if (said.add(text)) {
      notes.accept(
          said.size() > MOST_REMARKS
              ? "CloudWatch makes more than %d remarks: the others are not shown"
                  .formatted(MOST_REMARKS)
              : text);
    }
  }

  /** The metrics whose names and dimensions a name with open values can mean. */
  List<SeriesName> like(SeriesName open) {
    List<SeriesName> found = new ArrayList<>();
    Pages pages = new Pages("of metrics like " + open);
    @Nullable String token = null;
    do {
      String next = token;
      var answer =
          Answers.of(
              "cloudwatch:ListMetrics",
              deadline,
              limit ->
                  client.listMetrics(request ->
                      request
                          .overrideConfiguration(call -> call.apiCallTimeout(limit))
                          .namespace(open.namespace())
                          .metricName(open.metric())
                          .nextToken(next)));
      Answers.whole(answer.metrics(), "its metrics").stream()
          .map(metric -> named(metric, open.stat()))
          .filter(metric -> OpenName.fits(open, metric))
          .forEach(found::add);
      if (found.size() > MOST_NAMES) {
        throw CommandException.usage(
            "CloudWatch lists more than %d metrics that %s may be: give --parameter NAME=VALUE"
                .formatted(MOST_NAMES, open));
      }
      token = pages.next(answer.nextToken());
    } while (token != null);
    return found;
  }

  private static SeriesName named(Metric metric, String stat) {
    Map<String, String> dimensions = new HashMap<>();
    for (Dimension dimension : Answers.whole(metric.dimensions(), "the dimensions of a metric")) {
      dimensions.put(text(dimension.name()), text(dimension.value()));
    }
    return new SeriesName(text(metric.namespace()), text(metric.metricName()), dimensions, stat);
  }

  private static String text(@Nullable String text) {
    if (text == null) {
      throw CommandException.failed("CloudWatch lists a metric that lacks a name");
    }
    return text;
  }

  /** The tokens of one call's pages: each leads on, and there are not too many. */
  private static final class Pages {
    private static final int LONGEST = 20_000;

    private final String what;
    private final Set<String> seen = new HashSet<>();

    Pages(String what) {
      this.what = what;
    }

    @Nullable String next(@Nullable String token) {
      if (token == null || token.isEmpty()) {
        return null;
      }
      if (token.length() > LONGEST) {
        throw CommandException.failed(
            "CloudWatch has a token of %,d characters for the next page %s, expected at most %,d"
                .formatted(token.length(), what, LONGEST));
      }
      if (!seen.add(token)) {
        throw CommandException.failed(
            "CloudWatch has the same token for two pages %s, expected one that leads on"
                .formatted(what));
      }
      if (seen.size() >= MOST_PAGES) {
        throw CommandException.failed(
            "CloudWatch has no end of pages %s, expected at most %,d".formatted(what, MOST_PAGES));
      }
      return token;
    }
  }
}
