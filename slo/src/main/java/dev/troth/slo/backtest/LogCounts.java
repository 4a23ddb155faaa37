package dev.troth.slo.backtest;

import dev.troth.json.Json;
import dev.troth.json.JsonException;
import dev.troth.json.JsonReader;
import dev.troth.slo.backtest.Backtest.Minute;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts requests by the minute out of a log of JSON lines, one line a request in any order.
 *
 * <pre>{@code
 * LogCounts counts = new LogCounts("time", Condition.of("status>=500"));
 * counts.take("{\"time\":\"2026-10-01T00:00:03Z\",\"status\":503}");
 * }</pre>
 */
public final class LogCounts {
  private final String timeField;
  private final Condition bad;
  private final Map<Long, long[]> minutes = new TreeMap<>();

  public LogCounts(String timeField, Condition bad) {
    this.timeField = timeField;
    this.bad = bad;
  }

  /**
   * What makes a request bad.
   *
   * @param field a member, of members of members with dots between
   */
  public record Condition(String field, String operator, String value) {
    private static final Pattern FORM =
        Pattern.compile("([^<>=!\\s]+)\\s*(>=|<=|!=|>|<|=)\\s*(\\S.*)");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d{1,9})?");

    public Condition {
      boolean orders = operator.startsWith("<") || operator.startsWith(">");
      if (orders && !NUMBER.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "'%s' is compared with '%s', expected a number".formatted(field, value));
      }
    }

    /** Reads {@code status>=500}, {@code level=error} and the like. */
    public static Condition of(String text) {
      Matcher matcher = FORM.matcher(text.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "'%s', expected a field, one of = != > < >= <=, and a value: status>=500"
                .formatted(text));
      }
      return new Condition(matcher.group(1), matcher.group(2), matcher.group(3).strip());
    }

    private boolean holds(Json found) {
      String text =
          switch (found) {
            case Json.Str(String string) -> string;
            case Json.Num number -> number.value().toPlainString();
            case Json.Bool bool -> bool.toString();
            case Json.Null _, Json.Arr _, Json.Obj _ ->
                throw new IllegalArgumentException(
                    "%s is %s, expected a text, a number, true or false"
                        .formatted(field, shown(found)));
          };
      if (operator.equals("=") || operator.equals("!=")) {
        boolean number = NUMBER.matcher(text).matches() && NUMBER.matcher(value).matches();
        boolean same =
            number
                ? new BigDecimal(text).compareTo(new BigDecimal(value)) == 0
                : text.equals(value);
        return same == operator.equals("=");
      }
      if (!NUMBER.matcher(text).matches()) {
        throw new IllegalArgumentException(
            "%s is %s, expected a number".formatted(field, shown(found)));
      }
      int compared = new BigDecimal(text).compareTo(new BigDecimal(value));
      return switch (operator) {
        case ">" -> compared > 0;
        case "<" -> compared < 0;
        case ">=" -> compared >= 0;
        default -> compared <= 0;
      };
    }
  }

  private static String shown(Json value) {
    String text = value.toString();
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  /** Counts one line. */
  public void take(String line) {
    Json json;
    try {
      json = JsonReader.read(line.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException wrong) {
      throw new IllegalArgumentException("no JSON: " + wrong.reason());
    }
    long[] minute = minutes.computeIfAbsent(minute(field(json, timeField)), _ -> new long[2]);
    minute[0]++;
    if (bad.holds(field(json, bad.field))) {
      minute[1]++;
    }
  }

  private static Json field(Json line, String path) {
    Json at = line;
    for (String name : path.split("\\.")) {
      at = at instanceof Json.Obj object ? object.get(name).orElse(Json.Null.NULL) : Json.Null.NULL;
    }
    // A name may have dots of its own.
    Json whole =
        line instanceof Json.Obj object ? object.get(path).orElse(Json.Null.NULL) : Json.Null.NULL;
    Json found = at instanceof Json.Null ? whole : at;
    if (found instanceof Json.Null) {
      throw new IllegalArgumentException("has no '%s', expected one in each line".formatted(path));
    }
    return found;
  }

  private long minute(Json time) {
    if (time instanceof Json.Str(String text)) {
      try {
        return Math.floorDiv(OffsetDateTime.parse(text).toEpochSecond(), 60L);
      } catch (DateTimeParseException notATime) {
        // said below
      }
    }
    if (time instanceof Json.Num(BigDecimal number) && number.signum() > 0) {
      // Seconds of any time that logs are from are below 10¹¹, milliseconds above.
      long whole = number.longValue();
      return Math.floorDiv(whole, whole < 100_000_000_000L ? 60L : 60_000L);
    }
    throw new IllegalArgumentException(
        "%s is %s, expected a time such as 2026-10-01T00:00:00Z, or seconds or milliseconds since"
                .formatted(timeField, shown(time))
            + " 1970");
  }

  /** The minutes in the order of time; those without a line had no data. */
  public List<Minute> minutes() {
    List<Minute> all = new ArrayList<>();
    minutes.forEach((minute, counts) ->
        all.add(new Minute(Instant.ofEpochSecond(60 * minute), counts[0], counts[1])));
    return all;
  }
}
