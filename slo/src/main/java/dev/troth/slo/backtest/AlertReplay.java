package dev.troth.slo.backtest;

import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.objective.Condition;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.MinimumEvidence;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The alerts of an objective over a history, and nothing else: what the engine decides, worked out
 * of running sums.
 *
 * <p>While nothing fires, a minute costs a subtraction or two for each condition: its short window
 * alone says that it cannot burn. All else is looked at only where it could.
 */
public final class AlertReplay {
  private static final int DAY = 1_440;
  private static final int MEAN_GAPS = 10;

  /** So much below the limit that rounding decides nothing. */
  private static final double SURELY_BELOW = 1 - 1e-9;

  private final Objective objective;
  private final CountHistory history;
  private final long[] events;
  private final long[] totals;
  private final long[] bad;
  private final double budget;
  private final MinimumEvidence gate;
  private final List<Alert> alerts = new ArrayList<>();
  private final Alarm page;
  private final Alarm ticket;
  private boolean insufficient;
  private boolean unknown;

  private AlertReplay(Objective objective, CountHistory history) {
    this.objective = objective;
    CountHistory left = history.without(history.leftOutBy(objective));
    this.history = left.counted(objective);
    this.events = left.totals();
    this.totals = this.history.totals();
    this.bad = this.history.bad();
    this.budget = objective.goal().budget();
    this.gate = objective.rules().alerts().gate();
    this.page = new Alarm(Severity.PAGE);
    this.ticket = new Alarm(Severity.TICKET);
  }

  /** What would have alerted, in the order of firing. */
  public static List<Alert> alerts(Objective objective, CountHistory history) {
    if (objective.kind() == CountingMethod.INTERVAL) {
      throw new IllegalArgumentException(
          "objective %s is an interval, which one count of bad events cannot replay"
              .formatted(objective.name()));
    }
    if (objective.kind() != CountingMethod.ADDITIVE && !history.impossible().isEmpty()) {
      throw new IllegalArgumentException(history.impossible());
    }
    AlertReplay replay = new AlertReplay(objective, history);
    replay.run(history.totals());
    return List.copyOf(replay.alerts);
  }

  /** One severity's conditions, and how its alert stands. */
  private final class Alarm {
    private final Severity severity;
    private final List<Condition> conditions;
    private final int[] briefs;
    private final int[] broads;
    private final double[] limits;
    private final int[] nexts;

    /** In {@link #alerts}; -1 while nothing fires. */
    private int firing = -1;

    private Duration wait = Duration.ZERO;
    private int quietSince = -1;

    Alarm(Severity severity) {
      this.severity = severity;
      this.conditions =
          objective.rules().alerts().conditions().stream()
              .filter(condition -> condition.severity() == severity)
              .toList();
      int count = conditions.size();
      briefs = new int[count];
      broads = new int[count];
      limits = new double[count];
      nexts = new int[count];
      for (int i = 0; i < count; i++) {
        briefs[i] = (int) conditions.get(i).shortWindow().toMinutes();
        broads[i] = (int) conditions.get(i).longWindow().toMinutes();
        limits[i] = conditions.get(i).above() * budget;
      }
    }

    /** The first end of a minute, from this one on, at which a short window could burn. */
    int next(int from) {
      int first = totals.length;
      for (int i = 0; i < briefs.length; i++) {
        if (nexts[i] < from) {
          nexts[i] = next(from, briefs[i], limits[i] * SURELY_BELOW);
        }
        first = Math.min(first, nexts[i]);
      }
      return first;
    }

    private int next(int from, int brief, double limit) {
      long[] all = totals;
      long[] failed = bad;
      int end = from;
      for (; end < all.length && end < brief; end++) {
        if (failed[end] > 0 && failed[end] >= limit * all[end]) {
          return end;
        }
      }
      for (; end < all.length; end++) {
        long few = failed[end] - failed[end - brief];
        if (few > 0 && few >= limit * (all[end] - all[end - brief])) {
          return end;
        }
      }
      return end;
    }

    void evaluate(int end) {
      if (firing < 0 && next(end) > end) {
        return;
      }
      insufficient = false;
      unknown = false;
      int burning = burning(end);
      if (firing < 0) {
        if (burning >= 0) {
          fire(burning, end);
        }
      } else if (burning >= 0 || insufficient || unknown) {
        quietSince = -1;
      } else if (quietSince < 0) {
        quietSince = end;
      } else if (end - quietSince >= wait.toSeconds() / 60.0) {
        resolve(end);
      }
    }

    private int burning(int end) {
      int first = -1;
      for (int i = 0; i < briefs.length; i++) {
        int brief = Math.max(0, end - briefs[i]);
        int broad = Math.max(0, end - broads[i]);
        long few = totals[end] - totals[brief];
        long all = totals[end] - totals[broad];
        long failed = bad[end] - bad[broad];
        if (few <= 0 || all <= 0) {
          unknown = true;
        } else if ((double) (bad[end] - bad[brief]) / few > limits[i]
            && (double) failed / all > limits[i]) {
          if (!gate.passes(failed, all, budget)) {
            insufficient = true;
          } else if (first < 0) {
            first = i;
          }
        }
      }
      return first;
    }

    private void fire(int condition, int end) {
      Condition fired = conditions.get(condition);
      firing = alerts.size();
      quietSince = -1;
      wait = objective.rules().alerts().resolveAfter().orElse(fired.shortWindow());
      alerts.add(new Alert(severity, at(end), Optional.empty(), fired.text()));
    }

    private void resolve(int end) {
      Alert fired = alerts.get(firing);
      alerts.set(
          firing, new Alert(severity, fired.firedAt(), Optional.of(at(end)), fired.condition()));
      firing = -1;
    }

    private Instant at(int end) {
      return history.end(end - 1);
    }
  }

  /**
   * Goes through the minutes; while nothing fires, from one that could burn to the next.
   *
   * @param counted running sums with what is excluded: an event is a sign of life all the same
   */
  private void run(long[] counted) {
    Optional<Duration> after = objective.rules().alerts().lostAfter();
    long outage = after.map(Duration::toMinutes).orElseGet(this::outage);
    int firstEvent = 0;
    while (firstEvent < counted.length - 1 && counted[firstEvent + 1] == 0) {
      firstEvent++;
    }
    int lastEvent = firstEvent;
    int seen = firstEvent;
    for (int end = firstEvent + 1; end < counted.length; end++) {
      if (page.firing < 0 && ticket.firing < 0) {
        end = Math.min(page.next(end), ticket.next(end));
        if (end >= counted.length) {
          return;
        }
      }
      int last = end;
      while (last > seen && counted[last] == counted[last - 1]) {
        last--;
      }
      lastEvent = last > seen ? last - 1 : lastEvent;
      seen = end;
      int silent = end - lastEvent;
      boolean lost =
          silent > outage && (after.isPresent() || silent > tolerable(firstEvent, lastEvent, end));
      if (!lost) {
        page.evaluate(end);
        ticket.evaluate(end);
      }
    }
  }

  /** The time in which an outage of everything would have paged. */
  private long outage() {
    double least = DAY;
    for (Condition condition : objective.rules().alerts().conditions()) {
      least =
          Math.min(
              least, Math.ceil(condition.above() * budget * condition.longWindow().toMinutes()));
    }
    return (long) Math.max(1, least);
  }

  /** Ten mean gaps between the events of the last day, or a day if they are too few. */
  private long tolerable(int firstEvent, int lastEvent, int end) {
    int from = Math.max(firstEvent, lastEvent - DAY);
    long lately = events[end] - events[from];
    return lately < MEAN_GAPS ? DAY : (long) MEAN_GAPS * (lastEvent - from + 1) / lately;
  }
}
