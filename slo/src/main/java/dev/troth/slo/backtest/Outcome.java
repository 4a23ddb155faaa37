package dev.troth.slo.backtest;

import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Alerts held against what was really wrong.
 *
 * @param falsePages pages that no incident explains
 */
public record Outcome(List<Alert> alerts, List<Told> incidents, List<Alert> falsePages) {
  public Outcome {
    alerts = List.copyOf(alerts);
    incidents = List.copyOf(incidents);
    falsePages = List.copyOf(falsePages);
  }

  /** When an incident was told of; nothing if it never was. */
  public record Told(Incident incident, Optional<Instant> paged, Optional<Instant> ticketed) {
    /** From the start to the first page. */
    public Optional<Duration> delay() {
      return paged.map(at -> Duration.between(incident.from(), at));
    }

    /** Minutes of the incident in which nobody had been paged. */
    public long minutesMissed() {
      Instant until = paged.filter(at -> at.isBefore(incident.to())).orElse(incident.to());
      return Math.max(0, Duration.between(incident.from(), until).toMinutes());
    }
  }

  public static Outcome of(List<Alert> alerts, List<Incident> incidents) {
    List<Told> told =
        incidents.stream()
            .map(incident ->
                new Told(
                    incident,
                    first(alerts, incident, Severity.PAGE),
                    first(alerts, incident, Severity.TICKET)))
            .toList();
    List<Alert> wrong =
        alerts.stream()
            .filter(alert -> alert.severity() == Severity.PAGE)
            .filter(page -> incidents.stream().noneMatch(one -> one.explains(page.firedAt())))
            .toList();
    return new Outcome(alerts, told, wrong);
  }

  private static Optional<Instant> first(List<Alert> alerts, Incident incident, Severity severity) {
    return alerts.stream()
        .filter(alert -> alert.severity() == severity && incident.explains(alert.firedAt()))
        .map(Alert::firedAt)
        .min(Instant::compareTo);
  }

  public long pages() {
    return count(Severity.PAGE);
  }

  public long tickets() {
    return count(Severity.TICKET);
  }

  private long count(Severity severity) {
    return alerts.stream().filter(alert -> alert.severity() == severity).count();
  }

  public long minutesMissed() {
    return incidents.stream().mapToLong(Told::minutesMissed).sum();
  }

  public long incidentMinutes() {
    return incidents.stream()
        .mapToLong(
            told -> Duration.between(told.incident().from(), told.incident().to()).toMinutes())
        .sum();
  }

  /** The share of pages that told of an incident; NaN without pages. */
  public double precision() {
    return pages() == 0 ? Double.NaN : (double) (pages() - falsePages.size()) / pages();
  }

  /** The share of incidents that were paged; NaN without incidents. */
  public double recall() {
    long paged = incidents.stream().filter(told -> told.paged().isPresent()).count();
    return incidents.isEmpty() ? Double.NaN : (double) paged / incidents.size();
  }
}
