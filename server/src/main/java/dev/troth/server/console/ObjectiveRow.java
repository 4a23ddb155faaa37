package dev.troth.server.console;

import dev.troth.server.console.figure.Formats;
import dev.troth.server.console.frame.AsOf;
import dev.troth.server.console.page.Slots;
import dev.troth.server.incident.Holds;
import dev.troth.server.objective.BrokenFile;
import dev.troth.server.objective.ObjectiveEntry;
import dev.troth.server.objective.ObjectiveFigures;
import dev.troth.server.objective.ObjectiveView;
import dev.troth.slo.alert.State;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A line of the list of objectives, in words. */
record ObjectiveRow(
    String name,
    String query,
    String title,
    String promise,
    Badge badge,
    String availability,
    Meter budget,
    String p95) {
  static final Slots<ObjectiveRow> SLOTS =
      new Slots<ObjectiveRow>()
          .text("path", row -> Formats.pathOf(row.name) + row.query)
          .text("title", ObjectiveRow::title)
          .text("promise", ObjectiveRow::promise)
          .text("tone", row -> row.badge.tone())
          .text("state", row -> row.badge.word())
          .text("availability", ObjectiveRow::availability)
          .text("budgetTone", row -> row.budget.tone())
          .text("budgetWidth", row -> row.budget.width())
          .text("budget", row -> row.budget.sentence())
          .text("p95", ObjectiveRow::p95);

  static ObjectiveRow of(ObjectiveEntry entry, AsOf asOf) {
    String query = asOf.isPast() ? "?at=" + asOf.at() : "";
    return switch (entry) {
      case ObjectiveView view ->
          new ObjectiveRow(
              view.identity().name(),
              query,
              title(view),
              promise(view),
              Badge.of(view).with(said(view.holds())),
              Formats.percent(view.figures().availability()),
              Meter.of(view.figures().budget()),
              Formats.millis(view.figures().p95Millis()));
      case BrokenFile broken ->
          new ObjectiveRow(
              broken.name(),
              "",
              broken.error().file(),
              broken.error().toString(),
              new Badge("bad", "Broken"),
              Formats.UNKNOWN,
              Meter.of(null),
              Formats.UNKNOWN);
    };
  }

  /** {@code , silenced}: what somebody said of an incident, behind a word that says how it is. */
  static String said(Holds holds) {
    return (holds.acknowledgement() == null ? "" : ", acknowledged")
        + (holds.silence() == null ? "" : ", silenced");
  }

  static String title(ObjectiveView view) {
    String title = view.identity().displayName();
    return title.isEmpty() ? view.identity().name() : title;
  }

  /**
   * {@code 99.5 % of requests over 30 d}; a figure that is not exact says what it is, and an
   * interval both of its bounds.
   */
  static String promise(ObjectiveView view) {
    ObjectiveView.Goal goal = view.goal();
    String threshold = goal.threshold();
    String what =
        threshold == null
            ? "%s of requests".formatted(Formats.target(goal.target()))
            : "%s within %s".formatted(Formats.target(goal.target()), Formats.length(threshold));
    String label = view.identity().label();
    return "%s %s %s%s%s"
        .formatted(
            what,
            goal.window().from() == null ? "over" : "in each",
            Formats.length(goal.window().length()),
            label != null
                ? " · " + label
                : view.figures().bounds() == null
                    ? ""
                    : " · not all was seen: the truth lies between",
            bounds(view.figures().bounds()));
  }

  private static String bounds(ObjectiveFigures.@Nullable Bounds bounds) {
    return bounds == null
        ? ""
        : " %s and %s".formatted(Formats.percent(bounds.low()), Formats.percent(bounds.high()));
  }

  /** How an objective stands, as a coloured word. */
  record Badge(String tone, String word) {
    private static Badge of(State state) {
      return switch (state) {
        case OK -> new Badge("ok", "Kept");
        case TICKET -> new Badge("warn", "Burning slowly");
        case PAGE -> new Badge("bad", "Burning");
        case FROZEN -> new Badge("warn", "Frozen");
        case NO_SIGNAL, DATA_FAULT, UNCERTAIN -> new Badge("warn", capitalized(state));
        case INSUFFICIENT_TRAFFIC, NO_DATA, UNMEASURED -> new Badge("quiet", capitalized(state));
      };
    }

    /** Quiet is not kept: with no alert, what has missed its target says so. */
    static Badge of(ObjectiveView view) {
      Double measured = view.figures().availability();
      boolean missed = measured != null && measured < view.goal().target();
      return view.status().state() == State.OK && missed
          ? new Badge("warn", "Not kept")
          : of(view.status().state());
    }

    /** The same with more behind the word. */
    Badge with(String more) {
      return new Badge(tone, word + more);
    }

    private static String capitalized(State state) {
      return state.word().substring(0, 1).toUpperCase(Locale.ROOT) + state.word().substring(1);
    }
  }

  /** What is left of an error budget, as a bar and in words. */
  record Meter(String tone, String width, String left, String sentence) {
    static Meter of(ObjectiveFigures.@Nullable Budget budget) {
      if (budget == null) {
        return new Meter("quiet", "0.00%", Formats.UNKNOWN, "budget not known");
      }
      double ratio = budget.remainingRatio();
      String left = Formats.wholePercent(ratio);
      return new Meter(
          ratio <= 0 ? "bad" : ratio < 0.25 ? "warn" : "ok",
          Formats.part(Math.round(Math.clamp(ratio, 0.0, 1.0) * 10_000), 10_000),
          left,
          ratio < 0 ? "budget overdrawn by " + left.substring(1) : left + " of the budget left");
    }
  }
}
