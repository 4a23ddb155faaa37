package dev.troth.server.objective;

import dev.troth.server.breakdown.BreakdownStore;
import dev.troth.server.history.LaterCounts;
import dev.troth.server.http.Json;
import dev.troth.server.incident.OrphanedIncidents;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.count.Delta;
import dev.troth.slo.count.Tally;
import dev.troth.slo.engine.ObjectiveEngine;
import dev.troth.slo.engine.Pending;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import tools.jackson.core.type.TypeReference;

/**
 * Buckets, latency histograms, alert memories and the cursor in SQL. All of it is written in one
 * transaction, so that what is counted and up to when it is counted never disagree.
 */
final class BucketStore implements OrphanedIncidents.Memories {
  private static final String WHOLE = "";
  private static final int SLOT = 10;
  private static final int FINE_MINUTES = 3 * 1_440 + 180;
  private static final int STEP_MINUTES = 360;

  private final BreakdownStore groups = new BreakdownStore();

  /** Up to when the stored counts are complete; empty before the first time. */
  Optional<Instant> cursor(Handle handle) {
    return handle
        .createQuery("SELECT ticked_at FROM slo_cursor WHERE id = 1")
        .mapTo(Long.class)
        .findOne()
        .map(Instant::ofEpochMilli);
  }

  void saveCursor(Handle handle, Instant ticked) {
    handle.execute(
        """
        INSERT INTO slo_cursor (id, ticked_at) VALUES (1, ?)
        ON CONFLICT (id) DO UPDATE SET ticked_at = excluded.ticked_at
        """,
        ticked.toEpochMilli());
  }

  /** What was not counted, by reason, for those who do not count; beside the cursor. */
  void saveLosses(Handle handle, Map<String, Long> losses) {
    handle.execute(
        "UPDATE slo_cursor SET losses = ? WHERE id = 1", Json.mapper().writeValueAsString(losses));
  }

  Map<String, Long> losses(Handle handle) {
    return handle
        .createQuery("SELECT losses FROM slo_cursor WHERE id = 1")
        .mapTo(String.class)
        .findOne()
        .map(json -> Json.mapper().readValue(json, new TypeReference<Map<String, Long>>() {}))
        .orElse(Map.of());
  }

  @Override
  public Optional<AlertMemory> memory(Handle handle, String objective) {
    return handle
        .createQuery("SELECT memory FROM alert_memory WHERE objective = ?")
        .bind(0, objective)
        .mapTo(String.class)
        .findOne()
        .map(json -> Json.mapper().readValue(json, AlertMemory.class));
  }

  /** What alerts of an objective and of its groups remember, by their names. */
  Map<String, AlertMemory> memories(Handle handle, String objective) {
    Map<String, AlertMemory> memories = new HashMap<>();
    handle
        .createQuery(
            "SELECT objective, memory FROM alert_memory"
                + " WHERE objective = :name OR substr(objective, 1, :length) = :prefix")
        .bind("name", objective)
        .bind("prefix", objective + "/")
        .bind("length", objective.length() + 1)
        .map((row, context) ->
            memories.put(
                row.getString(1), Json.mapper().readValue(row.getString(2), AlertMemory.class)))
        .forEach(done -> {});
    return memories;
  }

  void saveMemory(Handle handle, String objective, AlertMemory memory) {
    handle.execute(
        """
        INSERT INTO alert_memory (objective, memory) VALUES (?, ?)
        ON CONFLICT (objective) DO UPDATE SET memory = excluded.memory
        """,
        objective,
        Json.mapper().writeValueAsString(memory));
  }

  /** Adds what has changed; sums, so several changes of a minute meet. */
  void save(Handle handle, Objective objective, Pending pending) {
    String name = objective.name();
    List<String> steps = objective.steps();
    boolean interval = objective.kind() == CountingMethod.INTERVAL;
    try (PreparedBatch upsert =
        handle.prepareBatch(
            """
            INSERT INTO bucket (objective, step, minute, events, bad, failed, unknown)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (objective, step, minute) DO UPDATE SET
              events = bucket.events + excluded.events, bad = bucket.bad + excluded.bad,
              failed = bucket.failed + excluded.failed,
              unknown = bucket.unknown + excluded.unknown
            """)) {
      for (Delta delta : pending.buckets()) {
        long bad = interval ? 0 : delta.bad(0);
        upsert.add(name, WHOLE, delta.minute(), delta.total(), bad, 0, delta.unknown());
        for (int i = 0; i < steps.size(); i++) {
          long counted = interval ? delta.bad(i) : 0;
          if (delta.stepBad(i) != 0 || counted != 0) {
            upsert.add(name, steps.get(i), delta.minute(), 0, counted, delta.stepBad(i), 0);
          }
        }
      }
      upsert.execute();
    }
    saveLatencies(handle, name, pending.latencies());
    groups.save(handle, objective, pending);
  }

  private static void saveLatencies(
      Handle handle, String objective, Map<Pending.Latency, Long> latencies) {
    if (latencies.isEmpty()) {
      return;
    }
    try (PreparedBatch upsert =
        handle.prepareBatch(
            """
            INSERT INTO latency (objective, slot, bucket, events) VALUES (?, ?, ?, ?)
            ON CONFLICT (objective, slot, bucket)
            DO UPDATE SET events = latency.events + excluded.events
            """)) {
      latencies.forEach((key, count) -> upsert.add(objective, key.slot(), key.bucket(), count));
      upsert.execute();
    }
  }

  /**
   * Gives an engine its buckets back, oldest first: of the last three days by the minute, before
   * that in ten-minute slots, as the engine keeps them.
   *
   * @param later what is stored of them and was not counted yet
   */
  void restore(Handle handle, ObjectiveEngine engine, Instant now, LaterCounts later) {
    Objective objective = engine.objective();
    long newest = now.getEpochSecond() / 60;
    long oldest = newest - objective.goal().window().length().toMinutes() - 2 * SLOT;
    long fine = (newest - FINE_MINUTES) / SLOT * SLOT;
    boolean cut = isCutInSlots(objective, now);
    String coarse = cut ? "minute" : "minute / 10 * 10 + 9";
    List<Delta> deltas = new ArrayList<>(rows(handle, objective, coarse, oldest, fine - 1));
    deltas.addAll(rows(handle, objective, "minute", Math.max(oldest, fine), newest));
    for (Delta delta : later.deltas()) {
      long minute = delta.minute();
      if (minute >= oldest && minute <= newest) {
        long at = cut || minute >= fine ? minute : minute / SLOT * SLOT + SLOT - 1;
        deltas.add(LaterCounts.less(delta, at));
      }
    }
    if (!later.deltas().isEmpty()) {
      deltas = merged(deltas);
    }
    deltas.forEach(engine::restore);
  }

  /** One change a minute, oldest first: what is taken back is never there. */
  private static List<Delta> merged(List<Delta> deltas) {
    Map<Long, Delta> minutes = new TreeMap<>();
    deltas.forEach(delta -> minutes.merge(delta.minute(), delta, Delta::plus));
    return minutes.values().stream().filter(LaterCounts::isAny).toList();
  }

  /** Gives an engine that counts its groups back. */
  void restoreGroups(Handle handle, ObjectiveEngine engine, Instant now) {
    Objective objective = engine.objective();
    engine
        .groups()
        .ifPresent(
            own -> groups.restore(handle, objective, own, memories(handle, objective.name()), now));
  }

  @Override
  public void forgetMemory(Handle handle, String objective) {
    handle.execute("DELETE FROM alert_memory WHERE objective = ?", objective);
  }

  @Override
  public Set<GroupKey> forgetFormerGroups(Handle handle, Objective objective) {
    Set<GroupKey> former = groups.forgetFormer(handle, objective);
    former.forEach(gone -> forgetMemory(handle, gone.toString()));
    return former;
  }

  /**
   * Keeps old counts of groups coarsely; groups of which nothing is left have no place, and are
   * told.
   */
  Set<GroupKey> trimGroups(
      Handle handle, List<ObjectiveEngine> engines, Instant now, Duration keep) {
    engines.stream()
        .filter(engine -> engine.groups().isPresent())
        .forEach(engine -> groups.trim(handle, engine.objective(), now));
    Set<GroupKey> forgotten = groups.forget(handle, Tally.minute(now.minus(keep)));
    for (GroupKey gone : forgotten) {
      forgetMemory(handle, gone.toString());
      engines.stream()
          .filter(engine -> engine.objective().name().equals(gone.objective()))
          .flatMap(engine -> engine.groups().stream())
          .forEach(own -> own.forget(gone.group()));
    }
    return forgotten;
  }

  /** Whether some minutes of a slot may count otherwise than the others. */
  private static boolean isCutInSlots(Objective objective, Instant now) {
    boolean between =
        switch (objective.goal().window()) {
          case Window.Rolling _ -> false;
          case Window.Calendar calendar -> calendar.start(now).getEpochSecond() / 60 % SLOT != 0;
        };
    return between
        || !objective.rules().maintenance().isEmpty()
        || !objective.rules().exclusions().isEmpty()
        || objective.goal().slices().isPresent();
  }

  /** Rows of one minute as one change. */
  private static List<Delta> rows(
      Handle handle, Objective objective, String minute, long from, long to) {
    List<String> steps = objective.steps();
    boolean interval = objective.kind() == CountingMethod.INTERVAL;
    List<Delta> deltas = new ArrayList<>();
    handle
        .createQuery(
            """
            SELECT %s AS m, step, sum(events) AS events, sum(bad) AS bad, sum(failed) AS failed,
              sum(unknown) AS unknown
            FROM bucket WHERE objective = :name AND minute BETWEEN :from AND :to
              AND (step = '' OR :interval OR minute > :to - :steps)
            GROUP BY m, step ORDER BY m
            """
                .formatted(minute))
        .bind("name", objective.name())
        .bind("from", from)
        .bind("to", to)
        .bind("interval", interval)
        .bind("steps", STEP_MINUTES)
        .map((row, context) -> {
          int step = steps.indexOf(row.getString("step"));
          long[] bad = new long[interval ? steps.size() : 1];
          long[] failed = new long[steps.size()];
          if (row.getString("step").equals(WHOLE)) {
            bad[0] = interval ? 0 : row.getLong("bad");
          } else if (step >= 0) {
            failed[step] = row.getLong("failed");
            bad[interval ? step : 0] = row.getLong("bad");
          }
          return new Delta(
              row.getLong("m"), row.getLong("events"), bad, row.getLong("unknown"), failed);
        })
        .forEach(deltas::add);
    return deltas;
  }

  /** The events of an objective within a time, without those that count for nothing. */
  static long events(Handle handle, Objective objective, Instant from, Instant to) {
    long first = from.getEpochSecond() / 60;
    return handle
        .createQuery(
            "SELECT coalesce(sum(events), 0) FROM bucket WHERE objective = ? AND step = ?"
                + " AND minute >= ?"
                + ChartStore.without(
                    objective.rules().leftOut(first, to.getEpochSecond() / 60 + 1)))
        .bind(0, objective.name())
        .bind(1, WHOLE)
        .bind(2, first)
        .mapTo(Long.class)
        .one();
  }

  /** After the clock was set back: counts of minutes yet to come are counted in this one. */
  void setBack(Handle handle, Instant now) {
    long minute = now.getEpochSecond() / 60;
    handle.execute(
        """
        INSERT INTO bucket (objective, step, minute, events, bad, failed, unknown)
        SELECT objective, step, ?, sum(events), sum(bad), sum(failed), sum(unknown)
        FROM bucket WHERE minute > ? GROUP BY objective, step
        ON CONFLICT (objective, step, minute) DO UPDATE SET
          events = bucket.events + excluded.events, bad = bucket.bad + excluded.bad,
          failed = bucket.failed + excluded.failed,
              unknown = bucket.unknown + excluded.unknown
        """,
        minute,
        minute);
    handle.execute("DELETE FROM bucket WHERE minute > ?", minute);
    groups.setBack(handle, minute);
  }

  /** Forgets what no window reaches any more. */
  void trim(Handle handle, Instant now, Duration keep) {
    long oldest = now.minus(keep).getEpochSecond() / 60;
    handle.execute("DELETE FROM bucket WHERE minute < ?", oldest);
    handle.execute("DELETE FROM latency WHERE slot < ?", oldest / SLOT);
    handle.execute("DELETE FROM gap WHERE to_ms < ?", oldest * 60_000);
  }

  void saveGap(Handle handle, Instant from, Instant to, String reason) {
    handle.execute(
        "INSERT INTO gap (from_ms, to_ms, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        from.toEpochMilli(),
        to.toEpochMilli(),
        reason);
  }
}
