package dev.troth.server.trace;

import dev.troth.server.telemetry.Batch;
import dev.troth.server.telemetry.LogRecord;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.server.telemetry.Stage;
import dev.troth.slo.chain.Span;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The newest spans and log lines in SQL; older ones make room. */
public final class TraceStore implements Stage {
  private final int spans;
  private final int logs;
  private final BadTraces bad;
  private int sinceTrim;

  /**
   * A store of at most so many spans and log lines.
   *
   * @param bad keeps what must not make room
   */
  public TraceStore(int spans, int logs, BadTraces bad) {
    this.spans = spans;
    this.logs = logs;
    this.bad = bad;
  }

  @Override
  public void take(Handle handle, List<Batch> batches, Instant now) {
    for (Batch batch : batches) {
      if (!batch.spans().isEmpty()) {
        store(handle, batch.spans(), now);
      }
      if (!batch.logs().isEmpty()) {
        storeLogs(handle, batch.logs());
      }
      sinceTrim += batch.size();
    }
    if (sinceTrim > spans / 20) {
      trim(handle, now);
      sinceTrim = 0;
    }
  }

  @Override
  public void committed() {
    bad.committed();
  }

  @Override
  public void failed(Instant now) {
    bad.failed(now);
  }

  @Override
  public boolean pending(Instant now) {
    return false;
  }

  @Override
  public boolean hasRoom() {
    return true;
  }

  @Override
  public boolean isEverywhere() {
    return true;
  }

  private static void store(Handle handle, List<SpanRecord> records, Instant now) {
    int[] added;
    try (PreparedBatch insert =
        handle.prepareBatch(
            """
            INSERT INTO span (trace_id, span_id, arrived_ms, service, body)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """)) {
      for (SpanRecord record : records) {
        Span span = record.span();
        insert.add(
            span.ids().trace(),
            SpanRecord.hex(span.ids().span()),
            now.toEpochMilli(),
            span.place().service(),
            SpanJson.write(record));
      }
      added = insert.execute();
    }
    long newest =
        handle.createQuery("SELECT coalesce(max(seq), 0) FROM span").mapTo(Long.class).one();
    Map<String, Summary> traces = new HashMap<>();
    for (int i = 0; i < records.size(); i++) {
      if (added[i] > 0) {
        SpanRecord record = records.get(i);
        traces.merge(record.span().ids().trace(), Summary.of(record), Summary::plus);
      }
    }
    summarize(handle, traces, newest);
  }

  /** What the list shows of a trace; its root is the earliest span without a parent in it. */
  private record Summary(
      long start, long end, String service, String root, long rootStart, int spans, int errors) {
    static Summary of(SpanRecord record) {
      Span span = record.span();
      boolean isRoot = span.ids().parent() == 0;
      return new Summary(
          span.time().start(),
          span.time().end(),
          span.place().service(),
          span.place().name(),
          isRoot ? Long.MIN_VALUE : span.time().start(),
          1,
          record.status().equals("error") ? 1 : 0);
    }

    Summary plus(Summary other) {
      Summary first = rootStart <= other.rootStart ? this : other;
      return new Summary(
          Math.min(start, other.start),
          Math.max(end, other.end),
          first.service,
          first.root,
          first.rootStart,
          spans + other.spans,
          errors + other.errors);
    }
  }

  private static void summarize(Handle handle, Map<String, Summary> traces, long newest) {
    try (PreparedBatch upsert =
        handle.prepareBatch(
            """
            INSERT INTO trace (trace_id, started_ns, ended_ns, service, root, root_started_ns,
              spans, errors, newest_seq)
            VALUES (:id, :start, :end, :service, :root, :rootStart, :spans, :errors, :newest)
            ON CONFLICT (trace_id) DO UPDATE SET
              started_ns = CASE WHEN excluded.started_ns < trace.started_ns
                THEN excluded.started_ns ELSE trace.started_ns END,
              ended_ns = CASE WHEN excluded.ended_ns > trace.ended_ns
                THEN excluded.ended_ns ELSE trace.ended_ns END,
              service = CASE WHEN excluded.root_started_ns < trace.root_started_ns
                THEN excluded.service ELSE trace.service END,
              root = CASE WHEN excluded.root_started_ns < trace.root_started_ns
                THEN excluded.root ELSE trace.root END,
              root_started_ns = CASE WHEN excluded.root_started_ns < trace.root_started_ns
                THEN excluded.root_started_ns ELSE trace.root_started_ns END,
              spans = trace.spans + excluded.spans,
              errors = trace.errors + excluded.errors,
              newest_seq = excluded.newest_seq
            """)) {
      traces.forEach((id, trace) ->
          upsert
              .bind("id", id)
              .bind("start", trace.start)
              .bind("end", trace.end)
              .bind("service", trace.service)
              .bind("root", trace.root)
              .bind("rootStart", trace.rootStart)
              .bind("spans", trace.spans)
              .bind("errors", trace.errors)
              .bind("newest", newest)
              .add());
      upsert.execute();
    }
  }

  private static void storeLogs(Handle handle, List<LogRecord> records) {
    try (PreparedBatch insert =
        handle.prepareBatch(
            """
            INSERT INTO trace_log (trace_id, span_id, at_ns, severity, service, body)
            VALUES (?, ?, ?, ?, ?, ?)
            """)) {
      for (LogRecord log : records) {
        long nanos = ChronoUnit.NANOS.between(Instant.EPOCH, log.at());
        insert.add(log.trace(), log.span(), nanos, log.severity(), log.service(), log.body());
      }
      insert.execute();
    }
  }

  private void trim(Handle handle, Instant now) {
    long upTo =
        handle.createQuery("SELECT coalesce(max(seq), 0) FROM span").mapTo(Long.class).one()
            - spans;
    bad.makeRoom(handle, upTo, now);
    handle.execute("DELETE FROM span WHERE seq <= ?", upTo);
    handle.execute(
        """
        DELETE FROM trace WHERE newest_seq < (SELECT coalesce(min(seq), 0) FROM span)
          AND NOT EXISTS (SELECT 1 FROM bad_trace WHERE bad_trace.trace_id = trace.trace_id)
        """);
    handle.execute("DELETE FROM trace_log WHERE seq <= (SELECT max(seq) FROM trace_log) - ?", logs);
  }
}
