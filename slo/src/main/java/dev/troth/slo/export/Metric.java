package dev.troth.slo.export;

import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A statistic of a metric, as alarms and charts write it.
 *
 * @param id how expressions call it
 * @param namespace a text, or the name of the parameter that holds it in {@code ${…}}
 * @param dimensions their values are texts in which {@code ${Parameter}} stands for a parameter
 */
record Metric(
    String id, String namespace, String name, Map<String, String> dimensions, String stat) {
  Metric {
    dimensions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(dimensions));
  }

  Metric as(String otherId, String otherStat) {
    return new Metric(otherId, namespace, name, dimensions, otherStat);
  }

  private static Json value(String text) {
    boolean parameter = text.matches("\\$\\{[A-Za-z0-9]+}");
    return parameter
        ? Shape.ref(text.substring(2, text.length() - 1))
        : text.contains("${") ? Shape.sub(text) : new Json.Str(text);
  }

  private Json dimensionList() {
    List<Json> list = new ArrayList<>();
    dimensions.forEach((key, text) -> list.add(Shape.object("Name", key, "Value", value(text))));
    return new Json.Arr(list);
  }

  /** A member of the {@code Metrics} of an alarm or an objective. */
  Json query(int period, boolean returnData) {
    return Shape.object(
        "Id",
        id,
        "MetricStat",
        Shape.object(
            "Metric",
            Shape.object(
                "Namespace", value(namespace), "MetricName", name, "Dimensions", dimensionList()),
            "Period",
            period,
            "Stat",
            stat),
        "ReturnData",
        returnData);
  }

  /** The properties of an alarm on this metric alone. */
  Map<String, Json> alone(int period) {
    Map<String, Json> members = new LinkedHashMap<>();
    members.put("Namespace", value(namespace));
    members.put("MetricName", new Json.Str(name));
    members.put("Dimensions", dimensionList());
    members.put("Statistic", new Json.Str(stat));
    members.put("Period", Json.Num.of(period));
    return members;
  }

  /** A row of a chart. */
  Json row(String label, boolean visible) {
    List<Json> row = new ArrayList<>();
    row.add(new Json.Str(namespace));
    row.add(new Json.Str(name));
    dimensions.forEach((key, text) -> {
      row.add(new Json.Str(key));
      row.add(new Json.Str(text));
    });
    row.add(
        visible
            ? Shape.object("id", id, "stat", stat, "label", label)
            : Shape.object("id", id, "stat", stat, "visible", false));
    return new Json.Arr(row);
  }

  /** An expression over metrics, as a member of {@code Metrics}. */
  static Json expression(String id, String expression, boolean returnData) {
    return Shape.object("Id", id, "Expression", expression, "ReturnData", returnData);
  }
}
