package dev.troth.slo.backtest;

import dev.troth.json.file.Section;
import dev.troth.slo.cloudformation.Formulas;
import dev.troth.slo.cloudformation.Template;
import dev.troth.slo.cloudformation.Template.Resource;
import dev.troth.slo.cloudformation.Values;
import dev.troth.slo.cloudformation.WatchedReader;
import dev.troth.slo.evaluate.Grid;
import dev.troth.slo.evaluate.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The burn rate that Application Signals keeps of an objective in a template: failures over
 * requests of the look-back window, over the budget.
 */
final class BurnRates {
  private static final String NAMESPACE = "AWS/ApplicationSignals";

  private final Optional<AlarmFigure> total;
  private final Optional<AlarmFigure> good;
  private final Optional<AlarmFigure> bad;
  private final Optional<Double> budget;

  private BurnRates(Resource resource, Values values) {
    Optional<Section> metric =
        Values.member(resource.properties(), "RequestBasedSli")
            .flatMap(sli -> Values.member(sli, "RequestBasedSliMetric"));
    Optional<Section> monitored =
        metric.flatMap(m -> Values.member(m, "MonitoredRequestCountMetric"));
    total = metric.flatMap(m -> figure(m, "TotalRequestCountMetric", resource, values));
    good = monitored.flatMap(m -> figure(m, "GoodCountMetric", resource, values));
    bad = monitored.flatMap(m -> figure(m, "BadCountMetric", resource, values));
    budget =
        Values.member(resource.properties(), "Goal")
            .flatMap(goal -> values.text(goal, "AttainmentGoal"))
            .filter(text -> text.matches("\\d{1,2}(\\.\\d+)?"))
            .map(text -> 1 - Double.parseDouble(text) / 100);
  }

  private static Optional<AlarmFigure> figure(
      Section around, String name, Resource resource, Values values) {
    return Values.member(around, name)
        .map(list -> new WatchedReader(values).objective(resource, list))
        .map(watched -> AlarmFigure.of(watched, Formulas.of(watched)));
  }

  static Map<String, BurnRates> of(Template template) {
    Map<String, BurnRates> all = new LinkedHashMap<>();
    for (Resource resource : template.resources().values()) {
      if (resource.is(WatchedReader.OBJECTIVE)) {
        template
            .values()
            .text(resource.properties(), "Name")
            .ifPresent(name -> all.put(name, new BurnRates(resource, template.values())));
      }
    }
    return all;
  }

  /** All that its counts are worked out of. */
  List<SeriesName> metrics() {
    return Stream.of(total, good, bad)
        .flatMap(Optional::stream)
        .flatMap(figure -> figure.metrics().stream())
        .toList();
  }

  static boolean isBurnRate(SeriesName name) {
    return name.namespace().equals(NAMESPACE) && name.metric().equals("BurnRate");
  }

  /** The burn rate at the end of each period of a grid. */
  static Value over(
      SeriesName name, Grid grid, Map<String, BurnRates> objectives, MetricHistory history) {
    BurnRates rates = objectives.get(name.dimensions().getOrDefault("SloName", ""));
    String window = name.dimensions().getOrDefault("BurnRateWindowMinutes", "");
    if (rates == null || !window.matches("[1-9]\\d{0,5}")) {
      return new Value.Unknown("the template has no objective for " + name);
    }
    return rates.over(Integer.parseInt(window), grid, history);
  }

  private Value over(int window, Grid grid, MetricHistory history) {
    if (budget.isEmpty() || total.isEmpty() || (good.isEmpty() && bad.isEmpty())) {
      return new Value.Unknown("the objective counts no requests");
    }
    double[] points = new double[grid.points()];
    for (int i = 0; i < points.length; i++) {
      long end = (grid.start() + (long) grid.period() * (i + 1)) / 60;
      Grid whole = new Grid((end - window) * 60, window * 60, 1);
      Value all = total.get().over(whole, history::over);
      Value part = bad.or(() -> good).orElseThrow().over(whole, history::over);
      if (all instanceof Value.Unknown) {
        return all;
      }
      if (part instanceof Value.Unknown) {
        return part;
      }
      double requests = ((Value.Series) all).at(0);
      double counted = ((Value.Series) part).at(0);
      double failed = Double.isNaN(counted) ? 0 : bad.isPresent() ? counted : requests - counted;
      points[i] = requests > 0 ? failed / requests / budget.get() : Double.NaN;
    }
    return Value.Series.of(points);
  }
}
