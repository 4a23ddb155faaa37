package dev.troth.slo.backtest;

import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics out of lines of a log in the embedded metric format (CloudWatch user guide,
 * "Specification: Embedded metric format"), as the service makes minutes of them.
 *
 * <p>A time, and a stream's name, may stand before the object, as exports of logs have it. Lines
 * without {@code _aws} hold no metrics; they are counted.
 */
final class EmbeddedMetrics {
  private static final Pattern PREFIXED =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\S+ (?:[^\\s{]\\S* )?+(.*)");
  private static final int MOST_SERIES = 10_000;

  /** The service's own limit. */
  private static final int MOST_DIMENSIONS = 30;

  private static final Pattern LAMBDA = Pattern.compile("(START|INIT_START|END|REPORT)\\b.*");

  private final Map<SeriesName, Map<Long, Minute>> minutes = new LinkedHashMap<>();
  private long passedOver;

  /** What was measured in a minute. */
  private static final class Minute {
    private double sum;
    private long samples;
    private double most = Double.NEGATIVE_INFINITY;
    private double least = Double.POSITIVE_INFINITY;

    void add(double value) {
      sum += value;
      samples++;
      most = Math.max(most, value);
      least = Math.min(least, value);
    }
  }

  /** Whether a first line is one of a log. */
  static boolean isLog(String text) {
    return PREFIXED.matcher(text).matches()
        || LAMBDA.matcher(text).matches()
        || (text.startsWith("{") && text.contains("\"_aws\""));
  }

  long passedOver() {
    return passedOver;
  }

  void take(String line) {
    Matcher prefixed = PREFIXED.matcher(line);
    String text = prefixed.matches() ? prefixed.group(1) : line;
    if (!text.startsWith("{") || !text.contains("\"_aws\"")) {
      passedOver++;
      return;
    }
    Json json;
    try {
      json = JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException wrong) {
      throw new IllegalArgumentException("no JSON: " + wrong.reason());
    }
    if (!(json instanceof Json.Obj root)
        || !(root.get("_aws").orElse(Json.Null.NULL) instanceof Json.Obj meta)) {
      throw wrong(
          "_aws", json instanceof Json.Obj o ? o.get("_aws").orElse(json) : json, "an object");
    }
    Json time = meta.get("Timestamp").orElse(Json.Null.NULL);
    if (!(time instanceof Json.Num(BigDecimal millis)) || millis.signum() < 0) {
      throw wrong("_aws.Timestamp", time, "milliseconds since 1970");
    }
    long minute = Math.floorDiv(millis.longValue(), 60_000L);
    for (Json directive : list(meta, "CloudWatchMetrics", "_aws.CloudWatchMetrics")) {
      if (!(directive instanceof Json.Obj one)) {
        throw wrong("_aws.CloudWatchMetrics", directive, "objects");
      }
      directive(root, one, minute);
    }
  }

  private void directive(Json.Obj root, Json.Obj directive, long minute) {
    String namespace =
        directive
            .text("Namespace")
            .orElseThrow(() ->
                wrong("Namespace", directive.get("Namespace").orElse(Json.Null.NULL), "a text"));
    List<Map<String, String>> sets = new ArrayList<>();
    for (Json set : list(directive, "Dimensions", "Dimensions")) {
      sets.add(dimensions(root, set));
    }
    if (sets.isEmpty()) {
      sets.add(Map.of());
    }
    for (Json metric : list(directive, "Metrics", "Metrics")) {
      String name =
          (metric instanceof Json.Obj definition
                  ? definition.text("Name")
                  : java.util.Optional.<String>empty())
              .orElseThrow(() -> wrong("Metrics", metric, "objects with a Name"));
      double[] values = values(name, root.get(name).orElse(Json.Null.NULL));
      for (Map<String, String> set : sets) {
        Minute one =
            series(new SeriesName(namespace, name, set, ""))
                .computeIfAbsent(minute, _ -> new Minute());
        for (double value : values) {
          one.add(value);
        }
      }
    }
  }

  private Map<Long, Minute> series(SeriesName name) {
    Map<Long, Minute> known = minutes.get(name);
    if (known == null) {
      if (minutes.size() == MOST_SERIES) {
        throw new IllegalArgumentException(
            "there are more than %,d series, expected fewer metrics or sets of dimensions"
                .formatted(MOST_SERIES));
      }
      known = new TreeMap<>();
      minutes.put(name, known);
    }
    return known;
  }

  private static Map<String, String> dimensions(Json.Obj root, Json set) {
    if (!(set instanceof Json.Arr(List<Json> names))) {
      throw wrong("Dimensions", set, "lists of names");
    }
    if (names.size() > MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "a set has %d dimensions, expected at most %d".formatted(names.size(), MOST_DIMENSIONS));
    }
    Map<String, String> dimensions = new TreeMap<>();
    for (Json name : names) {
      if (!(name instanceof Json.Str(String key))) {
        throw wrong("Dimensions", name, "names");
      }
      dimensions.put(
          key,
          root.text(key)
              .orElseThrow(() ->
                  wrong(
                      key,
                      root.get(key).orElse(Json.Null.NULL),
                      "a text, since it is a dimension")));
    }
    return dimensions;
  }

  private static double[] values(String name, Json value) {
    List<Json> all = value instanceof Json.Arr(List<Json> items) ? items : List.of(value);
    double[] values = new double[all.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(all.get(i) instanceof Json.Num(BigDecimal number))) {
        throw wrong(name, all.get(i), "a number, since it is a metric");
      }
      values[i] = number.doubleValue();
      if (!Double.isFinite(values[i])) {
        throw wrong(name, all.get(i), "a number below 1.8E308");
      }
    }
    return values;
  }

  private static List<Json> list(Json.Obj object, String member, String path) {
    Json value = object.get(member).orElse(new Json.Arr(List.of()));
    if (!(value instanceof Json.Arr(List<Json> items))) {
      throw wrong(path, value, "a list");
    }
    return items;
  }

  private static IllegalArgumentException wrong(String name, Json value, String expected) {
    String text = value.toString();
    return new IllegalArgumentException(
        "%s is %s, expected %s"
            .formatted(name, text.length() > 80 ? text.substring(0, 80) + "…" : text, expected));
  }

  /** Adds the statistics that follow from what was measured. */
  void addTo(MetricHistory.Builder history) {
    minutes.forEach((name, all) ->
        all.forEach((minute, one) -> {
          history.add(name.as("Sum"), minute, one.sum);
          history.add(name.as("SampleCount"), minute, one.samples);
          history.add(name.as("Maximum"), minute, one.most);
          history.add(name.as("Minimum"), minute, one.least);
        }));
  }
}
