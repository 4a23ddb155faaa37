package dev.troth.server.incident;

import dev.troth.server.http.Json;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.alert.Event;
import dev.troth.slo.alert.Event.AlertFired;
import dev.troth.slo.alert.Event.AlertResolved;
import dev.troth.slo.alert.Event.Cause;
import dev.troth.slo.alert.Event.Evidence;
import dev.troth.slo.alert.Event.IncidentOpened;
import dev.troth.slo.alert.Event.IncidentResolved;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Severity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Incidents and alerts in SQL: the history that the state machine does not need to remember. */
final class IncidentStore {
  /** How many are deleted in an hour: more than a thousand groups that flap leave. */
  private static final int AT_ONCE = 20_000;

  /** Between an objective and the name of one of its groups. */
  private static final char GROUPS = '/';

  /** Those of one objective and of its groups: two runs of an index, each as long as a page. */
  private static final String OF_OBJECTIVE =
      """
      (SELECT * FROM (
        SELECT * FROM incident WHERE objective = :objective AND %1$s
        ORDER BY opened_at DESC, id LIMIT :limit) own
      UNION ALL SELECT * FROM (
        SELECT * FROM incident
        WHERE objective >= :first AND objective < :end AND %1$s
        ORDER BY opened_at DESC, id LIMIT :limit) of_groups) both_kinds
      """;

  /** Several may begin in one second; without an id, those of this one are left out. */
  private static final String BEFORE =
      "opened_at <= :before AND (opened_at < :before OR (:id <> '' AND id > :id))";

  private static final RowMapper<IncidentView> INCIDENT =
      (row, context) -> {
        long resolved = row.getLong("resolved_at");
        boolean open = row.wasNull();
        GroupKey key = GroupKey.parse(row.getString("objective"));
        return new IncidentView(
            row.getString("id"),
            "incident/" + row.getString("id"),
            key.objective(),
            key.isGroup() ? key.group() : null,
            severity(row),
            open ? IncidentView.State.OPEN : IncidentView.State.RESOLVED,
            time(row.getLong("opened_at")),
            open ? null : time(resolved),
            List.of(Json.mapper().readValue(row.getString("causes"), Cause[].class)),
            Holds.NONE);
      };

  /** An alert of an incident, with all that is needed to tell of it again. */
  record StoredAlert(
      Severity severity,
      Instant firedAt,
      @Nullable Instant resolvedAt,
      Evidence evidence,
      boolean inhibited) {
    boolean isFiring() {
      return resolvedAt == null;
    }

    /** Times are whole seconds: within that of the instant, what was remembered tells. */
    boolean hadFired(Instant at, AlertMemory memory) {
      AlertMemory.Alarm alarm = memory.alarm(severity);
      return (alarm.firing() && alarm.firedAt() == firedAt.getEpochSecond())
          || firedAt.getEpochSecond() < at.getEpochSecond();
    }
  }

  /** Writes what an event says. */
  void save(Handle handle, Event event) {
    switch (event) {
      case IncidentOpened opened ->
          handle.execute(
              """
              INSERT INTO incident (id, objective, severity, opened_at, causes)
              VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET resolved_at = NULL
              """,
              opened.incident(),
              opened.objective(),
              opened.severity().word(),
              opened.at().toEpochMilli(),
              Json.mapper().writeValueAsString(opened.causes()));
      case AlertFired fired -> saveFired(handle, fired);
      case AlertResolved resolved ->
          handle.execute(
              """
              UPDATE alert SET resolved_at = ?
              WHERE objective = ? AND severity = ? AND fired_at = ?
              """,
              resolved.at().toEpochMilli(),
              resolved.objective(),
              resolved.severity().word(),
              resolved.firedAt().toEpochMilli());
      case IncidentResolved resolved ->
          handle.execute(
              "UPDATE incident SET resolved_at = ? WHERE id = ?",
              resolved.at().toEpochMilli(),
              resolved.incident());
      case Event.StateChanged changed -> {}
      case Event.TelemetryLost lost -> {}
      case Event.TelemetryBack back -> {}
      case Event.BudgetCrossed crossed -> {}
      case Event.GroupsFull full -> {}
    }
  }

  private static void saveFired(Handle handle, AlertFired fired) {
    handle.execute(
        """
        INSERT INTO alert (objective, severity, fired_at, incident, evidence, inhibited)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
        fired.objective(),
        fired.severity().word(),
        fired.at().toEpochMilli(),
        fired.incident(),
        Json.mapper().writeValueAsString(fired.evidence()),
        fired.inhibited() ? 1 : 0);
    // The worst alert names the incident's severity, and the newest evidence its causes.
    handle.execute(
        """
        UPDATE incident SET causes = ?, severity = CASE WHEN ? = 'page' THEN 'page' ELSE severity END
        WHERE id = ?
        """,
        Json.mapper().writeValueAsString(fired.evidence().causes()),
        fired.severity().word(),
        fired.incident());
  }

  /** Keeps whether what was not seen could explain an alert. */
  static void saveUnseen(Handle handle, AlertFired fired, String unseen) {
    handle.execute(
        "UPDATE alert SET unseen = ? WHERE objective = ? AND severity = ? AND fired_at = ?",
        unseen,
        fired.objective(),
        fired.severity().word(),
        fired.at().toEpochMilli());
  }

  /** Incidents from a place on, newest first. */
  List<IncidentView> incidents(Handle handle, Optional<String> objective, Place before, int limit) {
    String from = (objective.isEmpty() ? "incident WHERE %1$s" : OF_OBJECTIVE).formatted(BEFORE);
    Query query =
        handle.createQuery("SELECT * FROM " + from + " ORDER BY opened_at DESC, id LIMIT :limit");
    objective.ifPresent(name ->
        query
            .bind("objective", name)
            .bind("first", name + GROUPS)
            .bind("end", name + (char) (GROUPS + 1)));
    return query
        .bind("before", before.openedAt())
        .bind("id", before.id())
        .bind("limit", limit)
        .map(INCIDENT)
        .list();
  }

  /** Incidents that go on, newest first; of one objective with its groups, or of all. */
  List<IncidentView> open(Handle handle, Optional<String> objective, int limit) {
    return handle
        .createQuery(
            """
            SELECT * FROM incident WHERE resolved_at IS NULL AND (:objective = ''
                OR objective = :objective OR substr(objective, 1, :length) = :prefix)
            ORDER BY opened_at DESC, id LIMIT :limit
            """)
        .bind("objective", objective.orElse(""))
        .bind("prefix", objective.orElse("") + "/")
        .bind("length", objective.orElse("").length() + 1)
        .bind("limit", limit)
        .map(INCIDENT)
        .list();
  }

  /** How many go on; of one objective with its groups, or of all. */
  int countOpen(Handle handle, Optional<String> objective) {
    return handle
        .createQuery(
            """
            SELECT count(*) FROM incident WHERE resolved_at IS NULL AND (:objective = ''
                OR objective = :objective OR substr(objective, 1, :length) = :prefix)
            """)
        .bind("objective", objective.orElse(""))
        .bind("prefix", objective.orElse("") + "/")
        .bind("length", objective.orElse("").length() + 1)
        .mapTo(Integer.class)
        .one();
  }

  /** Incidents that may have gone on at an instant, newest first. */
  List<IncidentView> openAt(Handle handle, Instant at) {
    return handle
        .createQuery(
            """
            SELECT * FROM incident WHERE opened_at <= :at
              AND (resolved_at IS NULL OR resolved_at >= :second)
            ORDER BY opened_at DESC, id
            """)
        .bind("at", at.toEpochMilli())
        .bind("second", at.getEpochSecond() * 1_000)
        .map(INCIDENT)
        .list();
  }

  /** Deletes incidents that ended before a time, and their alerts: the oldest, so many at once. */
  void trim(Handle handle, Instant before) {
    String old =
        " (SELECT id FROM incident WHERE resolved_at < ? ORDER BY resolved_at, id LIMIT "
            + AT_ONCE
            + ")";
    long end = before.toEpochMilli();
    handle.execute("DELETE FROM alert WHERE incident IN" + old, end);
    handle.execute("DELETE FROM incident WHERE id IN" + old, end);
  }

  /** Whether an incident goes on, and cannot end before this transaction does. */
  boolean isOpen(Handle handle, String id) {
    return handle.execute(
            "UPDATE incident SET objective = objective WHERE id = ? AND resolved_at IS NULL", id)
        == 1;
  }

  /** All alerts of an incident, oldest first. */
  List<StoredAlert> alertsOf(Handle handle, String incident) {
    return handle
        .createQuery("SELECT * FROM alert WHERE incident = ? ORDER BY fired_at, severity")
        .bind(0, incident)
        .map((row, context) -> {
          long resolved = row.getLong("resolved_at");
          boolean open = row.wasNull();
          return new StoredAlert(
              severity(row),
              time(row.getLong("fired_at")),
              open ? null : time(resolved),
              Json.mapper().readValue(row.getString("evidence"), Evidence.class),
              row.getInt("inhibited") == 1);
        })
        .list();
  }

  Optional<IncidentView> incident(Handle handle, String id) {
    return handle
        .createQuery("SELECT * FROM incident WHERE id = ?")
        .bind(0, id)
        .map(INCIDENT)
        .findOne();
  }

  /** The newest alerts of an objective and of its groups that fired by an instant. */
  List<AlertView> alerts(Handle handle, String objective, Instant at, int limit) {
    return handle
        .createQuery(
            """
            SELECT * FROM alert
            WHERE (objective = :objective OR substr(objective, 1, :length) = :prefix)
              AND fired_at <= :at
            ORDER BY fired_at DESC, severity, objective LIMIT :limit
            """)
        .bind("objective", objective)
        .bind("prefix", objective + "/")
        .bind("length", objective.length() + 1)
        .bind("at", at.toEpochMilli())
        .bind("limit", limit)
        .map((row, context) -> {
          Evidence evidence = Json.mapper().readValue(row.getString("evidence"), Evidence.class);
          GroupKey key = GroupKey.parse(row.getString("objective"));
          long resolved = row.getLong("resolved_at");
          boolean open = row.wasNull();
          return new AlertView(
              row.getString("incident"),
              severity(row),
              time(row.getLong("fired_at")),
              open ? null : time(resolved),
              evidence.condition(),
              evidence.shortBurn(),
              evidence.longBurn(),
              row.getInt("inhibited") == 1 ? Severity.PAGE : null,
              row.getString("unseen").isEmpty() ? null : row.getString("unseen"),
              key.isGroup() ? key.group() : null);
        })
        .list();
  }

  private static Severity severity(ResultSet row) throws SQLException {
    return Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT));
  }

  private static Instant time(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
