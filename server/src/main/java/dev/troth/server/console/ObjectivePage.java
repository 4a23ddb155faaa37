package dev.troth.server.console;

import dev.troth.server.console.page.Slots;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** One objective: the three figures, its chain, its charts, its burn rates and its alerts. */
record ObjectivePage(Doc doc, Instant now) {
  static final Slots<ObjectivePage> SLOTS =
      new Slots<ObjectivePage>()
          .text("objective.name", page -> page.row().name())
          .text("objective.title", page -> page.row().title())
          .text("objective.description", page -> page.doc.text("description"))
          .text("objective.tone", page -> page.row().tone())
          .text("objective.state", page -> page.row().state())
          .text("objective.reason", page -> Formats.length(page.objective().text("stateReason")))
          .text("objective.measured", ObjectivePage::measured)
          .text("objective.availability", page -> page.row().availability())
          .text("objective.availabilityTone", ObjectivePage::availabilityTone)
          .text("objective.promise", page -> "promised " + page.row().promise())
          .text("objective.naive", ObjectivePage::naive)
          .text("objective.budget", page -> page.row().budgetLeft())
          .text("objective.budgetTone", page -> page.row().budgetTone())
          .text("objective.budgetWidth", page -> page.row().budgetWidth())
          .text("objective.budgetRequests", ObjectivePage::budgetRequests)
          .text("objective.budgetTime", ObjectivePage::budgetTime)
          .text("objective.p95", page -> Formats.millis(page.objective().number("p95Millis")))
          .text("objective.requests", ObjectivePage::requests)
          .text("objective.extent", ObjectivePage::extent)
          .with("", page -> new ChainSection(page.doc), ChainSection.SLOTS)
          .with("", page -> new ChartSection(page.doc), ChartSection.SLOTS)
          .with("", page -> new NoteSection(page.doc), NoteSection.SLOTS)
          .text("burn.state", page -> stateOf(page.objective().list("burn")))
          .text("burn.trouble", page -> "")
          .each("burn", page -> page.objective().list("burn"), burn())
          .text("alerts.state", page -> stateOf(page.doc.list("alerts")))
          .text("alerts.trouble", page -> "")
          .each(
              "alerts",
              page -> page.doc.list("alerts").stream().map(a -> new Alert(a, page.now)).toList(),
              Alert.SLOTS);

  private Doc objective() {
    return doc.at("objective");
  }

  private ObjectiveRow row() {
    return new ObjectiveRow(objective());
  }

  private String measured() {
    return objective().text("measure").equals("latency") ? "Fast enough" : "Availability";
  }

  private String availabilityTone() {
    return !row().isMeasured() || row().isKept() ? "ok" : "bad";
  }

  /** What the usual recipe would claim, so that nobody wonders why another dashboard differs. */
  private String naive() {
    OptionalDouble additive = doc.number("additive");
    return additive.isEmpty()
        ? ""
        : "adding the steps' failures up would say " + Formats.percent(additive);
  }

  private String budgetRequests() {
    Doc budget = objective().at("budget");
    OptionalDouble left = budget.number("remaining");
    OptionalDouble allowed = budget.number("allowed");
    if (left.isEmpty() || allowed.isEmpty()) {
      return "requests are not known";
    }
    return "%s of %s requests may still fail"
        .formatted(whole(Math.max(0, left.getAsDouble())), whole(allowed.getAsDouble()));
  }

  private String budgetTime() {
    String time = objective().at("budget").text("timeEquivalent");
    return time.isEmpty() ? "" : "time equivalent " + Formats.length(time).replace('-', '\u2212');
  }

  private String requests() {
    Doc requests = objective().at("requests");
    return "%s, %s failed"
        .formatted(
            Formats.counted(requests.whole("total"), "request", "requests"),
            Formats.grouped(requests.whole("bad")));
  }

  /** What the figures above do not cover, so that nobody takes a part for the whole. */
  private String extent() {
    long unknown = objective().at("requests").whole("unknown");
    long gap = objective().whole("gapMinutes");
    if (unknown == 0 && gap == 0) {
      return "";
    }
    return "%s unknown, %s without data"
        .formatted(Formats.grouped(unknown), Formats.counted(gap, "minute", "minutes"));
  }

  private static String whole(double requests) {
    return Formats.grouped((long) Math.floor(requests));
  }

  private static Slots<Doc> burn() {
    return new Slots<Doc>()
        .text("severity", row -> row.text("severity"))
        .text("windows", row -> Formats.length(row.text("short") + " and " + row.text("long")))
        .text("short", row -> Formats.rate(row.number("shortBurn")))
        .text("long", row -> Formats.rate(row.number("longBurn")))
        .text("threshold", row -> Formats.rate(row.number("threshold")))
        .text("status", row -> row.text("status", "unknown"))
        .text("tone", ObjectivePage::burnTone);
  }

  private static String burnTone(Doc row) {
    return switch (row.text("status").toLowerCase(Locale.ROOT)) {
      case "ok" -> "ok";
      case "burning" -> row.text("severity").equals("page") ? "bad" : "warn";
      default -> "quiet";
    };
  }

  private static String stateOf(List<Doc> rows) {
    return rows.isEmpty() ? "empty" : "ok";
  }

  /** One alert that fired. */
  private record Alert(Doc doc, Instant now) {
    static final Slots<Alert> SLOTS =
        new Slots<Alert>()
            .text("severity", alert -> alert.doc.text("severity"))
            .text("tone", Alert::tone)
            .text("fired", alert -> alert.doc.text("firedAt"))
            .text("firedAgo", alert -> alert.ago("firedAt", Formats.UNKNOWN))
            .text("resolved", alert -> alert.ago("resolvedAt", "still firing"))
            .text("lasted", Alert::lasted)
            .text("condition", alert -> Formats.length(alert.doc.text("condition")))
            .text("incident", alert -> alert.doc.text("incident", Formats.UNKNOWN));

    private String tone() {
      if (doc.instant("resolvedAt").isPresent()) {
        return "quiet";
      }
      return doc.text("severity").equals("page") ? "bad" : "warn";
    }

    private String ago(String member, String otherwise) {
      return doc.instant(member).map(at -> Formats.ago(now, at)).orElse(otherwise);
    }

    private String lasted() {
      return doc.instant("firedAt")
          .map(from -> Formats.span(Duration.between(from, doc.instant("resolvedAt").orElse(now))))
          .orElse(Formats.UNKNOWN);
    }
  }
}
