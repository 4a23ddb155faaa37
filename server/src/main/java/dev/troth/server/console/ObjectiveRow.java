package dev.troth.server.console;

import dev.troth.server.console.page.Slots;
import java.util.Locale;
import java.util.OptionalDouble;

/** One objective of the API's document, in words. */
record ObjectiveRow(Doc doc) {
  static final Slots<ObjectiveRow> SLOTS =
      new Slots<ObjectiveRow>()
          .text("path", row -> Formats.pathOf(row.name()))
          .text("title", ObjectiveRow::title)
          .text("promise", ObjectiveRow::promise)
          .text("tone", ObjectiveRow::tone)
          .text("state", ObjectiveRow::state)
          .text("availability", ObjectiveRow::availability)
          .text("budgetTone", ObjectiveRow::budgetTone)
          .text("budgetWidth", ObjectiveRow::budgetWidth)
          .text("budget", ObjectiveRow::budgetInWords)
          .text("p95", row -> Formats.millis(row.doc.number("p95Millis")));

  String name() {
    return doc.text("name");
  }

  String title() {
    return doc.text("displayName", name());
  }

  boolean isBurning() {
    String state = doc.text("state");
    return state.equals("page") || state.equals("ticket");
  }

  boolean isKept() {
    OptionalDouble measured = doc.number("availability");
    OptionalDouble target = doc.number("target");
    return measured.isPresent()
        && target.isPresent()
        && measured.getAsDouble() >= target.getAsDouble();
  }

  boolean isMeasured() {
    return doc.number("availability").isPresent();
  }

  /**
   * {@code 99.5 % of requests over 30 d}; a figure that is not exact says what it is, and one that
   * is broken why.
   */
  String promise() {
    if (doc.text("state").equals("broken")) {
      return doc.text("stateReason");
    }
    String what =
        doc.text("measure").equals("latency")
            ? "%s within %s"
                .formatted(target(), Formats.length(doc.text("threshold", Formats.UNKNOWN)))
            : "%s of requests".formatted(target());
    String label = doc.text("label");
    return "%s over %s%s"
        .formatted(
            what,
            Formats.length(doc.at("window").text("length", Formats.UNKNOWN)),
            label.isEmpty() ? "" : " · " + label);
  }

  String target() {
    return Formats.target(doc.number("target"));
  }

  String state() {
    return switch (doc.text("state")) {
      case "ok" -> "Kept";
      case "ticket" -> "Burning slowly";
      case "page" -> "Burning";
      case "" -> "Unknown";
      default -> capitalized(doc.text("state"));
    };
  }

  String tone() {
    return switch (doc.text("state")) {
      case "ok" -> "ok";
      case "ticket", "frozen" -> "warn";
      case "page", "broken" -> "bad";
      default -> "quiet";
    };
  }

  String availability() {
    return Formats.percent(doc.number("availability"));
  }

  OptionalDouble budgetRatio() {
    return doc.at("budget").number("remainingRatio");
  }

  String budgetLeft() {
    OptionalDouble ratio = budgetRatio();
    return ratio.isEmpty() ? Formats.UNKNOWN : Formats.wholePercent(ratio.getAsDouble());
  }

  private String budgetInWords() {
    OptionalDouble ratio = budgetRatio();
    if (ratio.isEmpty()) {
      return "budget not known";
    }
    return ratio.getAsDouble() < 0
        ? "budget overdrawn by " + Formats.wholePercent(-ratio.getAsDouble())
        : budgetLeft() + " of the budget left";
  }

  String budgetTone() {
    OptionalDouble ratio = budgetRatio();
    if (ratio.isEmpty()) {
      return "quiet";
    }
    return ratio.getAsDouble() <= 0 ? "bad" : ratio.getAsDouble() < 0.25 ? "warn" : "ok";
  }

  String budgetWidth() {
    double ratio = Math.clamp(budgetRatio().orElse(0), 0.0, 1.0);
    return Formats.part(Math.round(ratio * 10_000), 10_000);
  }

  private static String capitalized(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
