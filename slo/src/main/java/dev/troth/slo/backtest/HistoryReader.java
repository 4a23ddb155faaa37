package dev.troth.slo.backtest;

import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a history of metrics.
 *
 * <pre>
 * time,AWS/ApiGateway Count{ApiName=Orders} Sum,AWS/Lambda Errors{FunctionName=handler} Sum
 * 2026-10-01T00:00:00Z,120,0
 * </pre>
 *
 * <p>A line of CSV is a minute; an empty field is a minute without data. Or each line is a JSON
 * object with {@code time}, {@code namespace}, {@code metric}, {@code dimensions}, {@code stat} and
 * {@code value}, which may be null. Or the lines are a log in the embedded metric format.
 */
public final class HistoryReader {
  /** Three years. */
  private static final int MOST_MINUTES = 3 * 366 * 1440;

  private final MetricHistory.Builder history = new MetricHistory.Builder();
  private final List<SeriesName> columns = new ArrayList<>();
  private @Nullable EmbeddedMetrics log;
  private boolean isFirst = true;
  private int line;

  private HistoryReader() {}

  /** A line that cannot be read. */
  public static final class WrongLineException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final int line;

    WrongLineException(int line, String message) {
      super(message);
      this.line = line;
    }

    /** Which one, from 1. */
    public int line() {
      return line;
    }
  }

  /** Reads lines; {@code #} begins a remark. */
  public static MetricHistory read(Stream<String> lines) {
    HistoryReader reader = new HistoryReader();
    for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
      String text = each.next().strip();
      reader.line++;
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          if (reader.log == null && reader.isFirst && EmbeddedMetrics.isLog(text)) {
            reader.log = new EmbeddedMetrics();
          }
          reader.isFirst = false;
          if (reader.log != null) {
            reader.log.take(text);
          } else {
            reader.take(text);
          }
        } catch (DateTimeParseException wrong) {
          throw new WrongLineException(
              reader.line,
              "'%s' is no time such as 2026-10-01T00:00:00Z".formatted(wrong.getParsedString()));
        } catch (WrongLineException wrong) {
          throw wrong;
        } catch (IllegalArgumentException wrong) {
          throw new WrongLineException(reader.line, String.valueOf(wrong.getMessage()));
        }
      }
    }
    if (reader.log == null) {
      return reader.history.build(MOST_MINUTES);
    }
    reader.log.addTo(reader.history);
    return reader.history.build(MOST_MINUTES).passedOver(reader.log.passedOver());
  }

  private void take(String text) {
    if (text.startsWith("{")) {
      object(text);
    } else if (columns.isEmpty()) {
      head(text);
    } else {
      row(text);
    }
  }

  private void head(String text) {
    String[] fields = text.split(",", -1);
    if (!fields[0].strip().equals("time") || fields.length < 2) {
      throw new IllegalArgumentException(
          "'%s', expected a head such as time,AWS/ApiGateway Count{ApiName=Orders} Sum"
              .formatted(text.length() > 80 ? text.substring(0, 80) + "…" : text));
    }
    for (int i = 1; i < fields.length; i++) {
      String field = fields[i];
      columns.add(
          SeriesName.of(field)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "'%s' names no series, expected Namespace Metric{Dimension=value;…} Stat"
                          .formatted(field))));
    }
  }

  private void row(String text) {
    String[] fields = text.split(",", -1);
    if (fields.length != columns.size() + 1) {
      throw new IllegalArgumentException(
          "%d fields, expected %d as in the head".formatted(fields.length, columns.size() + 1));
    }
    long minute = minute(fields[0].strip());
    for (int i = 1; i < fields.length; i++) {
      history.add(columns.get(i - 1), minute, number(fields[i].strip()));
    }
  }

  private static double number(String text) {
    if (text.isEmpty()) {
      return Double.NaN;
    }
    try {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // said below
    }
    throw new IllegalArgumentException(
        "'%s' is no number, expected one, or nothing for no data".formatted(text));
  }

  private static long minute(String time) {
    return Math.floorDiv(Instant.parse(time).getEpochSecond(), 60L);
  }

  private void object(String text) {
    Json json;
    try {
      json = JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException wrong) {
      throw new IllegalArgumentException("no JSON: " + wrong.reason());
    }
    if (!(json instanceof Json.Obj object)) {
      throw new IllegalArgumentException("no JSON object");
    }
    Map<String, String> dimensions = new TreeMap<>();
    if (object.get("dimensions").orElse(Json.Null.NULL) instanceof Json.Obj members) {
      members
          .members()
          .keySet()
          .forEach(name -> dimensions.put(name, members.text(name).orElse("")));
    }
    SeriesName name =
        new SeriesName(
            need(object, "namespace"), need(object, "metric"), dimensions, need(object, "stat"));
    double value =
        switch (object.get("value").orElse(Json.Bool.FALSE)) {
          case Json.Num number -> finite(number.value());
          case Json.Null _ -> Double.NaN;
          default ->
              throw new IllegalArgumentException("has no 'value', expected a number or null");
        };
    history.add(name, minute(need(object, "time")), value);
  }

  private static double finite(BigDecimal value) {
    double number = value.doubleValue();
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(
          "'value' is %s, expected a number below 1.8E308".formatted(value.toString()));
    }
    return number;
  }

  private static String need(Json.Obj object, String member) {
    return object
        .text(member)
        .orElseThrow(
            () -> new IllegalArgumentException("has no '" + member + "', expected a text"));
  }
}
