package dev.troth.slo.series;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads OpenMetrics text whose samples have times, such as {@code promtool tsdb create-blocks-from
 * openmetrics} takes.
 *
 * <pre>
 * # TYPE http_requests counter
 * http_requests_total{code="500"} 12 1790812800
 * # EOF
 * </pre>
 */
public final class OpenMetricsReader {
  private static final int MOST_SERIES = 10_000;
  private static final int MOST_SAMPLES = 30_000_000;
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*+)(?:\\{((?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*+\")*+)})?"
              + " +(\\S++)(?: +(\\S++))?(?: +# \\{.*)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*+)=\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"(?:,|$)");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(.)");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d+)?");
  private static final Pattern TIME = Pattern.compile("-?\\d{1,12}(?:\\.\\d{1,9})?");

  private OpenMetricsReader() {}

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

  /** Reads all lines, up to {@code # EOF}. */
  public static SeriesStore read(Stream<String> lines) {
    SeriesStore store = new SeriesStore(MOST_SERIES);
    Map<String, LabelSet> known = new LinkedHashMap<>();
    int line = 0;
    int samples = 0;
    boolean ended = false;
    for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
      String text = each.next();
      line++;
      try {
        if (ended) {
          throw new IllegalArgumentException(shown(text) + " stands behind # EOF");
        }
        ended = text.equals("# EOF");
        if (!text.startsWith("#")) {
          sample(text, store, known);
          if (++samples > MOST_SAMPLES) {
            throw new IllegalArgumentException(
                "there are more than %,d samples".formatted(MOST_SAMPLES));
          }
        }
      } catch (IllegalArgumentException wrong) {
        throw new WrongLineException(line, String.valueOf(wrong.getMessage()));
      }
    }
    if (!ended) {
      throw new WrongLineException(
          Math.max(1, line), "the text ends without '# EOF', so something may be missing");
    }
    if (samples == 0) {
      throw new WrongLineException(line, "there are no samples to replay");
    }
    return store;
  }

  private static void sample(String text, SeriesStore store, Map<String, LabelSet> known) {
    Matcher matcher = SAMPLE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          shown(text)
              + ", expected a sample such as http_requests_total{code=\"500\"} 12 1790812800");
    }
    String series = text.substring(0, matcher.start(3)).stripTrailing();
    LabelSet labels = known.get(series);
    if (labels == null) {
      labels = labels(matcher.group(1), matcher.group(2));
      known.put(series, labels);
    }
    String time = matcher.group(4);
    if (time == null || !TIME.matcher(time).matches()) {
      throw new IllegalArgumentException(
          "%s has the time '%s', expected seconds since 1970 such as 1790812800.5"
              .formatted(series, time == null ? "" : time));
    }
    store.measured(
        labels, Math.round(Double.parseDouble(time) * 1_000), value(series, matcher.group(3)));
  }

  private static LabelSet labels(String name, String written) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(LabelSet.NAME, name);
    Matcher matcher = LABEL.matcher(written == null ? "" : written);
    int at = 0;
    while (written != null && at < written.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new IllegalArgumentException(
            "labels of %s are {%s}, expected name=\"value\",…".formatted(name, written));
      }
      String value =
          ESCAPE
              .matcher(matcher.group(2))
              .replaceAll(escape ->
                  Matcher.quoteReplacement(escape.group(1).equals("n") ? "\n" : escape.group(1)));
      if (labels.put(matcher.group(1), value) != null) {
        throw new IllegalArgumentException(
            "%s has the label '%s' twice".formatted(name, matcher.group(1)));
      }
      at = matcher.end();
    }
    return LabelSet.of(labels);
  }

  private static double value(String series, String text) {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        if (!NUMBER.matcher(text).matches()) {
          throw new IllegalArgumentException(
              "%s has the value '%s', expected a number".formatted(series, text));
        }
        yield Double.parseDouble(text);
      }
    };
  }

  private static String shown(String text) {
    return "'" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "'";
  }
}
