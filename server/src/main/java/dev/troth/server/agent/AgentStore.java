package dev.troth.server.agent;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Agents in SQL. */
final class AgentStore {
  List<StoredAgent> all(Handle handle) {
    return handle
        .createQuery("SELECT * FROM agent ORDER BY host")
        .map((row, context) ->
            new StoredAgent(
                row.getString("host"),
                row.getString("instance"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                Instant.ofEpochMilli(row.getLong("seen_at")),
                AgentState.of(row.getString("state")),
                row.getLong("missed"),
                Instant.ofEpochMilli(row.getLong("missed_at"))))
        .list();
  }

  void save(Handle handle, StoredAgent agent) {
    handle.execute(
        """
        INSERT INTO agent (host, instance, started_at, seen_at, state, missed, missed_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (host) DO UPDATE SET instance = excluded.instance,
          started_at = excluded.started_at, seen_at = excluded.seen_at, state = excluded.state,
          missed = excluded.missed, missed_at = excluded.missed_at
        """,
        agent.host(),
        agent.instance(),
        agent.started().toEpochMilli(),
        agent.seen().toEpochMilli(),
        agent.state().word(),
        agent.missed(),
        agent.missedAt().toEpochMilli());
  }

  void delete(Handle handle, String host) {
    handle.execute("DELETE FROM agent WHERE host = ?", host);
  }
}
