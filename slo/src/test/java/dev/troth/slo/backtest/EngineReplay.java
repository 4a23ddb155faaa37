package dev.troth.slo.backtest;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.alert.Event.AlertFired;
import dev.troth.slo.alert.Event.AlertResolved;
import dev.troth.slo.backtest.Backtest.Alert;
import dev.troth.slo.backtest.Backtest.Minute;
import dev.troth.slo.count.Delta;
import dev.troth.slo.count.Tally;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.objective.Objective;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engine that runs live, led through minutes of counts: what replays are held against. */
final class EngineReplay {
  private final ObjectiveEngine engine;
  private final List<Alert> alerts = new ArrayList<>();
  private double lowest = Double.NaN;

  private EngineReplay(ObjectiveEngine engine) {
    this.engine = engine;
  }

  static EngineReplay of(Objective objective, List<Minute> minutes) {
    Instant start = minutes.getFirst().at();
    var replay =
        new EngineReplay(
            new ObjectiveEngine(objective, AlertMemory.fresh(start.getEpochSecond()), start));
    replay.engine.receivedAll(start);
    long at = Tally.minute(start);
    for (Minute minute : minutes) {
      for (; at < Tally.minute(minute.at()); at++) {
        replay.evaluate(at);
      }
      replay.engine.restore(Delta.of(at, minute.total(), minute.bad()));
      replay.evaluate(at++);
    }
    return replay;
  }

  List<Alert> alerts() {
    return alerts;
  }

  /** The least share of the budget that was left at the end of any minute. */
  double lowest() {
    return lowest;
  }

  /** Evaluates at the end of a minute. */
  private void evaluate(long minute) {
    Instant end = Instant.ofEpochSecond((minute + 1) * 60);
    for (Event event : engine.evaluate(end, end)) {
      if (event instanceof AlertFired fired) {
        alerts.add(
            new Alert(
                fired.severity(), fired.at(), Optional.empty(), fired.evidence().condition()));
      } else if (event instanceof AlertResolved resolved) {
        alerts.replaceAll(alert ->
            alert.severity() == resolved.severity() && alert.firedAt().equals(resolved.firedAt())
                ? new Alert(
                    alert.severity(),
                    alert.firedAt(),
                    Optional.of(resolved.at()),
                    alert.condition())
                : alert);
      }
    }
    double left = engine.budget().remainingRatio();
    lowest = Double.isNaN(lowest) ? left : Math.min(lowest, Double.isNaN(left) ? lowest : left);
  }
}
