package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.json.JsonWriter;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The dashboard of a chain: availability over the window, budget left, latency, and what fails at
 * the gateway, in functions and on the way to the bus.
 */
final class Dashboard {
  private static final int WIDTH = 12;
  private static final int HEIGHT = 6;
  private static final int PERIOD = 300;

  private final Objective availability;
  private final ChainMetrics chain;
  private final List<Json> widgets = new ArrayList<>();

  private Dashboard(Objective availability, ChainMetrics chain) {
    this.availability = availability;
    this.chain = chain;
  }

  /**
   * The resource.
   *
   * @param latency the objective whose threshold stands in the latency chart
   * @param additive whether the additive recipe is shown beside the availability
   */
  static Json of(
      Objective availability, Optional<Objective> latency, ChainMetrics chain, boolean additive) {
    Dashboard dashboard = new Dashboard(availability, chain);
    dashboard.availability(additive);
    dashboard.budget();
    dashboard.latency(latency);
    dashboard.counts("API 5xx", List.of(chain.serverErrors().row("5xx at the gateway", true)));
    dashboard.functions();
    if (chain.publishes()) {
      dashboard.counts(
          "Failed event entries",
          List.of(chain.failedEntries().row("entries refused, as the publisher saw it", true)));
    }
    Json body =
        Shape.object("start", dashboard.start(), "widgets", new Json.Arr(dashboard.widgets));
    return Shape.object(
        "Type",
        "AWS::CloudWatch::Dashboard",
        "Properties",
        Shape.object(
            "DashboardName",
            Shape.sub("${AWS::StackName}-" + availability.name().replace('.', '-')),
            "DashboardBody",
            Shape.sub(JsonWriter.pretty(body))));
  }

  private String start() {
    long minutes = availability.goal().window().length().toMinutes();
    return minutes % 1_440 == 0
        ? "-P%dD".formatted(minutes / 1_440)
        : minutes % 60 == 0 ? "-PT%dH".formatted(minutes / 60) : "-PT%dM".formatted(minutes);
  }

  private void availability(boolean additive) {
    Indicator indicator = Indicator.of(availability, chain);
    List<Json> rows = new ArrayList<>();
    rows.add(
        expression(
            "availability", "IF(total > 0, 100 * (1 - bad / total))", "composite availability %"));
    if (additive) {
      List<String> terms = new ArrayList<>(List.of("serverErrors"));
      faults().forEach(metric -> terms.add(metric.id()));
      if (chain.publishes()) {
        terms.add("failedEntries");
      }
      rows.add(
          expression(
              "additive",
              "IF(total > 0, 100 * (1 - (%s) / total))".formatted(String.join(" + ", terms)),
              "additive: a failure counts once per step that saw it"));
    }
    rows.addAll(indicator.hiddenRows());
    if (additive) {
      faults().forEach(metric -> rows.add(metric.row("", false)));
      if (chain.publishes()) {
        rows.add(chain.failedEntries().row("", false));
      }
    }
    single("Composite availability over " + availability.goal().window().text(), rows);
  }

  /** What the additive recipe adds to the gateway's 5xx. */
  private List<Metric> faults() {
    List<Metric> faults = new ArrayList<>(chain.functions());
    faults.addAll(chain.tables());
    faults.removeIf(metric -> !metric.name().endsWith("Errors"));
    return faults;
  }

  private void budget() {
    List<Json> rows = new ArrayList<>();
    rows.add(
        expression(
            "left",
            "IF(total > 0, 100 * (1 - bad / total / %s))"
                .formatted(Indicator.budget(availability).toPlainString()),
            "budget left %"));
    rows.addAll(Indicator.of(availability, chain).hiddenRows());
    single("Budget remaining", rows);
  }

  private void latency(Optional<Objective> latency) {
    Map<String, Json> more = new LinkedHashMap<>();
    latency
        .map(Objective::measure)
        .filter(Measure.Latency.class::isInstance)
        .map(Measure.Latency.class::cast)
        .ifPresent(measure ->
            more.put(
                "annotations",
                Shape.object(
                    "horizontal",
                    Shape.list(
                        Shape.object(
                            "label", "threshold", "value", measure.threshold().toMillis())))));
    widget(
        "End-to-end p95 in milliseconds, publishing included",
        List.of(chain.latency("p95", "p95").row("p95 at the gateway", true)),
        more);
  }

  private void functions() {
    List<Json> rows = new ArrayList<>();
    chain.functions().forEach(metric -> rows.add(metric.row(metric.name(), true)));
    boolean functions = !rows.isEmpty();
    chain
        .tables()
        .forEach(metric -> rows.add(metric.row("table, attempts: " + metric.name(), true)));
    if (!rows.isEmpty()) {
      counts(functions ? "Lambda errors" : "Errors of tables", rows);
    }
  }

  private static Json expression(String id, String expression, String label) {
    return Shape.list(Shape.object("id", id, "expression", expression, "label", label));
  }

  /** One number over the whole window: the ratio of sums, not the mean of ratios. */
  private void single(String title, List<Json> rows) {
    Map<String, Json> more = new LinkedHashMap<>();
    more.put("view", new Json.Str("singleValue"));
    more.put("setPeriodToTimeRange", Json.Bool.TRUE);
    more.put("start", new Json.Str(start()));
    widget(title, rows, more);
  }

  private void counts(String title, List<Json> rows) {
    widget(title, rows, Map.of());
  }

  private void widget(String title, List<Json> rows, Map<String, Json> more) {
    Map<String, Json> properties = new LinkedHashMap<>();
    properties.put("title", new Json.Str(title));
    properties.put("region", new Json.Str("${AWS::Region}"));
    properties.put("metrics", new Json.Arr(rows));
    if (!more.containsKey("view")) {
      properties.put("view", new Json.Str("timeSeries"));
      // 5-minute data are kept for 63 days, hours for 455.
      properties.put("period", Json.Num.of(reachesFar() ? 3_600 : PERIOD));
    }
    properties.putAll(more);
    int n = widgets.size();
    widgets.add(
        Shape.object(
            "type",
            "metric",
            "x",
            n % 2 * WIDTH,
            "y",
            n / 2 * HEIGHT,
            "width",
            WIDTH,
            "height",
            HEIGHT,
            "properties",
            new Json.Obj(properties)));
  }

  private boolean reachesFar() {
    return availability.goal().window().length().toDays() > 14;
  }
}
