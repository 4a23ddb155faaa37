package dev.troth.slo.export;

import dev.troth.json.Json;
import dev.troth.slo.export.PrometheusExport.Exported;
import dev.troth.slo.file.Loaded;
import dev.troth.slo.objective.Objective;
import java.util.List;
import java.util.Optional;

/**
 * Writes what Alertmanager needs for the exported rules: routes by severity, and that a page keeps
 * back the ticket of the same objective.
 */
public final class AlertmanagerExport {
  private AlertmanagerExport() {}

  /** A configuration whose receivers are yet to be filled in. */
  public static Exported of(Loaded loaded, Optional<String> name) throws RefusedException {
    List<String> names =
        PrometheusExport.accepted(loaded, name).stream().map(Objective::name).toList();
    String ours = "objective=~\"%s\"".formatted(String.join("|", names).replace(".", "\\\\."));
    Json config =
        Shape.object(
            "route",
            Shape.object(
                "receiver",
                "elsewhere",
                "routes",
                Shape.list(route(ours, "page", "0s", "4h"), route(ours, "ticket", "5m", "1d"))),
            "inhibit_rules",
            Shape.list(
                Shape.object(
                    "source_matchers",
                    Shape.list(ours, "severity=\"page\""),
                    "target_matchers",
                    Shape.list(ours, "severity=\"ticket\"", "signal=\"burn\""),
                    "equal",
                    Shape.list("objective"))),
            "receivers",
            Shape.list(
                Shape.object("name", "elsewhere"),
                Shape.object("name", "troth-page"),
                Shape.object("name", "troth-ticket")));
    return new Exported(
        config,
        List.of(
            "the receivers troth-page and troth-ticket tell nobody yet: add where they send to"));
  }

  private static Json route(String ours, String severity, String wait, String repeat) {
    return Shape.object(
        "receiver",
        "troth-" + severity,
        "matchers",
        Shape.list(ours, "severity=\"%s\"".formatted(severity)),
        "group_by",
        Shape.list("objective"),
        "group_wait",
        wait,
        "repeat_interval",
        repeat);
  }
}
