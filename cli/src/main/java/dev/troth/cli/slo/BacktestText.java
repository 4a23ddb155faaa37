package dev.troth.cli.slo;

import dev.troth.cli.command.Printable;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.backtest.Outcome;
import dev.troth.slo.backtest.Outcome.Told;
import dev.troth.slo.backtest.Truth;
import dev.troth.slo.objective.Durations;
import dev.troth.slo.objective.Severity;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Backtests as text for a terminal. */
final class BacktestText {
  private final PrintWriter out;
  private final Optional<Truth> truth;

  /**
   * Writes to a terminal.
   *
   * @param truth counts by request; with them each incident says how many were bad
   */
  BacktestText(PrintWriter out, Optional<Truth> truth) {
    this.out = out;
    this.truth = truth;
  }

  /** One file: each alert, each incident, and the sums. */
  void one(Replay replay, Outcome outcome) {
    for (Alert alert : replay.alerts()) {
      boolean wrong = !outcome.incidents().isEmpty() && outcome.falsePages().contains(alert);
      out.printf("%s%s%n", alert(alert), wrong ? "  false" : "");
    }
    notKnown(replay);
    if (!outcome.incidents().isEmpty()) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("INCIDENT", "FROM", "LASTED", "BAD REQUESTS", "PAGED", "TICKET"));
      for (Told told : outcome.incidents()) {
        rows.add(
            List.of(
                name(told.incident()),
                minute(told.incident().from()),
                lasted(told.incident().from(), told.incident().to()),
                bad(told.incident()),
                after(told.incident(), told.paged()),
                after(told.incident(), told.ticketed())));
      }
      SloText.aligned(rows).forEach(out::println);
    }
    sums(outcome);
  }

  static String alert(Alert alert) {
    String lasted =
        alert.resolvedAt().map(end -> "for " + lasted(alert.firedAt(), end)).orElse("still open");
    return Printable.line(
        "%-6s  %s  %s  %s"
            .formatted(alert.severity().word(), alert.firedAt(), lasted, alert.condition()));
  }

  /** Alarms of which nothing can be said. */
  void notKnown(Replay replay) {
    replay.notKnown().forEach(why -> out.println("not known: " + Printable.line(why)));
  }

  private void sums(Outcome outcome) {
    if (outcome.incidents().isEmpty()) {
      out.printf("%s, %s%n", count(outcome.pages(), "page"), count(outcome.tickets(), "ticket"));
      return;
    }
    out.printf(
        "%s, %d of them false; %s; %d of %d incidents paged; %d of %d minutes of incidents passed"
            + " unpaged%n",
        count(outcome.pages(), "page"),
        outcome.falsePages().size(),
        count(outcome.tickets(), "ticket"),
        paged(outcome),
        outcome.incidents().size(),
        outcome.minutesMissed(),
        outcome.incidentMinutes());
  }

  private static String count(long count, String word) {
    return count + " " + word + (count == 1 ? "" : "s");
  }

  private static long paged(Outcome outcome) {
    return outcome.incidents().stream().filter(told -> told.paged().isPresent()).count();
  }

  /** Two files side by side: when each would have paged an incident, and what only one does. */
  void two(Replay before, Outcome old, Replay after, Outcome fresh) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("INCIDENT", "FROM", "LASTED", "BAD REQUESTS", before.file(), after.file()));
    for (int i = 0; i < old.incidents().size(); i++) {
      Told first = old.incidents().get(i);
      Told second = fresh.incidents().get(i);
      rows.add(
          List.of(
              name(first.incident()),
              minute(first.incident().from()),
              lasted(first.incident().from(), first.incident().to()),
              bad(first.incident()),
              told(first),
              told(second)));
    }
    rows.add(row("pages", old.pages(), fresh.pages()));
    if (!old.incidents().isEmpty()) {
      rows.add(row("false pages", old.falsePages().size(), fresh.falsePages().size()));
      rows.add(row("minutes unpaged", old.minutesMissed(), fresh.minutesMissed()));
    }
    rows.add(row("tickets", old.tickets(), fresh.tickets()));
    SloText.aligned(rows).forEach(out::println);
    only(before, after);
    only(after, before);
    for (Replay replay : List.of(before, after)) {
      replay
          .notKnown()
          .forEach(why -> out.println(replay.file() + ": not known: " + Printable.line(why)));
    }
  }

  private static List<String> row(String name, long before, long after) {
    return List.of(name, "", "", "", String.valueOf(before), String.valueOf(after));
  }

  private static String told(Told told) {
    return told.paged().isPresent() || told.ticketed().isEmpty()
        ? after(told.incident(), told.paged())
        : "ticket " + after(told.incident(), told.ticketed());
  }

  private void only(Replay one, Replay other) {
    for (Alert page : one.alerts()) {
      boolean both =
          other.alerts().stream()
              .anyMatch(alert -> alert.severity() == page.severity() && overlap(alert, page));
      if (page.severity() == Severity.PAGE && !both) {
        out.printf("only %s: %s%n", one.file(), alert(page));
      }
    }
  }

  private static boolean overlap(Alert one, Alert other) {
    return one.resolvedAt().filter(end -> end.isBefore(other.firedAt())).isEmpty()
        && other.resolvedAt().filter(end -> end.isBefore(one.firedAt())).isEmpty();
  }

  private static String name(Incident incident) {
    return incident.name().isEmpty() ? "incident" : incident.name();
  }

  private static String minute(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES).toString();
  }

  private static String lasted(Instant from, Instant to) {
    return Durations.approximate(Duration.between(from, to).toSeconds() / 60.0);
  }

  private String bad(Incident incident) {
    return truth
        .map(counts -> counts.between(incident.from(), incident.to()))
        .map(counted -> "%d of %d".formatted(counted.bad(), counted.total()))
        .orElse("-");
  }

  private static String after(Incident incident, Optional<Instant> at) {
    return at.map(fired -> "after " + lasted(incident.from(), fired)).orElse("never");
  }
}
