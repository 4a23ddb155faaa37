package dev.troth.cli.slo;

import dev.troth.cli.command.Printable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Objectives as text for a terminal. */
final class SloText {
  private static final List<String> HEAD =
      List.of("OBJECTIVE", "STATE", "AVAILABILITY", "TARGET", "BUDGET LEFT", "REQUESTS", "P95");

  private SloText() {}

  /** A table with a line below each objective that needs an explanation. */
  static List<String> table(List<ObjectiveAnswer> objectives) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    objectives.forEach(objective -> rows.add(row(objective)));
    List<String> aligned = aligned(rows);
    List<String> lines = new ArrayList<>();
    for (int r = 0; r < aligned.size(); r++) {
      lines.add(aligned.get(r));
      if (r > 0) {
        remarks(objectives.get(r - 1)).stream().map(Printable::line).forEach(lines::add);
      }
    }
    return lines;
  }

  /** Rows of as many fields each, below each other. */
  static List<String> aligned(List<List<String>> cells) {
    List<List<String>> rows =
        cells.stream().map(row -> row.stream().map(Printable::line).toList()).toList();
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(String.format(Locale.ROOT, "%-" + (widths[i] + 2) + "s", row.get(i)));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static List<String> row(ObjectiveAnswer objective) {
    ObjectiveAnswer.Figures figures = objective.figures();
    Double p95 = figures.p95Millis();
    return List.of(
        objective.name(),
        objective.standing().state(),
        share(figures.availability()),
        percent(objective.standing().target()),
        objective
            .budget()
            .map(budget ->
                String.format(
                    Locale.ROOT,
                    "%.0f %% (%.0f requests)",
                    100 * budget.remainingRatio(),
                    budget.remaining()))
            .orElse("not known"),
        bad(figures.requests()) + " bad of " + figures.requests().total(),
        p95 == null ? "-" : String.format(Locale.ROOT, "%.0f ms", p95));
  }

  /** Of an interval, the least and the most. */
  private static String bad(ObjectiveAnswer.Requests requests) {
    return requests.least() == requests.bad()
        ? Long.toString(requests.bad())
        : requests.least() + " to " + requests.bad();
  }

  private static List<String> remarks(ObjectiveAnswer objective) {
    List<String> remarks = new ArrayList<>();
    ObjectiveAnswer.Standing standing = objective.standing();
    if (!standing.state().equals("ok")) {
      remarks.add("  " + standing.stateReason());
    }
    remarks.addAll(held(objective.held().acknowledgement(), objective.held().silence()));
    ObjectiveAnswer.Window window = standing.window();
    if (window != null && window.from() != null) {
      remarks.add(
          "  %s since %s, anew %s (%s)"
              .formatted(window.length(), window.from(), window.to(), window.timeZone()));
    }
    if (standing.label() != null) {
      remarks.add("  " + standing.label());
    }
    ObjectiveAnswer.Bounds bounds = objective.figures().bounds();
    if (bounds != null) {
      remarks.add("  between " + percent(bounds.low()) + " and " + percent(bounds.high()));
    }
    objective
        .evidence()
        .ifPresent(evidence ->
            remarks.addAll(leftOut(evidence, objective.figures().requests().unknown())));
    if (standing.gapMinutes() > 0) {
      remarks.add("  nothing is known of " + standing.gapMinutes() + " minutes of the window");
    }
    return remarks.stream().map(Printable::line).toList();
  }

  /** Who looks after an incident, and who silenced it. */
  static List<String> held(
      ObjectiveAnswer.@Nullable Hold acknowledgement, ObjectiveAnswer.@Nullable Hold silence) {
    List<String> lines = new ArrayList<>();
    if (acknowledgement != null) {
      lines.add("  acknowledged by " + said(acknowledgement, ""));
    }
    if (silence != null) {
      // A page ends a silence that was made of less.
      lines.add(
          "  silenced by "
              + said(silence, "ticket".equals(silence.severity()) ? " or a page" : ""));
    }
    return lines.stream().map(Printable::line).toList();
  }

  private static String said(ObjectiveAnswer.Hold hold, String also) {
    String reason = hold.reason().isEmpty() ? "" : ": " + hold.reason();
    return Printable.line("%s until %s%s%s".formatted(hold.by(), hold.until(), also, reason));
  }

  private static List<String> leftOut(ObjectiveAnswer.Evidence evidence, long unknown) {
    List<String> remarks = new ArrayList<>();
    if (unknown > 0) {
      // Only what is not among the requests counted comes on top of them.
      String more = evidence.unknownCounted() ? "" : "more ";
      remarks.add("  of " + unknown + " " + more + "requests a step was never seen");
    }
    if (evidence.leftOut() != null) {
      for (ObjectiveAnswer.LeftOut one : evidence.leftOut()) {
        if (one.now() || one.requests() > 0) {
          remarks.add(
              "  maintenance %s%s: %d requests left out, %d of them bad"
                  .formatted(
                      one.maintenance(), one.now() ? " now" : "", one.requests(), one.bad()));
        }
      }
    }
    if (evidence.sampled() > 0) {
      remarks.add("  " + evidence.sampled() + " sampled requests were refused");
    }
    if (evidence.dropped() != null) {
      evidence
          .dropped()
          .forEach((reason, count) ->
              remarks.add("  not counted since the start: " + count + " " + reason));
    }
    if (evidence.unseen() != null) {
      remarks.addAll(unseen(evidence.unseen()));
    }
    return remarks;
  }

  private static List<String> unseen(ObjectiveAnswer.Unseen unseen) {
    List<String> remarks = new ArrayList<>();
    unseen
        .reasons()
        .forEach((reason, count) ->
            remarks.add("  not seen by the agents: at most " + count + " requests " + reason));
    if (unseen.calls() > 0) {
      remarks.add("  not known what caused " + unseen.calls() + " calls");
    }
    if (unseen.connections() > 0) {
      remarks.add(
          "  not read: "
              + unseen.connections()
              + " connections; the truth may lie outside of the bounds");
    }
    return remarks;
  }

  private static String share(@Nullable Double share) {
    return share == null ? "not known" : percent(share);
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
