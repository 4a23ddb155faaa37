package dev.troth.server.trace;

import dev.troth.server.trace.TraceQuery.Cursor;
import dev.troth.server.trace.TraceViewStore.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The list of stored traces, page by page. */
final class TraceListStore {
  /** Traces that one page looks at for those that fit. */
  private static final int LOOKED_AT = 10_000;

  private static final String LEAST_ID = "0".repeat(32);

  private TraceListStore() {}

  /** A trace as the list shows it, but for its services. */
  private record Found(String id, long start, long end, String root, String service, Counts of) {
    record Counts(int spans, int errors) {}

    Cursor cursor() {
      return new Cursor(start, id);
    }

    TraceList.Row row(List<String> services) {
      return new TraceList.Row(
          id,
          root,
          service,
          TraceViewStore.time(start),
          (end - start) / 1e6,
          of.spans,
          of.errors,
          services);
    }
  }

  /**
   * A page of the newest that fit. Where that has to be looked at trace by trace, a page looks at
   * {@link #LOOKED_AT}, may hold fewer than were asked for and still has a next.
   */
  static Page page(Handle handle, TraceQuery wanted) {
    Optional<Cursor> rest =
        wanted.isOfOrderAlone() ? Optional.empty() : oldest(handle, wanted, LOOKED_AT);
    StringBuilder where = new StringBuilder(run(wanted) + " AND ended_ns - started_ns >= :least");
    wanted
        .service()
        .ifPresent(s ->
            where.append(
                // Asked trace by trace: an EXISTS may be answered by reading all spans at once.
                " AND coalesce((SELECT 1 FROM span WHERE span.trace_id = trace.trace_id"
                    + " AND span.service = :service LIMIT 1),"
                    + " (SELECT 1 FROM bad_span WHERE bad_span.trace_id = trace.trace_id"
                    + " AND bad_span.service = :service LIMIT 1)) = 1"));
    wanted.name().ifPresent(n -> where.append(" AND lower(root) LIKE lower(:name)"));
    rest.ifPresent(last -> where.append(" AND started_ns >= :oldest"));
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
    rest.ifPresent(last -> query.bind("oldest", last.startedNanos()));
    bindRun(query, wanted);
    List<Found> found = query.map((row, context) -> found(row)).list();
    boolean more = found.size() > wanted.limit();
    List<Found> page = more ? found.subList(0, wanted.limit()) : found;
    Map<String, List<String>> services = services(handle, page.stream().map(Found::id).toList());
    Optional<Cursor> next = more ? Optional.of(page.getLast().cursor()) : rest;
    return new Page(
        page.stream().map(one -> one.row(services.getOrDefault(one.id(), List.of()))).toList(),
        next.map(Cursor::toString).orElse(null));
  }

  private static Found found(ResultSet row) throws SQLException {
    return new Found(
        row.getString("trace_id"),
        row.getLong("started_ns"),
        row.getLong("ended_ns"),
        row.getString("root"),
        row.getString("service"),
        new Found.Counts(row.getInt("spans"), row.getInt("errors")));
  }

  /** The run of an index that a list goes along. */
  private static String run(TraceQuery wanted) {
    String failed = wanted.failed().map(f -> f ? "errors > 0" : "errors = 0").orElse("1 = 1");
    return wanted.before().isPresent()
        ? failed
            + " AND started_ns <= :beforeStart"
            + " AND (started_ns, trace_id) < (:beforeStart, :beforeId)"
        : failed;
  }

  private static void bindRun(Query query, TraceQuery wanted) {
    wanted
        .before()
        .ifPresent(b -> query.bind("beforeStart", b.startedNanos()).bind("beforeId", b.id()));
  }

  /** Where the first so many of a list's run end, if there are as many. */
  private static Optional<Cursor> oldest(Handle handle, TraceQuery wanted, int most) {
    record Looked(long oldest, int count) {}
    String only = wanted.failed().filter(f -> f).isPresent() ? " WHERE errors > 0 AND " : " WHERE ";
    Query query =
        handle
            .createQuery(
                "SELECT coalesce(min(started_ns), 0), count(*) FROM (SELECT started_ns FROM trace"
                    + only
                    + (wanted.before().isPresent() ? "started_ns <= :beforeStart" : "1 = 1")
                    + " ORDER BY started_ns DESC LIMIT :most) newest")
            .bind("most", most);
    wanted.before().ifPresent(b -> query.bind("beforeStart", b.startedNanos()));
    Looked looked = query.map((row, context) -> new Looked(row.getLong(1), row.getInt(2))).one();
    // All that began in the same instant were looked at, so the next page begins below their ids.
    return looked.count() < most
        ? Optional.empty()
        : Optional.of(new Cursor(looked.oldest(), LEAST_ID));
  }

  /** The services of some traces, in order of their names. */
  private static Map<String, List<String>> services(Handle handle, List<String> traces) {
    Map<String, List<String>> services = new HashMap<>();
    if (!traces.isEmpty()) {
      handle
          .createQuery(
              """
              SELECT trace_id, service FROM span WHERE trace_id IN (<traces>)
              UNION SELECT trace_id, service FROM bad_span WHERE trace_id IN (<traces>)
              ORDER BY trace_id, service
              """)
          .bindList("traces", traces)
          .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
          .forEach(one ->
              services.computeIfAbsent(one.getKey(), id -> new ArrayList<>()).add(one.getValue()));
    }
    return services;
  }
}
