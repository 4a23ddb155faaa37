package dev.troth.slo.objective;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When an objective alerts.
 *
 * @param resolveAfter how long it must be quiet before an alert ends; by default the short window
 *     of the condition that fired
 * @param lostAfter without data for so long, telemetry counts as lost; by default worked out from
 *     the traffic
 * @param unknownAbove the share of requests of which a step was never seen, above which the figure
 *     is not to be relied on
 */
public record AlertPolicy(
    List<Condition> conditions,
    MinimumEvidence gate,
    Optional<Duration> resolveAfter,
    Optional<Duration> lostAfter,
    double unknownAbove) {
  /** One request in twenty. */
  public static final double UNKNOWN_ABOVE = 0.05;

  private static final Duration MONTH = Duration.ofDays(30);

  public AlertPolicy {
    conditions = List.copyOf(conditions);
    if (!(unknownAbove > 0 && unknownAbove <= 1)) {
      throw new IllegalArgumentException(
          "unknownAbove is " + unknownAbove + ", expected above 0 and at most 1");
    }
  }

  /** A policy with the usual gate and times. */
  public static AlertPolicy of(List<Condition> conditions) {
    return new AlertPolicy(
        conditions, MinimumEvidence.DEFAULT, Optional.empty(), Optional.empty(), UNKNOWN_ABOVE);
  }

  /**
   * Named sets of conditions, made for 30 days and scaled to other windows, so that each stands for
   * the same share of the budget.
   */
  public enum Preset {
    /** The Site Reliability Workbook's chapter 5, with the additional ticket over a day. */
    WORKBOOK,
    /** Pages at 15 times: a month's budget in two days. */
    ORIGINAL;

    /** As it is written. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    private record Share(Severity severity, int shortMinutes, int longMinutes, double above) {}

    private List<Share> shares() {
      Share dayTicket = new Share(Severity.TICKET, 120, 1_440, 3);
      Share slowTicket = new Share(Severity.TICKET, 360, 4_320, 1);
      return switch (this) {
        case WORKBOOK ->
            List.of(
                new Share(Severity.PAGE, 5, 60, 14.4),
                new Share(Severity.PAGE, 30, 360, 6),
                dayTicket,
                slowTicket);
        case ORIGINAL -> List.of(new Share(Severity.PAGE, 5, 60, 15), dayTicket, slowTicket);
      };
    }

    /** The preset's conditions for a window of this length; a day at least. */
    public AlertPolicy scaledTo(Window window) {
      Duration length = window.length();
      if (length.compareTo(Duration.ofDays(1)) < 0) {
        throw new IllegalArgumentException(
            "window is %s, too short for the preset %s: give alerting.conditions of your own"
                .formatted(Durations.format(length), name().toLowerCase(java.util.Locale.ROOT)));
      }
      double scale = (double) length.toMinutes() / MONTH.toMinutes();
      List<Condition> conditions = new ArrayList<>();
      for (Share share : shares()) {
        long shortMinutes = Math.max(1, Math.round(share.shortMinutes * Math.min(1, scale)));
        long longMinutes =
            Math.max(shortMinutes, Math.round(share.longMinutes * Math.min(1, scale)));
        // The same share of the budget, however the lengths were rounded.
        double budgetShare = share.above * share.longMinutes / MONTH.toMinutes();
        double above = budgetShare * length.toMinutes() / longMinutes;
        conditions.add(
            new Condition(
                share.severity,
                Duration.ofMinutes(shortMinutes),
                Duration.ofMinutes(longMinutes),
                Math.round(above * 1e6) / 1e6));
      }
      return AlertPolicy.of(conditions);
    }
  }
}
