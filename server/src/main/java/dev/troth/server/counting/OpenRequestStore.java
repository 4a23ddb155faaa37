package dev.troth.server.counting;

import dev.troth.server.http.Json;
import dev.troth.slo.chain.Requests;
import dev.troth.slo.chain.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The spans of requests that wait for their verdict or can still be corrected, in SQL, so that a
 * restart joins them again.
 *
 * <p>It holds what the join holds in memory, which is bounded: what the join gives up is deleted
 * here. Apart from the trace view, whose size has nothing to do with how long a request is open.
 */
final class OpenRequestStore {
  /** Rows that are looked at in one transaction. */
  private static final int SWEEP = 20_000;

  /** Where the spans came from; each place has requests of its own. */
  private final String source;

  private long swept;

  /** Of spans that this or another platform received itself. */
  OpenRequestStore() {
    this("");
  }

  /** Of spans of a partition. */
  OpenRequestStore(String source) {
    this.source = source;
  }

  private record Row(long seq, String trace) {}

  /** Spans of a trace that arrived together. */
  record Arrival(String trace, Instant arrived, List<OpenSpan> spans) {}

  /** Stores what was taken at one time, a row a trace. */
  void save(Handle handle, List<Span> taken, Instant at) {
    Map<String, List<OpenSpan>> traces = new LinkedHashMap<>();
    for (Span span : taken) {
      traces.computeIfAbsent(span.ids().trace(), trace -> new ArrayList<>()).add(OpenSpan.of(span));
    }
    List<Arrival> arrivals = new ArrayList<>();
    traces.forEach((trace, spans) -> arrivals.add(new Arrival(trace, at, spans)));
    save(handle, arrivals);
  }

  /** Stores what was taken, a row for each arrival. */
  void save(Handle handle, List<Arrival> taken) {
    if (taken.isEmpty()) {
      return;
    }
    try (PreparedBatch insert =
        handle.prepareBatch(
            """
            INSERT INTO open_request (source, trace_id, arrived_ms, spans) VALUES (?, ?, ?, ?)
            """)) {
      taken.forEach(one ->
          insert.add(
              source,
              one.trace,
              one.arrived.toEpochMilli(),
              Json.mapper().writeValueAsString(one.spans)));
      insert.execute();
    }
  }

  /**
   * Joins the stored spans again as they were joined before.
   *
   * @param cursor up to when requests were judged and counted
   * @param accept takes a span at the time of its arrival
   * @param judge judges without counting
   */
  void rejoin(
      Handle handle, Instant cursor, BiConsumer<Span, Instant> accept, Consumer<Instant> judge) {
    long[] minute = {Long.MIN_VALUE};
    replay(
        handle,
        (span, arrived) -> {
          // What was judged by then makes room, as it did before.
          if (arrived.toEpochMilli() / 60_000 > minute[0] && !arrived.isAfter(cursor)) {
            minute[0] = arrived.toEpochMilli() / 60_000;
            judge.accept(arrived);
          }
          accept.accept(span, arrived);
        });
    judge.accept(cursor);
  }

  /** Gives every span in the order of its arrival. */
  private void replay(Handle handle, BiConsumer<Span, Instant> user) {
    handle
        .createQuery(
            "SELECT trace_id, arrived_ms, spans FROM open_request WHERE source = ? ORDER BY seq")
        .bind(0, source)
        .setFetchSize(1_000)
        .map((row, context) -> {
          String trace = row.getString("trace_id");
          Instant arrived = Instant.ofEpochMilli(row.getLong("arrived_ms"));
          for (OpenSpan span : Json.mapper().readValue(row.getString("spans"), OpenSpan[].class)) {
            user.accept(span.span(trace), arrived);
          }
          return true;
        })
        .forEach(done -> {});
  }

  /**
   * Deletes what the join no longer holds. A trace is looked at once its watermark has passed, when
   * it is a request or nothing; later it goes by its age.
   */
  void sweep(Handle handle, Requests requests, Duration watermark, Instant now) {
    long before = Math.min(requests.oldest(), now.toEpochMilli() + 1);
    handle.execute("DELETE FROM open_request WHERE source = ? AND arrived_ms < ?", source, before);
    List<Row> due =
        handle
            .createQuery(
                """
                SELECT seq, trace_id FROM open_request
                WHERE source = ? AND seq > ? AND arrived_ms < ? ORDER BY seq LIMIT ?
                """)
            .bind(0, source)
            .bind(1, swept)
            .bind(2, now.minus(watermark).minusSeconds(5).toEpochMilli())
            .bind(3, SWEEP)
            .map((row, context) -> new Row(row.getLong("seq"), row.getString("trace_id")))
            .list();
    try (PreparedBatch delete = handle.prepareBatch("DELETE FROM open_request WHERE seq = ?")) {
      int gone = 0;
      for (Row row : due) {
        swept = row.seq;
        if (!requests.keeps(row.trace)) {
          delete.add(row.seq);
          gone++;
        }
      }
      if (gone > 0) {
        delete.execute();
      }
    }
  }

  /**
   * After the clock was set back: spans that arrived later than it is now arrived now, or, if they
   * were judged already, so long ago that they still are.
   */
  void setBack(Handle handle, Instant now, Instant judgedUntil, Instant judged) {
    handle.execute(
        """
        UPDATE open_request SET arrived_ms = CASE WHEN arrived_ms <= ? THEN ? ELSE ? END
        WHERE source = ? AND arrived_ms > ?
        """,
        judgedUntil.toEpochMilli(),
        judged.toEpochMilli(),
        now.toEpochMilli(),
        source,
        judged.toEpochMilli());
  }
}
