package dev.troth.server.trace;

import dev.troth.server.db.Database;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.server.trace.TraceQuery.Cursor;
import dev.troth.server.trace.TraceView.LogView;
import dev.troth.slo.chain.Span;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Stored traces, read for the API and the console. */
public final class TraceViewStore {
  private final Database database;

  public TraceViewStore(Database database) {
    this.database = database;
  }

  /** A page of the list. */
  record Page(List<TraceList.Row> traces, @Nullable String next) {}

  /** The newest traces that fit. */
  Page list(TraceQuery wanted) {
    return database.read(handle -> TraceListStore.page(handle, wanted));
  }

  /**
   * The spans of a trace in the order of their start.
   *
   * @param start of the first, in nanoseconds since 1970
   * @param end of the last
   * @param arrived when the newest of them came
   */
  record Spans(List<SpanRecord> records, long start, long end, Instant arrived) {
    static Spans of(List<SpanRecord> found, Instant arrived) {
      List<SpanRecord> records = new ArrayList<>(found);
      records.sort(Comparator.comparingLong(record -> record.span().time().start()));
      long start = records.getFirst().span().time().start();
      long end = records.stream().mapToLong(r -> r.span().time().end()).max().orElse(start);
      return new Spans(List.copyOf(records), start, end, arrived);
    }

    Instant startedAt() {
      return time(start);
    }

    List<SpanView> views() {
      return records.stream().map(record -> SpanView.of(record, start)).toList();
    }

    List<Span> spans() {
      return records.stream().map(SpanRecord::span).toList();
    }
  }

  /** All spans of one trace; empty when it has none. */
  Optional<Spans> spans(String trace) {
    return spans(trace, Instant.ofEpochMilli(Long.MAX_VALUE));
  }

  /** The spans of one trace that had come by an instant. */
  Optional<Spans> spans(String trace, Instant by) {
    return database.read(handle -> {
      List<SpanRecord> found = records(handle, trace, by);
      return found.isEmpty()
          ? Optional.empty()
          : Optional.of(Spans.of(found, arrived(handle, trace, by)));
    });
  }

  private static Instant arrived(Handle handle, String trace, Instant by) {
    return handle
        .createQuery(
            """
            SELECT max(arrived_ms) FROM (
              SELECT arrived_ms FROM span WHERE trace_id = :trace AND arrived_ms <= :by
              UNION ALL
              SELECT arrived_ms FROM bad_span WHERE trace_id = :trace AND arrived_ms <= :by) came
            """)
        .bind("trace", trace)
        .bind("by", by.toEpochMilli())
        .mapTo(Long.class)
        .map(Instant::ofEpochMilli)
        .one();
  }

  /** Whether spans of a trace are gone. */
  boolean isCut(String trace) {
    return database.read(handle ->
        handle
            .createQuery("SELECT 1 FROM trace WHERE trace_id = ? AND is_cut = 1")
            .bind(0, trace)
            .mapTo(Integer.class)
            .findOne()
            .isPresent());
  }

  /** All spans of one trace, to be judged. */
  List<Span> spansOf(Handle handle, String trace) {
    return records(handle, trace, Instant.ofEpochMilli(Long.MAX_VALUE)).stream()
        .map(SpanRecord::span)
        .toList();
  }

  /** A span that was sent again after it was stored apart is there twice. */
  private static List<SpanRecord> records(Handle handle, String trace, Instant by) {
    Map<String, SpanRecord> found = new TreeMap<>();
    handle
        .createQuery(
            """
            SELECT span_id, service, body FROM span
            WHERE trace_id = :trace AND arrived_ms <= :by
            UNION ALL SELECT span_id, service, body FROM bad_span
            WHERE trace_id = :trace AND arrived_ms <= :by
            """)
        .bind("trace", trace)
        .bind("by", by.toEpochMilli())
        .map((row, context) -> found.putIfAbsent(row.getString("span_id"), record(trace, row)))
        .list();
    return List.copyOf(found.values());
  }

  /** Reads with a connection of its own. */
  <T> T reading(Function<Handle, T> work) {
    return database.read(work::apply);
  }

  /** Some spans of one trace, in the order of the ids; those that went meanwhile are left out. */
  List<SpanRecord> spans(String trace, long[] ids) {
    if (ids.length == 0) {
      return List.of();
    }
    List<String> wanted = Arrays.stream(ids).mapToObj(SpanRecord::hex).toList();
    Map<String, SpanRecord> found = new HashMap<>();
    database.read(handle ->
        handle
            .createQuery(
                """
                SELECT span_id, service, body FROM span
                WHERE trace_id = :trace AND span_id IN (<wanted>)
                UNION ALL SELECT span_id, service, body FROM bad_span
                WHERE trace_id = :trace AND span_id IN (<wanted>)
                """)
            .bind("trace", trace)
            .bindList("wanted", wanted)
            .map((row, context) -> found.put(row.getString("span_id"), record(trace, row)))
            .list());
    return wanted.stream().flatMap(id -> Stream.ofNullable(found.get(id))).toList();
  }

  /** A trace, and which of its spans came last. */
  record Recent(String id, String root, String service, Cursor cursor, long newest) {
    static Recent of(ResultSet row) throws SQLException {
      return new Recent(
          row.getString(1),
          row.getString(2),
          row.getString(3),
          new Cursor(row.getLong(4), row.getString(1)),
          row.getLong(5));
    }
  }

  /** The spans that came last. */
  List<Span> newest(int most) {
    return database.read(handle ->
        handle
            .createQuery(
                "SELECT trace_id, span_id, service, body FROM span ORDER BY seq DESC LIMIT ?")
            .bind(0, most)
            .map((row, context) -> record(row.getString("trace_id"), row).span())
            .list());
  }

  private static SpanRecord record(String trace, ResultSet row) throws SQLException {
    return SpanJson.read(
        trace, row.getString("span_id"), row.getString("service"), row.getString("body"));
  }

  /** Which spans of a trace are stored; empty when none is. */
  Optional<TraceOutline.Version> version(String trace) {
    return database.read(handle ->
        handle
            .createQuery(
                """
                SELECT newest_seq,
                  CASE WHEN EXISTS
                      (SELECT 1 FROM bad_trace WHERE bad_trace.trace_id = trace.trace_id)
                    THEN 0 ELSE (SELECT coalesce(min(seq), 0) FROM span) END AS oldest
                FROM trace WHERE trace_id = ?
                """)
            .bind(0, trace)
            .map((row, context) ->
                new TraceOutline.Version(row.getLong("newest_seq"), row.getLong("oldest")))
            .findOne());
  }

  /** The oldest stored span of a trace. */
  long oldest(String trace) {
    return database.read(handle ->
        handle
            .createQuery("SELECT coalesce(min(seq), 0) FROM span WHERE trace_id = ?")
            .bind(0, trace)
            .mapTo(Long.class)
            .one());
  }

  /** The log lines of a trace in the order of time, at most so many. */
  List<LogView> logs(String trace, int most) {
    return database.read(handle ->
        handle
            .createQuery("SELECT * FROM trace_log WHERE trace_id = ? ORDER BY at_ns, seq LIMIT ?")
            .bind(0, trace)
            .bind(1, most)
            .map((row, context) ->
                new LogView(
                    time(row.getLong("at_ns")),
                    row.getString("severity"),
                    row.getString("service"),
                    row.getString("span_id"),
                    row.getString("body")))
            .list());
  }

  static Instant time(long nanos) {
    return Instant.ofEpochSecond(0, nanos / 1_000 * 1_000);
  }
}
