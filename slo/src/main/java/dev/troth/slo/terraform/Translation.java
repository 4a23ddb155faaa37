package dev.troth.slo.terraform;

import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.file.Location;
import dev.troth.json.file.SourceFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of one resource under the names that templates have for them. */
final class Translation {
  private static final Json OPEN =
      new Json.Obj(Map.of("Ref", new Json.Str("known after the apply")));

  /** Their names in a plan and in a template, where both hold the same value. */
  private static final Map<String, String> ALARM =
      Map.ofEntries(
          Map.entry("alarm_name", "AlarmName"),
          Map.entry("comparison_operator", "ComparisonOperator"),
          Map.entry("threshold", "Threshold"),
          Map.entry("threshold_metric_id", "ThresholdMetricId"),
          Map.entry("evaluation_periods", "EvaluationPeriods"),
          Map.entry("treat_missing_data", "TreatMissingData"),
          Map.entry("actions_enabled", "ActionsEnabled"),
          Map.entry("alarm_actions", "AlarmActions"),
          Map.entry("namespace", "Namespace"),
          Map.entry("metric_name", "MetricName"),
          Map.entry("statistic", "Statistic"),
          Map.entry("extended_statistic", "ExtendedStatistic"),
          Map.entry("period", "Period"));

  private final SourceFile plan;
  private final Map<String, String> lines;
  private final String from;
  private final String to;

  /**
   * From one place to another.
   *
   * @param lines where the places of the new values are noted
   * @param from the pointer to the resource's values in the plan
   * @param to the pointer to its properties in the template
   */
  Translation(SourceFile plan, Map<String, String> lines, String from, String to) {
    this.plan = plan;
    this.lines = lines;
    this.from = from;
    this.to = to;
  }

  /** Notes that a new value stands where an old one stood. */
  static void place(SourceFile plan, Map<String, String> lines, String to, String from) {
    Location place = plan.place(from);
    if (place.line() > 0) {
      lines.put(to, place.line() + ":" + place.column());
    }
  }

  /** Values with those that are not known yet in their places. */
  static Json overlaid(Json value, @Nullable Json unknown, int depth) {
    if (unknown == null || depth > 20) {
      return value;
    }
    if (unknown == Json.Bool.TRUE) {
      return OPEN;
    }
    if (unknown instanceof Json.Obj open) {
      Map<String, Json> members =
          new LinkedHashMap<>(value instanceof Json.Obj known ? known.members() : Map.of());
      open.members()
          .forEach((name, member) -> {
            Json before = members.getOrDefault(name, Json.Null.NULL);
            Json after = overlaid(before, member, depth + 1);
            if (!(after instanceof Json.Null)) {
              members.put(name, after);
            }
          });
      return value instanceof Json.Obj || !members.isEmpty() ? new Json.Obj(members) : value;
    }
    if (unknown instanceof Json.Arr open && value instanceof Json.Arr known) {
      List<Json> items = new ArrayList<>(known.items());
      for (int i = 0; i < Math.min(items.size(), open.items().size()); i++) {
        items.set(i, overlaid(items.get(i), open.items().get(i), depth + 1));
      }
      return new Json.Arr(items);
    }
    return value;
  }

  private Json taken(Json value, String below, String name, String source) {
    place(plan, lines, JsonPointer.child(to + below, name), from + source);
    return value;
  }

  /** A provider says absent by null, by an empty list or text, and by 0 data points. */
  private static boolean isAbsent(Json value) {
    return value instanceof Json.Null
        || (value instanceof Json.Arr list && list.items().isEmpty())
        || (value instanceof Json.Obj map && map.members().isEmpty())
        || (value instanceof Json.Str(String text) && text.isEmpty());
  }

  Json alarm(Json.Obj values) {
    Map<String, Json> properties = new LinkedHashMap<>();
    values
        .members()
        .forEach((name, value) -> {
          String property = ALARM.get(name);
          if (property != null && !isAbsent(value)) {
            properties.put(property, taken(value, "", property, JsonPointer.child("", name)));
          }
        });
    if (!values.get("datapoints_to_alarm").filter(Json.Num.of(0)::equals).isPresent()) {
      put(values, "datapoints_to_alarm", properties, "DatapointsToAlarm", "", "");
    }
    dimensions(values, properties, "", "");
    if (values.members().get("metric_query") instanceof Json.Arr queries
        && !queries.items().isEmpty()) {
      List<Json> metrics = new ArrayList<>();
      for (int i = 0; i < queries.items().size(); i++) {
        metrics.add(
            query(
                queries.items().get(i),
                JsonPointer.child("/Metrics", i),
                JsonPointer.child("/metric_query", i)));
      }
      properties.put("Metrics", taken(new Json.Arr(metrics), "", "Metrics", "/metric_query"));
      // The provider keeps a period of the alarm beside that of each metric, as 0.
      properties.remove("Period");
    } else if (values.members().get("metric_query") instanceof Json.Obj) {
      properties.put("Metrics", OPEN);
    }
    return new Json.Obj(properties);
  }

  private Json query(Json json, String below, String source) {
    place(plan, lines, to + below, from + source);
    if (!(json instanceof Json.Obj query)) {
      return json;
    }
    Map<String, Json> members = new LinkedHashMap<>();
    Map.of("id", "Id", "expression", "Expression", "label", "Label")
        .forEach((name, member) -> put(query, name, members, member, below, source));
    // Here nothing said means false.
    boolean returned = Json.Bool.TRUE.equals(query.members().get("return_data"));
    members.put("ReturnData", Json.Bool.of(returned));
    if (query.members().get("metric") instanceof Json.Arr metrics
        && !metrics.items().isEmpty()
        && metrics.items().getFirst() instanceof Json.Obj metric) {
      members.put("MetricStat", stat(metric, below + "/MetricStat", source + "/metric/0"));
    }
    return new Json.Obj(members);
  }

  private Json stat(Json.Obj metric, String below, String source) {
    Map<String, Json> inner = new LinkedHashMap<>();
    Map<String, Json> outer = new LinkedHashMap<>();
    Map.of("namespace", "Namespace", "metric_name", "MetricName")
        .forEach((name, member) -> put(metric, name, inner, member, below + "/Metric", source));
    dimensions(metric, inner, below + "/Metric", source);
    outer.put("Metric", new Json.Obj(inner));
    Map.of("period", "Period", "stat", "Stat")
        .forEach((name, member) -> put(metric, name, outer, member, below, source));
    return new Json.Obj(outer);
  }

  private void put(
      Json.Obj values,
      String name,
      Map<String, Json> members,
      String member,
      String below,
      String source) {
    values
        .get(name)
        .filter(value -> !isAbsent(value))
        .ifPresent(value ->
            members.put(member, taken(value, below, member, source + JsonPointer.child("", name))));
  }

  private void dimensions(Json.Obj values, Map<String, Json> members, String below, String source) {
    if (values.members().get("dimensions") instanceof Json.Obj map && !map.members().isEmpty()) {
      List<Json> list = new ArrayList<>();
      map.members()
          .forEach((name, value) -> {
            Map<String, Json> dimension = new LinkedHashMap<>();
            dimension.put("Name", new Json.Str(name));
            dimension.put("Value", value);
            list.add(new Json.Obj(dimension));
          });
      members.put(
          "Dimensions", taken(new Json.Arr(list), below, "Dimensions", source + "/dimensions"));
    }
  }

  Json composite(Json.Obj values) {
    Map<String, Json> properties = new LinkedHashMap<>();
    Map.of(
            "alarm_name", "AlarmName",
            "alarm_rule", "AlarmRule",
            "alarm_actions", "AlarmActions",
            "actions_enabled", "ActionsEnabled")
        .forEach((name, member) -> put(values, name, properties, member, "", ""));
    if (values.members().get("actions_suppressor") instanceof Json.Arr list
        && !list.items().isEmpty()
        && list.items().getFirst() instanceof Json.Obj suppressor) {
      suppressor.get("alarm").ifPresent(alarm -> properties.put("ActionsSuppressor", alarm));
    }
    return new Json.Obj(properties);
  }

  Json dashboard(Json.Obj values) {
    Map<String, Json> properties = new LinkedHashMap<>();
    put(values, "dashboard_name", properties, "DashboardName", "", "");
    put(values, "dashboard_body", properties, "DashboardBody", "", "");
    return new Json.Obj(properties);
  }
}
