package dev.troth.server.history;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.engine.Signal;
import dev.troth.slo.objective.Measure;
import java.time.Duration;
import java.time.Instant;

/**
 * What an objective knows beside its counts.
 *
 * @param counters of an objective of counters the minute at which its windows end, then the first
 *     minute of each counter, {@code 29539478 29539470 29539471}, a dash for one that was never
 *     received; empty of others, whose windows end a set time before now
 */
public record Remembered(AlertMemory alerts, String counters) {
  static Remembered of(ObjectiveEngine engine) {
    if (!(engine.objective().measure() instanceof Measure.Counters measure)) {
      return new Remembered(engine.memory(), "");
    }
    StringBuilder text = new StringBuilder().append(engine.head());
    for (int part = -1; part < measure.parts().size(); part++) {
      long minute = engine.signal(part).map(Signal::minute).orElse(Long.MAX_VALUE);
      text.append(' ').append(minute == Long.MAX_VALUE ? "-" : Long.toString(minute));
    }
    return new Remembered(engine.memory(), text.toString());
  }

  /** Lets an engine stand where it stood; its windows end at the frontier of an instant. */
  public void resume(ObjectiveEngine engine, Instant frontier, Instant at) {
    if (counters.isEmpty()) {
      engine.resume(frontier, at);
      return;
    }
    String[] minutes = counters.split(" ");
    for (int i = 1; i < minutes.length; i++) {
      if (!minutes[i].equals("-")) {
        engine.received(i - 2, new Signal(Long.parseLong(minutes[i]), Duration.ZERO));
      }
    }
    engine.resumeAt(Long.parseLong(minutes[0]));
  }
}
