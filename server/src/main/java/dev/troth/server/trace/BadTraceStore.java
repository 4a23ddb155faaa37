package dev.troth.server.trace;

import dev.troth.server.http.Json;
import dev.troth.server.trace.TraceQuery.Cursor;
import dev.troth.server.trace.TraceViewStore.Recent;
import dev.troth.slo.chain.Grouping;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Bad requests and the spans of their traces in SQL, apart from the newest spans. */
final class BadTraceStore {
  /** All steps. */
  private static final String ANY = "";

  /** Those whose value has no group of its own. */
  private static final String OF_OTHERS =
      " AND b.grp <> '' AND b.grp <> '"
          + Grouping.NONE
          + "' AND NOT EXISTS (SELECT 1 FROM slo_group"
          + " AS g WHERE g.objective = b.objective AND g.grp = b.grp)";

  /** About what a row needs beside the body of its span. */
  private static final int ROW_BYTES = 100;

  private static final int ROWS = 500;

  private static final String UNJUDGED =
      "trace.judged_seq < trace.newest_seq AND trace.is_cut = 0 AND trace.ended_ns <= :settled";

  /** What was dropped before its time, and what had its time. */
  record Dropped(long old, long overBytes, long unjudged) {
    static final Dropped NONE = new Dropped(0, 0, 0);

    Dropped plus(Dropped other) {
      return new Dropped(old + other.old, overBytes + other.overBytes, unjudged + other.unjudged);
    }
  }

  boolean hasUnjudged(Handle handle, Instant settled) {
    return handle
        .createQuery("SELECT 1 FROM trace WHERE " + UNJUDGED + " LIMIT 1")
        .bind("settled", nanos(settled))
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** Traces that have all their spans and were not judged with all of them, oldest first. */
  List<Recent> oldestUnjudged(Handle handle, Instant settled, int most) {
    return handle
        .createQuery(
            "SELECT trace_id, root, service, started_ns, newest_seq FROM trace WHERE "
                + UNJUDGED
                + " ORDER BY ended_ns LIMIT :most")
        .bind("settled", nanos(settled))
        .bind("most", most)
        .map((row, context) -> Recent.of(row))
        .list();
  }

  /** Those of a query that were not judged with all their spans, newest first. */
  List<Recent> unjudged(Handle handle, BadQuery wanted, Instant settled, int most) {
    Query query =
        handle.createQuery(
            "SELECT trace_id, root, service, started_ns, newest_seq FROM trace WHERE "
                + UNJUDGED
                + " AND started_ns >= :from AND started_ns < :to"
                + (wanted.before().isPresent()
                    ? " AND (started_ns, trace_id) < (:beforeStart, :beforeId)"
                    : "")
                + " ORDER BY started_ns DESC, trace_id DESC LIMIT :most");
    bindWindow(query, wanted);
    return query
        .bind("settled", nanos(settled))
        .bind("most", most)
        .map((row, context) -> Recent.of(row))
        .list();
  }

  /** Bad requests as they were judged, newest first. */
  List<BadRequests.Found> judged(Handle handle, BadQuery wanted, Instant settled, int most) {
    Query query =
        handle.createQuery(
            "SELECT b.trace_id, trace.root, trace.service, b.started_ns, b.body FROM bad_request b"
                + " JOIN trace ON trace.trace_id = b.trace_id"
                + " WHERE b.objective = :objective AND b.step = :step"
                + (wanted.group().equals(Optional.of(Grouping.OTHERS))
                    ? OF_OTHERS
                    : " AND b.grp = :group")
                + " AND b.started_ns >= :from AND b.started_ns < :to AND NOT ("
                + UNJUDGED
                + ")"
                + (wanted.before().isPresent()
                    ? " AND (b.started_ns, b.trace_id) < (:beforeStart, :beforeId)"
                    : "")
                + " ORDER BY b.started_ns DESC, b.trace_id DESC LIMIT :most");
    bindWindow(query, wanted);
    wanted
        .group()
        .or(() -> Optional.of(ANY))
        .filter(group -> !group.equals(Grouping.OTHERS))
        .ifPresent(group -> query.bind("group", group));
    return query
        .bind("objective", wanted.objective())
        .bind("step", wanted.step().orElse(ANY))
        .bind("settled", nanos(settled))
        .bind("most", most)
        .map((row, context) ->
            new BadRequests.Found(
                new Cursor(row.getLong(4), row.getString(1)),
                row.getString(2),
                row.getString(3),
                Json.mapper().readValue(row.getString(5), BadView.class)))
        .list();
  }

  private static void bindWindow(Query query, BadQuery wanted) {
    query.bind("from", wanted.from().map(BadTraceStore::nanos).orElse(Long.MIN_VALUE));
    query.bind("to", wanted.to().map(BadTraceStore::nanos).orElse(Long.MAX_VALUE));
    wanted
        .before()
        .ifPresent(b -> query.bind("beforeStart", b.startedNanos()).bind("beforeId", b.id()));
  }

  /** Notes what a trace was found to be with all spans up to its newest one. */
  void judge(Handle handle, Recent trace, List<BadView> bad, Instant now) {
    String id = trace.cursor().id();
    handle.execute("UPDATE trace SET judged_seq = ? WHERE trace_id = ?", trace.newest(), id);
    handle.execute("DELETE FROM bad_request WHERE trace_id = ?", id);
    if (bad.isEmpty()) {
      if (handle.execute("DELETE FROM bad_span WHERE trace_id = ?", id) > 0) {
        handle.execute("UPDATE trace SET is_cut = 1 WHERE trace_id = ?", id);
      }
      handle.execute("DELETE FROM bad_trace WHERE trace_id = ?", id);
      return;
    }
    handle.execute(
        """
        INSERT INTO bad_trace (trace_id, kept_ms, judged, bytes) VALUES (?, ?, 1, 0)
        ON CONFLICT (trace_id) DO UPDATE SET judged = 1
        """,
        id,
        now.toEpochMilli());
    insert(handle, trace.cursor(), bad);
  }

  /** Whether a value has a group of its own. */
  boolean hasGroup(Handle handle, String objective, String group) {
    return group.equals(Grouping.NONE)
        || handle
            .createQuery("SELECT 1 FROM slo_group WHERE objective = ? AND grp = ?")
            .bind(0, objective)
            .bind(1, group)
            .mapTo(Integer.class)
            .findOne()
            .isPresent();
  }

  /**
   * One row an objective, step and group, and one for all groups: the first request of the trace
   * that is bad there.
   */
  private static void insert(Handle handle, Cursor trace, List<BadView> bad) {
    try (PreparedBatch insert =
        handle.prepareBatch(
            """
            INSERT INTO bad_request (objective, step, grp, started_ns, trace_id, body)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """)) {
      for (BadView why : bad) {
        String body = Json.mapper().writeValueAsString(why);
        Set<String> steps = new LinkedHashSet<>(List.of(ANY));
        steps.addAll(why.failed());
        steps.addAll(why.missing());
        String group = why.group();
        for (String one : group == null ? List.of(ANY) : List.of(ANY, group)) {
          steps.forEach(step ->
              insert.add(why.objective(), step, one, trace.startedNanos(), trace.id(), body));
        }
      }
      insert.execute();
    }
  }

  /** Keeps traces that are not judged yet although their spans have to make room. */
  void keepUnjudged(Handle handle, long upTo, Instant now) {
    handle.execute(
        """
        INSERT INTO bad_trace (trace_id, kept_ms, judged, bytes)
        SELECT trace_id, ?, 0, 0 FROM trace
        WHERE judged_seq < newest_seq AND is_cut = 0
          AND trace_id IN (SELECT trace_id FROM span WHERE seq <= ?)
        ON CONFLICT DO NOTHING
        """,
        now.toEpochMilli(),
        upTo);
  }

  /** Copies the spans of kept traces that are about to go, and marks the traces that lose some. */
  void move(Handle handle, long upTo) {
    handle.execute(
        """
        INSERT INTO bad_span (trace_id, span_id, arrived_ms, service, body)
        SELECT trace_id, span_id, arrived_ms, service, body FROM span
        WHERE seq <= ? AND trace_id IN (SELECT trace_id FROM bad_trace)
        ON CONFLICT DO NOTHING
        """,
        upTo);
    handle.execute(
        """
        UPDATE bad_trace SET bytes =
          (SELECT coalesce(sum(octet_length(body) + ?), 0) FROM bad_span
           WHERE bad_span.trace_id = bad_trace.trace_id)
        WHERE trace_id IN (SELECT trace_id FROM span WHERE seq <= ?)
        """,
        ROW_BYTES,
        upTo);
    handle.execute(
        """
        UPDATE trace SET is_cut = 1
        WHERE is_cut = 0 AND trace_id IN (SELECT trace_id FROM span WHERE seq <= ?)
          AND NOT EXISTS (SELECT 1 FROM bad_trace WHERE bad_trace.trace_id = trace.trace_id)
        """,
        upTo);
  }

  /** Drops what was kept before a time and is not among the newest spans. */
  Dropped dropOlder(Handle handle, Instant than) {
    List<String> old =
        handle
            .createQuery(
                """
                SELECT trace_id FROM bad_trace WHERE kept_ms < ?
                  AND NOT EXISTS (SELECT 1 FROM span WHERE span.trace_id = bad_trace.trace_id)
                """)
            .bind(0, than.toEpochMilli())
            .mapTo(String.class)
            .list();
    drop(handle, old);
    return new Dropped(old.size(), 0, 0);
  }

  /** Drops the oldest of what takes more than there is room for, what is not judged first. */
  Dropped dropBeyond(Handle handle, long bytes) {
    record Row(String id, long bytes, boolean judged) {}
    long over = bytes(handle) - bytes;
    Dropped dropped = Dropped.NONE;
    while (over > 0) {
      List<Row> rows =
          handle
              .createQuery(
                  """
                  SELECT trace_id, bytes, judged FROM bad_trace WHERE bytes > 0
                  ORDER BY judged, kept_ms, trace_id LIMIT ?
                  """)
              .bind(0, ROWS)
              .map((row, context) -> new Row(row.getString(1), row.getLong(2), row.getInt(3) > 0))
              .list();
      List<String> gone = new ArrayList<>();
      for (Row row : rows) {
        if (over > 0) {
          gone.add(row.id);
          over -= row.bytes;
          dropped = dropped.plus(new Dropped(0, row.judged ? 1 : 0, row.judged ? 0 : 1));
        }
      }
      drop(handle, gone);
    }
    return dropped;
  }

  private static void drop(Handle handle, List<String> traces) {
    for (String sql :
        List.of(
            "DELETE FROM bad_span WHERE trace_id = ?",
            "DELETE FROM bad_request WHERE trace_id = ?",
            "DELETE FROM bad_trace WHERE trace_id = ?",
            "UPDATE trace SET is_cut = 1 WHERE trace_id = ?")) {
      try (PreparedBatch batch = handle.prepareBatch(sql)) {
        traces.forEach(batch::add);
        if (!traces.isEmpty()) {
          batch.execute();
        }
      }
    }
  }

  long bytes(Handle handle) {
    return handle
        .createQuery("SELECT coalesce(sum(bytes), 0) FROM bad_trace")
        .mapTo(Long.class)
        .one();
  }

  private static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }
}
