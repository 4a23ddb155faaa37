package dev.troth.cli.slo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Objectives as text for a terminal. */
final class SloText {
  private static final List<String> HEAD =
      List.of("OBJECTIVE", "STATE", "AVAILABILITY", "TARGET", "BUDGET LEFT", "REQUESTS", "P95");

  private SloText() {}

  /** A table with a line below each objective that needs an explanation. */
  static List<String> table(List<JsonNode> objectives) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    objectives.forEach(objective -> rows.add(row(objective)));
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(String.format(Locale.ROOT, "%-" + (widths[i] + 2) + "s", rows.get(r).get(i)));
      }
      lines.add(line.toString().stripTrailing());
      if (r > 0) {
        lines.addAll(remarks(objectives.get(r - 1)));
      }
    }
    return lines;
  }

  private static List<String> row(JsonNode objective) {
    JsonNode budget = objective.path("budget");
    JsonNode requests = objective.path("requests");
    JsonNode p95 = objective.path("p95Millis");
    return List.of(
        objective.path("name").asString(),
        objective.path("state").asString(),
        percent(objective.path("availability")),
        percent(objective.path("target").asDouble()),
        budget.isObject()
            ? String.format(
                Locale.ROOT,
                "%.0f %% (%.0f requests)",
                100 * budget.path("remainingRatio").asDouble(),
                budget.path("remaining").asDouble())
            : "not known",
        bad(requests) + " bad of " + requests.path("total").asLong(),
        p95.isNumber() ? String.format(Locale.ROOT, "%.0f ms", p95.asDouble()) : "-");
  }

  /** Of an interval, the least and the most. */
  private static String bad(JsonNode requests) {
    long most = requests.path("bad").asLong();
    long least = requests.path("badAtLeast").asLong(most);
    return least == most ? Long.toString(most) : least + " to " + most;
  }

  private static List<String> remarks(JsonNode objective) {
    List<String> remarks = new ArrayList<>();
    String state = objective.path("state").asString();
    if (!state.equals("ok")) {
      remarks.add("  " + objective.path("stateReason").asString());
    }
    JsonNode label = objective.path("label");
    if (label.isString()) {
      remarks.add("  " + label.asString());
    }
    JsonNode bounds = objective.path("bounds");
    if (bounds.isObject()) {
      remarks.add(
          "  between " + percent(bounds.path("low")) + " and " + percent(bounds.path("high")));
    }
    JsonNode evidence = objective.path("evidence");
    long unknown = objective.path("requests").path("unknown").asLong();
    if (unknown > 0) {
      // Only what is not among the requests counted comes on top of them.
      String more = evidence.path("unknownCounted").asBoolean(false) ? "" : "more ";
      remarks.add("  of " + unknown + " " + more + "requests a step was never seen");
    }
    long sampled = evidence.path("sampled").asLong();
    if (sampled > 0) {
      remarks.add("  " + sampled + " sampled requests were refused");
    }
    evidence
        .path("dropped")
        .properties()
        .forEach(dropped ->
            remarks.add(
                "  not counted since the start: "
                    + dropped.getValue().asLong()
                    + " "
                    + dropped.getKey()));
    long gap = objective.path("gapMinutes").asLong();
    if (gap > 0) {
      remarks.add("  nothing is known of " + gap + " minutes of the window");
    }
    return remarks;
  }

  private static String percent(JsonNode share) {
    return share.isNumber() ? percent(share.asDouble()) : "not known";
  }

  /** Three decimals, and never rounded up: 99.9996 % is not 100 %. */
  static String percent(double share) {
    return BigDecimal.valueOf(share)
            .movePointRight(2)
            .setScale(3, RoundingMode.FLOOR)
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }
}
