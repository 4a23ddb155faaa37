package dev.troth.slo.cloudformation;

import dev.troth.json.file.Location;
import dev.troth.json.file.Section;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.Watched.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what the resources of a template watch: alarms, objectives, blocks without a type. */
public final class WatchedReader {
  public static final String ALARM = "AWS::CloudWatch::Alarm";
  public static final String OBJECTIVE = "AWS::ApplicationSignals::ServiceLevelObjective";

  private final Values values;

  public WatchedReader(Values values) {
    this.values = values;
  }

  public List<Watched> read(Resource resource) {
    Section properties = resource.properties();
    if (resource.is(ALARM)) {
      return List.of(watched(Kind.ALARM, resource, alarm(properties)));
    }
    if (resource.is(OBJECTIVE)) {
      return objective(resource);
    }
    if (resource.type().isEmpty()) {
      return Values.member(properties, "Metrics")
          .map(metrics -> List.of(watched(Kind.UNTYPED, resource, queries(metrics))))
          .orElse(List.of());
    }
    return List.of();
  }

  private Watched watched(Kind kind, Resource resource, List<Query> queries) {
    return new Watched(
        kind,
        resource.name(),
        resource.body().keyPlace(),
        queries,
        values.whole(resource.properties(), "EvaluationPeriods"),
        values.text(resource.properties(), "ThresholdMetricId"),
        Optional.empty());
  }

  private List<Query> alarm(Section properties) {
    Optional<Section> metrics = Values.member(properties, "Metrics");
    if (metrics.isPresent()) {
      return queries(metrics.get());
    }
    return Values.member(properties, "MetricName")
        .flatMap(name -> single(properties, name))
        .map(List::of)
        .orElse(List.of());
  }

  /** An alarm on one metric, whose properties stand directly in it. */
  private Optional<Query> single(Section properties, Section name) {
    Optional<String> stat =
        values.text(properties, "Statistic").or(() -> values.text(properties, "ExtendedStatistic"));
    return stat(properties, name.place(), properties, stat.orElse(""))
        .map(read ->
            new Query(
                name.place(),
                Optional.empty(),
                Optional.of(read),
                Optional.empty(),
                Optional.of(true),
                ""));
  }

  /** One list of metrics of an objective. */
  public Watched objective(Resource resource, Section metrics) {
    return watched(Kind.OBJECTIVE, resource, queries(metrics));
  }

  private List<Watched> objective(Resource resource) {
    List<Watched> found = new ArrayList<>();
    collect(resource.properties(), resource, found);
    return found;
  }

  /** Every list of metrics of an objective, however deep: total, good, bad, or one SLI metric. */
  private void collect(Section section, Resource resource, List<Watched> found) {
    for (Section member : Values.members(section).values()) {
      List<Section> items = Values.items(member);
      boolean metrics =
          items.stream()
              .anyMatch(item ->
                  Values.member(item, "MetricStat").isPresent()
                      || Values.member(item, "Expression").isPresent());
      if (metrics) {
        found.add(watched(Kind.OBJECTIVE, resource, queries(member)));
      } else {
        collect(member, resource, found);
      }
    }
  }

  private List<Query> queries(Section metrics) {
    List<Query> queries = new ArrayList<>();
    for (Section item : Values.items(metrics)) {
      if (item.isMapping()) {
        queries.add(query(item));
      }
    }
    return queries;
  }

  private Query query(Section item) {
    Optional<Section> stat = Values.member(item, "MetricStat");
    Optional<Section> expression = Values.member(item, "Expression");
    Location place =
        expression
            .map(Section::place)
            .or(() ->
                stat.flatMap(s -> Values.member(s, "Metric"))
                    .flatMap(metric -> Values.member(metric, "MetricName"))
                    .map(Section::place))
            .orElse(item.place());
    return new Query(
        place,
        values.text(item, "Id"),
        stat.flatMap(s ->
            Values.member(s, "Metric")
                .flatMap(metric -> stat(metric, place, s, values.text(s, "Stat").orElse("")))),
        expression.flatMap(values::text),
        values.text(item, "ReturnData").map("true"::equals),
        values.text(item, "Label").orElse(""));
  }

  private Optional<MetricStat> stat(
      Section metric, Location place, Section around, String statistic) {
    Optional<String> namespace = values.text(metric, "Namespace");
    Optional<String> name = values.text(metric, "MetricName");
    if (namespace.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> dimensions = new LinkedHashMap<>();
    Values.member(metric, "Dimensions")
        .ifPresent(list ->
            Values.items(list)
                .forEach(dimension ->
                    values
                        .text(dimension, "Name")
                        .ifPresent(key ->
                            dimensions.put(key, values.text(dimension, "Value").orElse("${?}")))));
    return Optional.of(
        new MetricStat(
            place,
            namespace.get(),
            name.get(),
            dimensions,
            values.whole(around, "Period"),
            statistic));
  }
}
