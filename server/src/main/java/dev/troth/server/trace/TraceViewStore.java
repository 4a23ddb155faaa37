package dev.troth.server.trace;

import dev.troth.server.db.Database;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.slo.chain.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Traces as the API and the console show them. */
public final class TraceViewStore {
  private final Database database;

  public TraceViewStore(Database database) {
    this.database = database;
  }

  /**
   * What a list is asked for.
   *
   * @param before where the page before ended
   */
  public record Wanted(
      Optional<String> service,
      Optional<String> name,
      Optional<Boolean> failed,
      double minMillis,
      int limit,
      Optional<Cursor> before) {
    public static final Wanted NEWEST =
        new Wanted(Optional.empty(), Optional.empty(), Optional.empty(), 0, 50, Optional.empty());
  }

  /** A place in the list: newest first, and by id among traces that started together. */
  public record Cursor(long startedNanos, String id) {
    /** Reads what a page gave to ask for the next one. */
    public static Cursor parse(String text) {
      int dash = text.indexOf('-');
      if (dash < 1) {
        throw new IllegalArgumentException("before is '" + text + "', expected the next of a page");
      }
      try {
        return new Cursor(Long.parseLong(text.substring(0, dash)), text.substring(dash + 1));
      } catch (NumberFormatException wrong) {
        throw new IllegalArgumentException(
            "before is '" + text + "', expected the next of a page", wrong);
      }
    }

    @Override
    public String toString() {
      return startedNanos + "-" + id;
    }
  }

  /** A page of the list. */
  public record Page(List<Row> traces, @Nullable String next) {}

  /** One trace in a list. */
  public record Row(
      String id,
      String root,
      String service,
      String start,
      double durationMillis,
      int spans,
      int errors,
      List<String> services) {}

  /** A whole trace; times of spans are relative to its start. */
  public record Trace(
      String id, String start, double durationMillis, List<SpanRow> spans, List<LogRow> logs) {}

  /** A span of a trace. */
  public record SpanRow(
      String id,
      @Nullable String parent,
      String service,
      String name,
      String kind,
      long startMicros,
      long durationMicros,
      String status,
      String statusMessage,
      Map<String, String> attributes,
      List<EventRow> events) {}

  /** Something that happened during a span. */
  public record EventRow(String name, long atMicros, Map<String, String> attributes) {}

  /** A log line of a trace. */
  public record LogRow(String at, String severity, String service, String span, String body) {}

  /** The newest traces that fit. */
  public Page list(Wanted wanted) {
    return database.read(handle -> list(handle, wanted));
  }

  private static Page list(Handle handle, Wanted wanted) {
    StringBuilder where = new StringBuilder("ended_ns - started_ns >= :least");
    wanted
        .service()
        .ifPresent(s ->
            where.append(
                " AND EXISTS (SELECT 1 FROM span WHERE span.trace_id = trace.trace_id"
                    + " AND span.service = :service)"));
    wanted.name().ifPresent(n -> where.append(" AND root LIKE :name"));
    wanted.failed().ifPresent(f -> where.append(f ? " AND errors > 0" : " AND errors = 0"));
    wanted
        .before()
        .ifPresent(b -> where.append(" AND (started_ns, trace_id) < (:beforeStart, :beforeId)"));
    Query query =
        handle
            .createQuery(
                "SELECT * FROM trace WHERE "
                    + where
                    + " ORDER BY started_ns DESC, trace_id DESC LIMIT :limit")
            .bind("least", (long) (wanted.minMillis() * 1e6))
            .bind("limit", wanted.limit() + 1);
    wanted.service().ifPresent(s -> query.bind("service", s));
    wanted.name().ifPresent(n -> query.bind("name", "%" + n + "%"));
    wanted
        .before()
        .ifPresent(b -> query.bind("beforeStart", b.startedNanos).bind("beforeId", b.id));
    record Found(Row row, Cursor cursor) {}
    List<Found> found =
        query
            .map((row, context) -> {
              String id = row.getString("trace_id");
              long start = row.getLong("started_ns");
              return new Found(
                  new Row(
                      id,
                      row.getString("root"),
                      row.getString("service"),
                      time(start),
                      (row.getLong("ended_ns") - start) / 1e6,
                      row.getInt("spans"),
                      row.getInt("errors"),
                      services(handle, id)),
                  new Cursor(start, id));
            })
            .list();
    boolean more = found.size() > wanted.limit();
    List<Found> page = more ? found.subList(0, wanted.limit()) : found;
    return new Page(
        page.stream().map(Found::row).toList(), more ? page.getLast().cursor().toString() : null);
  }

  private static List<String> services(Handle handle, String trace) {
    return handle
        .createQuery("SELECT DISTINCT service FROM span WHERE trace_id = ? ORDER BY service")
        .bind(0, trace)
        .mapTo(String.class)
        .list();
  }

  /** One trace with its log lines. */
  public Optional<Trace> trace(String id) {
    return database.read(handle -> trace(handle, id));
  }

  /** The spans of one trace. */
  public List<Span> spans(String id) {
    return database.read(handle -> records(handle, id)).stream().map(SpanRecord::span).toList();
  }

  private static List<SpanRecord> records(Handle handle, String id) {
    return handle
        .createQuery("SELECT span_id, service, body FROM span WHERE trace_id = ?")
        .bind(0, id)
        .map((row, context) ->
            SpanJson.read(
                id, row.getString("span_id"), row.getString("service"), row.getString("body")))
        .list();
  }

  private static Optional<Trace> trace(Handle handle, String id) {
    List<SpanRecord> records = new ArrayList<>(records(handle, id));
    if (records.isEmpty()) {
      return Optional.empty();
    }
    records.sort((a, b) -> Long.compare(a.span().time().start(), b.span().time().start()));
    long start = records.getFirst().span().time().start();
    long end = records.stream().mapToLong(record -> record.span().time().end()).max().orElse(start);
    List<LogRow> logs =
        handle
            .createQuery("SELECT * FROM trace_log WHERE trace_id = ? ORDER BY at_ns")
            .bind(0, id)
            .map((row, context) ->
                new LogRow(
                    time(row.getLong("at_ns")),
                    row.getString("severity"),
                    row.getString("service"),
                    row.getString("span_id"),
                    row.getString("body")))
            .list();
    return Optional.of(
        new Trace(
            id,
            time(start),
            (end - start) / 1e6,
            records.stream().map(record -> row(record, start)).toList(),
            logs));
  }

  private static SpanRow row(SpanRecord record, long start) {
    Span span = record.span();
    long parent = span.ids().parent();
    return new SpanRow(
        SpanRecord.hex(span.ids().span()),
        parent == 0 ? null : SpanRecord.hex(parent),
        span.place().service(),
        span.place().name(),
        span.place().kind().name().toLowerCase(Locale.ROOT),
        (span.time().start() - start) / 1_000,
        (span.time().end() - span.time().start()) / 1_000,
        record.status(),
        record.statusMessage(),
        span.attributes(),
        record.events().stream()
            .map(e -> new EventRow(e.name(), (e.at() - start) / 1_000, e.attributes()))
            .toList());
  }

  private static String time(long nanos) {
    return Instant.ofEpochSecond(0, nanos / 1_000 * 1_000).toString();
  }
}
