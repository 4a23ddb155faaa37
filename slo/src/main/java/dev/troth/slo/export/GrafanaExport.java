package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.export.PrometheusExport.Exported;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.Deployment;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes objectives as a dashboard of Grafana over Prometheus.
 *
 * <p>Of a chain it has six panels: availability over the window, budget remaining, the 95th
 * percentile of the whole request, and failures at the entry, at the steps between and at the last
 * step. Where no requests are counted, panels of burn rates and events take the place of the last
 * four.
 */
public final class GrafanaExport {
  private static final String WINDOW = "$__rate_interval";

  private final Loaded loaded;
  private final List<Json> panels = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private int y;

  private GrafanaExport(Loaded loaded) {
    this.loaded = loaded;
  }

  /** One dashboard of one objective, or of all. */
  public static Exported of(Loaded loaded, Optional<String> name) throws RefusedException {
    List<Objective> objectives = PrometheusExport.accepted(loaded, name);
    GrafanaExport export = new GrafanaExport(loaded);
    objectives.forEach(export::row);
    String title = objectives.getFirst().title().displayName();
    Json dashboard =
        Shape.object(
            "uid",
            uid(objectives.getFirst().name()),
            "title",
            objectives.size() == 1 ? title : title + " and others",
            "tags",
            Shape.list("slo", "troth"),
            "schemaVersion",
            38,
            "editable",
            true,
            "graphTooltip",
            1,
            "refresh",
            "1m",
            "time",
            Shape.object("from", "now-6h", "to", "now"),
            "timezone",
            "browser",
            "templating",
            Shape.object(
                "list",
                Shape.list(
                    Shape.object(
                        "name",
                        "datasource",
                        "label",
                        "Prometheus",
                        "type",
                        "datasource",
                        "query",
                        "prometheus",
                        "hide",
                        0))),
            "annotations",
            Shape.object("list", Shape.list()),
            "links",
            Shape.list(),
            "panels",
            new Json.Arr(export.panels));
    return new Exported(dashboard, export.notes);
  }

  /** At most 40 characters. */
  private static String uid(String name) {
    String text = "troth-" + name.replace('.', '-');
    return text.length() <= 40
        ? text
        : text.substring(0, 31) + '-' + Integer.toHexString(name.hashCode());
  }

  private void row(Objective objective) {
    panels.add(
        Shape.object(
            "id",
            panels.size() + 1,
            "type",
            "row",
            "title",
            objective.title().displayName(),
            "collapsed",
            false,
            "gridPos",
            place(0, 24, 1),
            "panels",
            Shape.list()));
    y += 1;
    boolean platform = EventSource.of(objective, loaded) instanceof EventSource.Platform;
    availability(objective, platform);
    budget(objective, platform);
    if (platform && !objective.steps().isEmpty()) {
      latency(objective);
      y += 6;
      steps(objective);
    } else {
      burns(objective, 12);
      y += 6;
    }
    y += 6;
  }

  private void availability(Objective objective, boolean platform) {
    String window = objective.goal().window().text();
    String share = Indicator.budget(objective).toPlainString();
    String expression =
        platform
            ? "max(troth_slo_availability{objective=\"%s\"})".formatted(objective.name())
            : "1 - (1 - objective:troth_budget_remaining:ratio{objective=\"%s\"}) * %s"
                .formatted(objective.name(), share);
    stat(
        "Availability over " + window,
        0,
        expression,
        List.of(
            step("red", Optional.empty()), step("green", Optional.of(objective.goal().target()))));
  }

  private void budget(Objective objective, boolean platform) {
    String expression =
        platform
            ? "max(troth_slo_budget_remaining{objective=\"%s\"})".formatted(objective.name())
            : "objective:troth_budget_remaining:ratio{objective=\"%s\"}"
                .formatted(objective.name());
    stat(
        "Budget remaining",
        6,
        expression,
        List.of(
            step("red", Optional.empty()),
            step("orange", Optional.of(0.0)),
            step("green", Optional.of(0.25))));
  }

  private void latency(Objective objective) {
    Optional<Duration> threshold =
        loaded.objectives().stream()
            .filter(other -> other.chain().isPresent() && other.chain().equals(objective.chain()))
            .map(Objective::measure)
            .filter(Measure.Latency.class::isInstance)
            .map(measure -> ((Measure.Latency) measure).threshold())
            .findFirst();
    if (objective.chain().isEmpty()) {
      burns(objective, 12);
      notes.add(objective.name() + ": no latency is known of counters: the panel has burn rates");
      return;
    }
    List<Json> steps = new ArrayList<>(List.of(step("green", Optional.empty())));
    threshold.ifPresent(limit -> steps.add(step("red", Optional.of(limit.toMillis() / 1e3))));
    series(
        "End-to-end p95 of good requests",
        12,
        12,
        "s",
        steps,
        List.of(
            target(
                "histogram_quantile(0.95, sum by (le) (rate(troth_slo_latency_seconds_bucket"
                    + "{objective=\"%s\"}[%s])))".formatted(objective.name(), WINDOW),
                "p95")));
  }

  private void steps(Objective objective) {
    List<String> steps = objective.steps();
    failures(objective, 0, steps.subList(0, 1));
    failures(objective, 8, steps.subList(1, Math.max(1, steps.size() - 1)));
    failures(
        objective,
        16,
        steps.size() > 1 ? steps.subList(steps.size() - 1, steps.size()) : List.of());
  }

  private void failures(Objective objective, int x, List<String> steps) {
    if (steps.isEmpty()) {
      return;
    }
    List<Json> targets = new ArrayList<>();
    for (String step : steps) {
      targets.add(
          target(
              "sum(increase(troth_slo_step_failures_total{objective=\"%s\",step=\"%s\"}[%s]))"
                  .formatted(objective.name(), escaped(step), WINDOW),
              step));
    }
    series(title(objective, steps), x, 8, "short", List.of(step("red", Optional.empty())), targets);
  }

  private String title(Objective objective, List<String> steps) {
    Optional<Deployment> deployment =
        Optional.ofNullable(loaded.details().get(objective.name()))
            .flatMap(Loaded.Detail::deployment);
    Optional<Deployment.Resource> resource =
        deployment.map(where -> where.steps().get(steps.getFirst()));
    String at = String.join(", ", steps);
    return resource
        .map(what ->
            switch (what) {
              case Deployment.Resource.RestApi _, Deployment.Resource.HttpApi _ -> "API 5xx: " + at;
              case Deployment.Resource.Function _ -> "Function errors: " + at;
              case Deployment.Resource.Bus _ -> "Failed event entries: " + at;
              case Deployment.Resource.Table _, Deployment.Resource.Unmeasured _ ->
                  "Failures: " + at;
            })
        .orElse("Failures: " + at);
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private void burns(Objective objective, int width) {
    List<Json> targets = new ArrayList<>();
    String share = Indicator.budget(objective).toPlainString();
    objective.rules().alerts().conditions().stream()
        .map(condition -> Durations.format(condition.shortWindow()))
        .distinct()
        .forEach(window ->
            targets.add(
                target(
                    "objective:troth_bad_ratio:%s{objective=\"%s\"} / %s"
                        .formatted(window, objective.name(), share),
                    "burn rate over " + window)));
    series("Burn rates", 12, width, "short", List.of(step("green", Optional.empty())), targets);
  }

  private void stat(String title, int x, String expression, List<Json> steps) {
    panels.add(
        Shape.object(
            "id",
            panels.size() + 1,
            "type",
            "stat",
            "title",
            title,
            "datasource",
            datasource(),
            "gridPos",
            place(x, 6, 6),
            "fieldConfig",
            fields("percentunit", steps),
            "options",
            Shape.object(
                "reduceOptions",
                Shape.object("calcs", Shape.list("lastNotNull"), "fields", "", "values", false),
                "colorMode",
                "value",
                "graphMode",
                "none"),
            "targets",
            new Json.Arr(numbered(List.of(target(expression, ""))))));
  }

  private void series(
      String title, int x, int width, String unit, List<Json> steps, List<Json> targets) {
    panels.add(
        Shape.object(
            "id",
            panels.size() + 1,
            "type",
            "timeseries",
            "title",
            title,
            "datasource",
            datasource(),
            "gridPos",
            place(x, width, 6),
            "fieldConfig",
            fields(unit, steps),
            "options",
            Shape.object(
                "legend",
                Shape.object(
                    "displayMode",
                    "list",
                    "placement",
                    "bottom",
                    "showLegend",
                    true,
                    "calcs",
                    Shape.list()),
                "tooltip",
                Shape.object("mode", "multi", "sort", "desc")),
            "targets",
            new Json.Arr(numbered(targets))));
  }

  private static Json fields(String unit, List<Json> steps) {
    return Shape.object(
        "defaults",
        Shape.object(
            "unit",
            unit,
            "thresholds",
            Shape.object("mode", "absolute", "steps", new Json.Arr(steps))),
        "overrides",
        Shape.list());
  }

  private static Json step(String color, Optional<Double> from) {
    return Shape.object(
        "color", color, "value", from.<Object>map(Shape::plain).orElse(Json.Null.NULL));
  }

  private static Json target(String expression, String legend) {
    return Shape.object(
        "datasource", datasource(), "expr", expression, "legendFormat", legend, "range", true);
  }

  private static List<Json> numbered(List<Json> targets) {
    List<Json> numbered = new ArrayList<>();
    for (Json target : targets) {
      var members = new java.util.LinkedHashMap<>(((Json.Obj) target).members());
      members.put("refId", new Json.Str(String.valueOf((char) ('A' + numbered.size() % 26))));
      numbered.add(new Json.Obj(members));
    }
    return numbered;
  }

  private static Json datasource() {
    return Shape.object("type", "prometheus", "uid", "${datasource}");
  }

  private Json place(int x, int width, int height) {
    return Shape.object("x", x, "y", y, "w", width, "h", height);
  }
}
