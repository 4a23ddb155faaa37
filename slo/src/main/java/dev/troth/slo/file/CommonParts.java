package dev.troth.slo.file;

import dev.troth.json.file.Section;
import dev.troth.slo.objective.AlertPolicy;
import dev.troth.slo.objective.AlertPolicy.Preset;
import dev.troth.slo.objective.BudgetPolicy;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.Maintenance;
import dev.troth.slo.objective.MinimumEvidence;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Schedule;
import dev.troth.slo.objective.Severity;
import dev.troth.slo.objective.TimeSlices;
import dev.troth.slo.objective.Window;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the kinds of files have in common: windows, alerts, exclusions, maintenance, budget
 * policies.
 */
final class CommonParts {
  private CommonParts() {}

  /** The time slices of an objective. */
  static TimeSlices slices(Section goal) {
    Duration length = length(goal.need("timeSliceWindow"));
    double target = goal.need("timeSliceTarget").number();
    try {
      return new TimeSlices(length, target);
    } catch (IllegalArgumentException wrong) {
      throw goal.wrong(wrong);
    }
  }

  static Duration length(Section section) {
    String text = section.text();
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException notALength) {
      throw section.wrong("a length such as 30s, 5m, 6h or 30d");
    }
  }

  /** OpenSLO's {@code timeWindow}: a list of exactly one. */
  static Window window(Section entry) {
    List<Section> windows = entry.list();
    if (windows.size() != 1) {
      throw entry.wrong("exactly one window");
    }
    Section window = windows.getFirst();
    window.only("duration", "isRolling", "calendar");
    boolean isCalendar = window.get("calendar").isPresent();
    boolean rolling = window.get("isRolling").map(Section::flag).orElse(!isCalendar);
    if (rolling && isCalendar) {
      throw window.need("isRolling").wrong("false beside calendar");
    }
    if (!rolling) {
      return calendar(window);
    }
    try {
      return new Window.Rolling(length(window.need("duration")));
    } catch (IllegalArgumentException wrong) {
      throw window.wrong(wrong);
    }
  }

  private static Window calendar(Section window) {
    Section duration = window.need("duration");
    Window.Calendar.Unit unit =
        switch (duration.text()) {
          case "1d" -> Window.Calendar.Unit.DAY;
          case "1w" -> Window.Calendar.Unit.WEEK;
          case "1M" -> Window.Calendar.Unit.MONTH;
          case "1Q", "3M" -> Window.Calendar.Unit.QUARTER;
          default -> throw duration.wrong("1d, 1w, 1M or 1Q (3M) for a calendar window");
        };
    Optional<Section> calendar = window.get("calendar");
    calendar.ifPresent(c -> c.only("startTime", "timeZone"));
    String zone = calendar.map(c -> c.text("timeZone", "UTC")).orElse("UTC");
    Optional<Section> start = calendar.flatMap(c -> c.get("startTime"));
    Optional<LocalDateTime> begin = start.map(CommonParts::start);
    try {
      ZoneId named = ZoneId.of(zone);
      return begin
          .map(at -> new Window.Calendar(unit, named, at))
          .orElseGet(() -> new Window.Calendar(unit, named));
    } catch (IllegalArgumentException wrong) {
      throw start.orElse(window).wrong(wrong);
    } catch (DateTimeException wrong) {
      throw window.need("calendar").need("timeZone").wrong("a time zone such as Europe/Berlin");
    }
  }

  /** OpenSLO's form of a time without a zone: {@code 2020-01-21 12:30:00}. */
  private static LocalDateTime start(Section entry) {
    try {
      return LocalDateTime.parse(entry.text().strip().replace(' ', 'T'));
    } catch (DateTimeException wrong) {
      throw entry.wrong("a time such as 2026-01-01 00:00:00");
    }
  }

  static Objective.Rules rules(Section spec, Window window) {
    AlertPolicy alerts =
        spec.get("alerting")
            .map(alerting -> alerts(alerting, window))
            .orElseGet(() -> preset(spec, Preset.WORKBOOK, window));
    List<Maintenance> maintenance = maintenance(spec);
    try {
      return new Objective.Rules(alerts, exclusions(spec), maintenance, policies(spec));
    } catch (IllegalArgumentException wrong) {
      throw spec.need("maintenance").wrong(wrong);
    }
  }

  private static List<Maintenance> maintenance(Section spec) {
    List<Maintenance> all = new ArrayList<>();
    for (Section entry : spec.list("maintenance")) {
      entry.only("name", "timeZone", "days", "start", "cron", "duration", "reason");
      try {
        all.add(
            new Maintenance(
                entry.need("name").text(),
                schedule(entry),
                length(entry.need("duration")),
                entry.need("reason").text()));
      } catch (IllegalArgumentException wrong) {
        throw entry.wrong(wrong);
      }
    }
    return all;
  }

  private static Schedule schedule(Section entry) {
    ZoneId zone = Schedule.zone(entry.need("timeZone").text());
    Optional<Section> cron = entry.get("cron");
    if (cron.isPresent()) {
      if (entry.get("days").isPresent() || entry.get("start").isPresent()) {
        throw cron.get().wrong("either cron or days and start, not both");
      }
      return Schedule.cron(cron.get().text(), zone);
    }
    return Schedule.of(entry.need("days").text(), entry.need("start").text(), zone);
  }

  static AlertPolicy preset(Section place, Preset preset, Window window) {
    try {
      return preset.scaledTo(window);
    } catch (IllegalArgumentException wrong) {
      throw place.wrong(wrong);
    }
  }

  private static AlertPolicy alerts(Section entry, Window window) {
    entry.only(
        "preset",
        "conditions",
        "minBadEvents",
        "binomial",
        "resolveAfter",
        "telemetryLostAfter",
        "unknownAbove");
    List<Condition> conditions = new ArrayList<>();
    for (Section condition : entry.list("conditions")) {
      conditions.add(condition(condition));
    }
    if (conditions.isEmpty()) {
      Preset preset = entry.oneOf("preset", Preset.WORKBOOK);
      conditions.addAll(preset(entry, preset, window).conditions());
    } else if (entry.get("preset").isPresent()) {
      throw entry.need("preset").wrong("either a preset or conditions, not both");
    }
    try {
      return new AlertPolicy(
          conditions,
          gate(entry),
          entry.get("resolveAfter").map(CommonParts::length),
          entry.get("telemetryLostAfter").map(CommonParts::length),
          entry.get("unknownAbove").map(Section::number).orElse(AlertPolicy.UNKNOWN_ABOVE));
    } catch (IllegalArgumentException wrong) {
      throw entry.wrong(wrong);
    }
  }

  private static Condition condition(Section entry) {
    entry.only("severity", "short", "long", "above");
    Duration longWindow = length(entry.need("long"));
    Duration shortWindow = entry.get("short").map(CommonParts::length).orElse(longWindow);
    try {
      return new Condition(
          entry.need("severity").oneOf(Severity.class),
          shortWindow,
          longWindow,
          entry.need("above").number());
    } catch (IllegalArgumentException wrong) {
      throw entry.wrong(wrong);
    }
  }

  private static MinimumEvidence gate(Section entry) {
    if (entry.get("binomial").isPresent()) {
      Section alpha = entry.need("binomial");
      try {
        return new MinimumEvidence.Unlikely(alpha.number());
      } catch (IllegalArgumentException wrong) {
        throw alpha.wrong(wrong);
      }
    }
    Optional<Section> least = entry.get("minBadEvents");
    if (least.isEmpty()) {
      return MinimumEvidence.DEFAULT;
    }
    try {
      return new MinimumEvidence.BadEvents(whole(least.get()));
    } catch (IllegalArgumentException wrong) {
      throw least.get().wrong("a whole number of at least 1");
    }
  }

  static int whole(Section entry) {
    double number = entry.number();
    if (number != Math.rint(number) || Math.abs(number) > 1e9) {
      throw entry.wrong("a whole number");
    }
    return (int) number;
  }

  private static List<Exclusion> exclusions(Section spec) {
    List<Exclusion> exclusions = new ArrayList<>();
    for (Section entry : spec.list("exclusions")) {
      entry.only("from", "to", "reason");
      try {
        exclusions.add(
            new Exclusion(
                entry.need("from").instant(),
                entry.need("to").instant(),
                entry.need("reason").text()));
      } catch (IllegalArgumentException wrong) {
        throw entry.wrong(wrong);
      }
    }
    return exclusions;
  }

  private static List<BudgetPolicy> policies(Section spec) {
    if (spec.get("budgetPolicies").isEmpty()) {
      return BudgetPolicy.DEFAULT;
    }
    List<BudgetPolicy> policies = new ArrayList<>();
    for (Section entry : spec.list("budgetPolicies")) {
      entry.only("atPercent", "action");
      try {
        policies.add(new BudgetPolicy(whole(entry.need("atPercent")), entry.need("action").text()));
      } catch (IllegalArgumentException wrong) {
        throw entry.wrong(wrong);
      }
    }
    return policies;
  }
}
