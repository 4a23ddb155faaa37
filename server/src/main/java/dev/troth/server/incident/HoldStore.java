package dev.troth.server.incident;

import dev.troth.slo.objective.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Acknowledgements and silences of incidents in SQL, until their time is over. */
final class HoldStore {
  private static final String SELECT =
      "SELECT incident, objective, kind, severity, by_user, reason, began_ms, at_ms, until_ms"
          + " FROM incident_hold ";
  private static final RowMapper<Hold> HOLD =
      (row, context) ->
          new Hold(
              row.getString(1),
              row.getString(2),
              Hold.Kind.parse(row.getString(3)),
              Severity.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
              row.getString(5),
              row.getString(6),
              Instant.ofEpochMilli(row.getLong(7)),
              Instant.ofEpochMilli(row.getLong(8)),
              Instant.ofEpochMilli(row.getLong(9)));

  /** What holds now of these incidents. */
  Map<String, Holds> of(Handle handle, Set<String> incidents, Instant now) {
    if (incidents.isEmpty()) {
      return Map.of();
    }
    return handle
        .createQuery(SELECT + "WHERE incident IN (<incidents>) AND until_ms > :now")
        .bindList("incidents", List.copyOf(incidents))
        .bind("now", now.toEpochMilli())
        .map(HOLD)
        .list()
        .stream()
        .collect(
            Collectors.groupingBy(
                Hold::incident, Collectors.collectingAndThen(Collectors.toList(), Holds::of)));
  }

  Optional<Hold> find(Handle handle, String incident, Hold.Kind kind) {
    return handle
        .createQuery(SELECT + "WHERE incident = ? AND kind = ?")
        .bind(0, incident)
        .bind(1, kind.toString())
        .map(HOLD)
        .findOne();
  }

  void put(Handle handle, Hold hold) {
    handle.execute(
        """
        INSERT INTO incident_hold (incident, objective, kind, severity, by_user, reason, began_ms,
          at_ms, until_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (incident, kind) DO UPDATE SET severity = excluded.severity,
          by_user = excluded.by_user, reason = excluded.reason, at_ms = excluded.at_ms,
          until_ms = excluded.until_ms
        """,
        hold.incident(),
        hold.objective(),
        hold.kind().toString(),
        hold.severity().word(),
        hold.by(),
        hold.reason(),
        hold.began().toEpochMilli(),
        hold.at().toEpochMilli(),
        hold.until().toEpochMilli());
  }

  /** Those whose time is over: silences first, since they hold back what the others say. */
  List<Hold> due(Handle handle, Instant at) {
    return handle
        .createQuery(SELECT + "WHERE until_ms <= ? ORDER BY kind DESC, incident")
        .bind(0, at.toEpochMilli())
        .map(HOLD)
        .list();
  }

  /** Ends one; false, and nothing, if it was ended or given another time since it was read. */
  boolean end(Handle handle, Hold hold) {
    return handle.execute(
            "DELETE FROM incident_hold WHERE incident = ? AND kind = ? AND until_ms = ?",
            hold.incident(),
            hold.kind().toString(),
            hold.until().toEpochMilli())
        == 1;
  }

  /**
   * Whether one holds, and goes on to do so until the transaction ends: whoever ends it meanwhile
   * waits, and sees what this transaction wrote.
   */
  boolean holds(Handle handle, String incident, Hold.Kind kind, Instant at) {
    return handle.execute(
            """
            UPDATE incident_hold SET until_ms = until_ms
            WHERE incident = ? AND kind = ? AND until_ms > ?
            """,
            incident,
            kind.toString(),
            at.toEpochMilli())
        == 1;
  }
}
