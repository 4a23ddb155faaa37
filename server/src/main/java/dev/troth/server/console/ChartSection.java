package dev.troth.server.console;

import dev.troth.server.console.figure.Chart;
import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.AsOf;
import dev.troth.server.console.page.Slots;
import dev.troth.server.error.DomainException;
import dev.troth.server.http.Json;
import dev.troth.server.objective.ObjectiveDetail;
import dev.troth.server.objective.ObjectiveDetail.Series;
import dev.troth.server.objective.ObjectiveRoutes;
import dev.troth.server.objective.ObjectiveFigures;
import dev.troth.slo.objective.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Failed requests by step and the error budget, over the window or the stretch that was asked for.
 * Their shapes are in the page, and their values too, for the script that draws them with axes.
 *
 * @param range how far back they reach, as the address says; empty for the window
 */
record ChartSection(ObjectiveDetail detail, String range, AsOf asOf) {
  private static final List<String> RANGES = List.of("15m", "1h", "6h", "1d", "7d", "30d");

  static final Slots<ChartSection> SLOTS =
      new Slots<ChartSection>()
          .each("ranges", ChartSection::ranges, Range.SLOTS)
          .text("failures.state", section -> section.bars().isEmpty() ? "empty" : "ok")
          .text("failures.trouble", section -> "")
          .text("failures.peak", ChartSection::peakInWords)
          .text("failures.label", ChartSection::failuresInWords)
          .text("failures.series", ChartSection::failuresAsJson)
          .text("failures.from", ChartSection::from)
          .text("failures.to", ChartSection::to)
          .each("bars", ChartSection::bars, Bars.SLOTS)
          .text("burndown.state", section -> section.knownBudget().isEmpty() ? "empty" : "ok")
          .text("burndown.trouble", section -> "")
          .text("burndown.range", ChartSection::budgetInWords)
          .text("burndown.label", section -> "Error budget: " + section.budgetInWords())
          .text("burndown.series", ChartSection::budgetAsJson)
          .text("burndown.area", s -> Chart.area(s.budget(), s.low(), 1))
          .text("burndown.line", s -> Chart.line(s.budget(), s.low(), 1))
          .text("burndown.zero", s -> String.format(Locale.ROOT, "%.2f", Chart.y(0, s.low(), 1)))
          .text("burndown.from", ChartSection::from)
          .text("burndown.to", ChartSection::to)
          .text("burndown.gaps", ChartSection::gaps);

  /** The bars of one step. */
  private record Bars(int index, String name, String path) {
    static final Slots<Bars> SLOTS =
        new Slots<Bars>()
            .text("index", bars -> String.valueOf(bars.index % 6))
            .text("name", Bars::name)
            .text("path", Bars::path);
  }

  /** How far back the charts may reach, a link each. */
  private record Range(String path, String query, String length, boolean isCurrent) {
    static final Slots<Range> SLOTS =
        new Slots<Range>()
            .text("path", Range::path)
            .text("query", Range::query)
            .text("length", Range::length)
            .text("current", range -> String.valueOf(range.isCurrent));
  }

  /** Reads what the address of a page says; nothing stands for the window. */
  static Optional<Duration> length(String range) {
    return range.isEmpty()
        ? Optional.empty()
        : Optional.of(DomainException.valid(() -> ObjectiveRoutes.range(range)));
  }

  private List<Range> ranges() {
    Duration window = Duration.ofMinutes(detail.objective().goal().window().minutes());
    String path = Formats.pathOf(detail.objective().identity().name());
    List<Range> ranges = new ArrayList<>();
    for (String one : RANGES) {
      if (Durations.parse(one).compareTo(window) < 0) {
        ranges.add(new Range(path, query(one), Formats.length(one), one.equals(range)));
      }
    }
    if (!range.isEmpty() && ranges.stream().noneMatch(Range::isCurrent)) {
      ranges.add(new Range(path, query(range), Formats.length(range), true));
    }
    String whole = Formats.length(Durations.format(window)) + ", the window";
    ranges.add(new Range(path, query(""), whole, range.isEmpty()));
    return ranges;
  }

  /** A page of an instant that is over stays there. */
  private String query(String length) {
    String kept = asOf.isPast() ? "at=" + asOf.at() : "";
    String wanted = length.isEmpty() ? "" : "range=" + length;
    return "?" + kept + (kept.isEmpty() || wanted.isEmpty() ? "" : "&") + wanted;
  }

  /** The values of a chart: lists that begin at one minute and go on step by step. */
  private String asJson(Map<String, Object> lists) {
    List<Instant> minutes = series().minutes();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("from", minutes.isEmpty() ? 0 : minutes.getFirst().getEpochSecond());
    values.put("step", series().stepMinutes());
    values.putAll(lists);
    return Json.mapper().writeValueAsString(values);
  }

  private String failuresAsJson() {
    Map<String, Object> lists = new LinkedHashMap<>();
    lists.put("total", series().total());
    lists.put("bad", series().bad());
    lists.put("steps", series().steps());
    return asJson(lists);
  }

  private String budgetAsJson() {
    return asJson(Map.of("budget", budget()));
  }

  private Series series() {
    return detail.series();
  }

  /**
   * Steps of one request may fail together, so the stack is as high as their sum; the peak named
   * above the chart is that of failed requests.
   */
  private List<Bars> bars() {
    Map<String, List<Long>> steps = series().steps();
    if (steps.isEmpty()) {
      long peak = peak(series().bad());
      return peak == 0
          ? List.of()
          : List.of(bar(0, "requests", new double[length()], series().bad(), peak));
    }
    double[] stacked = new double[length()];
    for (List<Long> values : steps.values()) {
      for (int i = 0; i < stacked.length; i++) {
        stacked[i] += values.get(i);
      }
    }
    double peak = Arrays.stream(stacked).max().orElse(0);
    List<Bars> bars = new ArrayList<>();
    double[] base = new double[length()];
    if (peak > 0) {
      steps.forEach((name, values) -> bars.add(bar(bars.size(), name, base, values, peak)));
    }
    return bars;
  }

  private static Bars bar(int index, String name, double[] base, List<Long> values, double peak) {
    return new Bars(index, name, Chart.bars(base, values, peak));
  }

  private int length() {
    return series().minutes().size();
  }

  private String peakInWords() {
    return "at most %s in %s"
        .formatted(Formats.grouped(peak(series().bad())), minutes(series().stepMinutes()));
  }

  private String failuresInWords() {
    return "Failed requests by step from %s to %s, %s".formatted(from(), to(), peakInWords());
  }

  private static String minutes(long minutes) {
    return minutes == 1 ? "a minute" : minutes + " minutes";
  }

  private static long peak(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  private List<@Nullable Double> budget() {
    return series().budgetRemaining();
  }

  private List<Double> knownBudget() {
    List<Double> known = new ArrayList<>();
    for (Double value : budget()) {
      if (value != null) {
        known.add(value);
      }
    }
    return known;
  }

  /** The chart's lower edge: zero, or as far below as the budget was overdrawn. */
  private double low() {
    return Math.min(0, knownBudget().stream().mapToDouble(value -> value).min().orElse(0));
  }

  private String budgetInWords() {
    List<Double> known = knownBudget();
    if (known.isEmpty()) {
      return "";
    }
    return "%s now, from %s".formatted(left(known), Formats.wholePercent(known.getFirst()));
  }

  /** What the figure above says, whose window ends with the last minute that is complete. */
  private String left(List<Double> known) {
    ObjectiveFigures.Budget budget = detail.objective().figures().budget();
    return Formats.wholePercent(budget == null ? known.getLast() : budget.remainingRatio());
  }

  private String gaps() {
    int gaps = detail.notes().gaps().size();
    return gaps == 0 ? "" : Formats.counted(gaps, "gap", "gaps") + " in the data.";
  }

  private String from() {
    List<Instant> minutes = series().minutes();
    return minutes.isEmpty() ? "" : Formats.minute(minutes.getFirst());
  }

  private String to() {
    List<Instant> minutes = series().minutes();
    return minutes.isEmpty() ? "" : Formats.minute(minutes.getLast());
  }
}
