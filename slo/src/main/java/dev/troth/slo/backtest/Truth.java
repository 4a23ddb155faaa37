package dev.troth.slo.backtest;

import dev.troth.slo.backtest.Backtest.Incident;
import dev.troth.slo.backtest.Backtest.Minute;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What really happened, request by request, counted by the minute.
 *
 * @param minutes in the order of time
 */
public record Truth(List<Minute> minutes) {
  /** The window whose share of bad requests says that something was wrong. */
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private static final int LEAST_BAD = 3;

  public Truth {
    minutes = List.copyOf(minutes);
  }

  /** Requests, and those that were bad. */
  public record Requests(long total, long bad) {}

  /** The requests from one time, inclusive, to another. */
  public Requests between(Instant from, Instant to) {
    long total = 0;
    long bad = 0;
    for (Minute minute : minutes) {
      if (!minute.at().isBefore(from) && minute.at().isBefore(to)) {
        total += minute.total();
        bad += minute.bad();
      }
    }
    return new Requests(total, bad);
  }

  /**
   * The incidents that the counts show: stretches in which, of every five minutes, a larger share
   * than this was bad, and three requests at least.
   */
  public List<Incident> incidents(double share) {
    List<Incident> incidents = new ArrayList<>();
    int tail = 0;
    long total = 0;
    long bad = 0;
    Instant from = Instant.MAX;
    Instant until = Instant.MIN;
    for (Minute minute : minutes) {
      Instant end = minute.at().plusSeconds(60);
      total += minute.total();
      bad += minute.bad();
      while (!minutes.get(tail).at().isAfter(end.minus(WINDOW).minusSeconds(1))) {
        total -= minutes.get(tail).total();
        bad -= minutes.get(tail).bad();
        tail++;
      }
      boolean wrong = bad >= LEAST_BAD && bad > share * total;
      if (wrong && minute.bad() > share * minute.total()) {
        from = from.isBefore(minute.at()) ? from : minute.at();
        until = end;
      }
      if (!wrong && from.isBefore(until)) {
        incidents.add(new Incident(from, until));
        from = Instant.MAX;
        until = Instant.MIN;
      }
    }
    if (from.isBefore(until)) {
      incidents.add(new Incident(from, until));
    }
    return incidents;
  }
}
