package dev.troth.server.counting;

import dev.troth.server.http.Json;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.engine.Signal;
import dev.troth.slo.engine.SloEngine;
import dev.troth.slo.objective.CounterRef;
import dev.troth.slo.objective.Measure;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Streams of counters, and since when objectives receive theirs, in SQL. */
final class CounterStore {

  /** The streams as they were left; begins to know them now if it never did. */
  CounterStreams load(Handle handle, SloEngine engine, Duration lateness, Instant now) {
    CounterStreams streams = new CounterStreams(origin(handle, counters(engine), now), lateness);
    handle
        .createQuery("SELECT stream, state FROM counter_stream ORDER BY seen_at")
        .map((row, context) -> {
          streams.restore(
              row.getString("stream"),
              Json.mapper().readValue(row.getString("state"), CounterStream.class));
          return true;
        })
        .forEach(done -> {});
    return streams;
  }

  /** Streams of counters that nobody counted until now are not known; so all begin anew then. */
  private static Instant origin(Handle handle, String counters, Instant now) {
    long stored =
        handle
            .createQuery("SELECT since_ms FROM counter_origin WHERE counters = ?")
            .bind(0, counters)
            .mapTo(Long.class)
            .findOne()
            .orElse(now.toEpochMilli());
    saveOrigin(handle, counters, stored);
    return Instant.ofEpochMilli(stored);
  }

  private static void saveOrigin(Handle handle, String counters, long since) {
    handle.execute(
        """
        INSERT INTO counter_origin (id, counters, since_ms) VALUES (1, ?, ?)
        ON CONFLICT (id) DO UPDATE SET counters = excluded.counters, since_ms = excluded.since_ms
        """,
        counters,
        since);
  }

  /** All counters that are counted, as one text. */
  private static String counters(SloEngine engine) {
    var counters = new TreeSet<String>();
    for (ObjectiveEngine one : engine.objectives()) {
      if (one.objective().measure() instanceof Measure.Counters measure) {
        for (int part = -1; part < measure.parts().size(); part++) {
          counters.add(text(counter(measure, part)));
        }
      }
    }
    return String.join("\n", counters);
  }

  private static CounterRef counter(Measure.Counters measure, int part) {
    return part < 0 ? measure.total() : measure.parts().get(part).counter();
  }

  private static String text(CounterRef counter) {
    return Json.mapper()
        .writeValueAsString(
            java.util.List.of(counter.metric(), new TreeMap<>(counter.attributes())));
  }

  void save(Handle handle, CounterStreams streams, SloEngine engine) {
    if (!streams.changed().isEmpty()) {
      try (PreparedBatch upsert =
          handle.prepareBatch(
              """
              INSERT INTO counter_stream (stream, seen_at, state) VALUES (?, ?, ?)
              ON CONFLICT (stream) DO UPDATE SET
                seen_at = excluded.seen_at, state = excluded.state
              """)) {
        streams
            .changed()
            .forEach((key, stream) ->
                upsert.add(key, stream.lastAt(), Json.mapper().writeValueAsString(stream)));
        upsert.execute();
      }
    }
    if (!streams.forgotten().isEmpty()) {
      try (PreparedBatch delete =
          handle.prepareBatch("DELETE FROM counter_stream WHERE stream = ?")) {
        streams.forgotten().forEach(delete::add);
        delete.execute();
      }
      saveOrigin(handle, counters(engine), streams.since().toEpochMilli());
    }
  }

  /** Since when and how often an objective receives a counter. */
  void saveSignal(Handle handle, SloEngine.Use use) {
    Signal signal = use.engine().signal(use.part()).orElseThrow();
    handle.execute(
        """
        INSERT INTO counter_signal (objective, part, counter, minute, every_ms)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (objective, part, counter) DO UPDATE SET
          minute = excluded.minute, every_ms = excluded.every_ms
        """,
        use.engine().objective().name(),
        use.part(),
        text(counter(use.counters(), use.part())),
        signal.minute(),
        signal.every().toMillis());
  }

  /** Tells each objective since when it receives its counters. */
  void restoreSignals(Handle handle, SloEngine engine) {
    for (ObjectiveEngine one : engine.objectives()) {
      if (one.objective().measure() instanceof Measure.Counters measure) {
        for (int part = -1; part < measure.parts().size(); part++) {
          int position = part;
          handle
              .createQuery(
                  """
                  SELECT minute, every_ms FROM counter_signal
                  WHERE objective = ? AND part = ? AND counter = ?
                  """)
              .bind(0, one.objective().name())
              .bind(1, part)
              .bind(2, text(counter(measure, part)))
              .map((row, context) ->
                  new Signal(row.getLong("minute"), Duration.ofMillis(row.getLong("every_ms"))))
              .findOne()
              .ifPresent(signal -> one.received(position, signal));
        }
      }
    }
  }
}
