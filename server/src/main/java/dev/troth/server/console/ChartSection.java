package dev.troth.server.console;

import dev.troth.server.console.page.Slots;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Failed requests by step and the error budget, over the window. */
record ChartSection(Doc doc) {
  static final Slots<ChartSection> SLOTS =
      new Slots<ChartSection>()
          .text("failures.state", section -> section.bars().isEmpty() ? "empty" : "ok")
          .text("failures.trouble", section -> "")
          .text("failures.peak", ChartSection::peakInWords)
          .text("failures.label", ChartSection::failuresInWords)
          .text("failures.from", ChartSection::from)
          .text("failures.to", ChartSection::to)
          .each("bars", ChartSection::bars, Bars.SLOTS)
          .text("burndown.state", section -> section.knownBudget().isEmpty() ? "empty" : "ok")
          .text("burndown.trouble", section -> "")
          .text("burndown.range", ChartSection::budgetInWords)
          .text("burndown.label", section -> "Error budget: " + section.budgetInWords())
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

  private Doc series() {
    return doc.at("series");
  }

  /**
   * Steps of one request may fail together, so the stack is as high as their sum; the peak named
   * above the chart is that of failed requests.
   */
  private List<Bars> bars() {
    Doc steps = series().at("steps");
    List<String> names = new ArrayList<>(steps.node().propertyNames());
    if (names.isEmpty()) {
      double peak = peak(series().numbers("bad"));
      return peak == 0
          ? List.of()
          : List.of(bar(0, "requests", new double[length()], series().numbers("bad"), peak));
    }
    double[] stacked = new double[length()];
    for (String name : names) {
      List<OptionalDouble> values = steps.numbers(name);
      for (int i = 0; i < Math.min(stacked.length, values.size()); i++) {
        stacked[i] += values.get(i).orElse(0);
      }
    }
    double peak = 0;
    for (double height : stacked) {
      peak = Math.max(peak, height);
    }
    List<Bars> bars = new ArrayList<>();
    double[] base = new double[length()];
    for (int i = 0; peak > 0 && i < names.size(); i++) {
      bars.add(bar(i, names.get(i), base, steps.numbers(names.get(i)), peak));
    }
    return bars;
  }

  private static Bars bar(
      int index, String name, double[] base, List<OptionalDouble> values, double peak) {
    List<OptionalDouble> shown = values.subList(0, Math.min(values.size(), base.length));
    return new Bars(index, name, Chart.bars(base, shown, peak));
  }

  private int length() {
    return series().texts("minutes").size();
  }

  private String peakInWords() {
    double peak = peak(series().numbers("bad"));
    return "at most %s in %s"
        .formatted(Formats.grouped((long) peak), minutes(series().whole("stepMinutes")));
  }

  private String failuresInWords() {
    return "Failed requests by step from %s to %s, %s".formatted(from(), to(), peakInWords());
  }

  private static String minutes(long minutes) {
    return minutes == 1 ? "a minute" : minutes + " minutes";
  }

  private static double peak(List<OptionalDouble> values) {
    return values.stream().mapToDouble(value -> value.orElse(0)).max().orElse(0);
  }

  private List<OptionalDouble> budget() {
    return series().numbers("budgetRemaining");
  }

  private List<Double> knownBudget() {
    return budget().stream()
        .filter(OptionalDouble::isPresent)
        .map(OptionalDouble::getAsDouble)
        .toList();
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
    return "%s now, from %s"
        .formatted(Formats.wholePercent(known.getLast()), Formats.wholePercent(known.getFirst()));
  }

  private String gaps() {
    int gaps = doc.list("gaps").size();
    return gaps == 0 ? "" : Formats.counted(gaps, "gap", "gaps") + " in the data.";
  }

  private String from() {
    return Formats.minute(series().texts("minutes").stream().findFirst().orElse(""));
  }

  private String to() {
    List<String> minutes = series().texts("minutes");
    return minutes.isEmpty() ? "" : Formats.minute(minutes.getLast());
  }
}
