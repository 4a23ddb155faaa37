package dev.troth.slo.backtest;

import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replays minutes of counts and tells what would have alerted. Running sums decide, in the minutes
 * in which the live engine does: a test holds the two against each other.
 *
 * <pre>{@code
 * Report report = Backtest.run(objective, minutes);
 * report.scored(incidents).recall();
 * }</pre>
 */
public final class Backtest {
  private Backtest() {}

  /** The counts of one minute, which begins at this time. */
  public record Minute(Instant at, long total, long bad) {
    /** So many that three years of such minutes can still be added up. */
    private static final long MOST_EVENTS = 1_000_000_000_000L;

    public Minute {
      if (total < 0 || bad < 0) {
        throw new IllegalArgumentException(
            "minute %s has %d events and %d bad ones, expected none below 0"
                .formatted(at, total, bad));
      }
      if (Math.max(total, bad) > MOST_EVENTS) {
        throw new IllegalArgumentException(
            "minute %s has %d events and %d bad ones, expected at most %d"
                .formatted(at, total, bad, MOST_EVENTS));
      }
    }
  }

  /**
   * A stretch of time in which something was really wrong.
   *
   * @param name empty if nobody named it
   */
  public record Incident(String name, Instant from, Instant to) {
    public Incident(Instant from, Instant to) {
      this("", from, to);
    }

    public Incident {
      if (to.isBefore(from)) {
        throw new IllegalArgumentException(
            "incident ends at " + to + ", expected an end after its start " + from);
      }
    }

    /** Whether an alert that fired at this time tells of it, at most an hour after its end. */
    boolean explains(Instant firedAt) {
      return !firedAt.isBefore(from) && !firedAt.isAfter(to.plus(Duration.ofHours(1)));
    }
  }

  /** An alert that would have fired; open at the end if it is not resolved. */
  public record Alert(
      Severity severity, Instant firedAt, Optional<Instant> resolvedAt, String condition) {}

  /** What would have happened. */
  public record Report(List<Alert> alerts, BudgetLine budget) {
    public Report {
      alerts = List.copyOf(alerts);
    }

    /** Compares pages with what was really wrong. */
    public Score scored(List<Incident> incidents) {
      return Score.of(alerts, incidents);
    }
  }

  /** How well pages told of incidents: of each one, the time from its start to the first page. */
  public record Score(int pages, int right, int incidents, List<Duration> delays) {
    /** Compares the pages among alerts with what was really wrong. */
    public static Score of(List<Alert> alerts, List<Incident> incidents) {
      List<Alert> pages =
          alerts.stream().filter(alert -> alert.severity() == Severity.PAGE).toList();
      long right =
          pages.stream()
              .filter(page -> incidents.stream().anyMatch(i -> i.explains(page.firedAt())))
              .count();
      List<Duration> delays = new ArrayList<>();
      for (Incident incident : incidents) {
        pages.stream()
            .filter(page -> incident.explains(page.firedAt()))
            .findFirst()
            .ifPresent(page -> delays.add(Duration.between(incident.from(), page.firedAt())));
      }
      return new Score(pages.size(), (int) right, incidents.size(), delays);
    }

    /** The share of pages that told of an incident; NaN without pages. */
    public double precision() {
      return pages == 0 ? Double.NaN : (double) right / pages;
    }

    /** The share of incidents that were paged; NaN without incidents. */
    public double recall() {
      return incidents == 0 ? Double.NaN : (double) delays.size() / incidents;
    }
  }

  /**
   * Runs over minutes in the order of time; minutes that are left out had no data.
   *
   * @throws IllegalArgumentException if the minutes cannot be what the objective counts
   */
  public static Report run(Objective objective, List<Minute> minutes) {
    CountHistory history = CountHistory.of(minutes);
    return new Report(AlertReplay.alerts(objective, history), BudgetLine.of(objective, history));
  }
}
