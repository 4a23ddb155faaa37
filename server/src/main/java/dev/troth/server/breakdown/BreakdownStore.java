package dev.troth.server.breakdown;

import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Grouping;
import dev.troth.slo.count.Delta;
import dev.troth.slo.count.Tally;
import dev.troth.slo.engine.Groups;
import dev.troth.slo.engine.Pending;
import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.GroupKey;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.Window;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Counts of groups in SQL: by the minute, after 7 to 9 hours by ten minutes, after three days by
 * the hour. A group has at most 1,600 rows in 30 days, and as many again for each step that fails
 * all the time.
 */
public final class BreakdownStore {
  private static final int TEN = 10;
  private static final int HOUR = 60;
  private static final int EXACT_MINUTES = 6 * HOUR;
  private static final int MINUTES_KEPT = EXACT_MINUTES + 100;
  private static final int TENS_KEPT = 74 * HOUR;

  /** Counts of nothing that could still be corrected are older than the window by this much. */
  private static final int SPARE_MINUTES = 3 * HOUR;

  /** What a group counted in a stretch of time; failed steps by name. */
  record Sums(long total, long bad, long unknown, Map<String, Long> failed) {
    private static final Sums NONE = new Sums(0, 0, 0, Map.of());

    private Sums plus(Sums other) {
      Map<String, Long> all = new LinkedHashMap<>(failed);
      all.putAll(other.failed);
      return new Sums(total + other.total, bad + other.bad, unknown + other.unknown, all);
    }
  }

  /** Adds what has changed, and which groups are new. */
  public void save(Handle handle, Objective objective, Pending pending) {
    pending
        .admitted()
        .forEach((group, since) ->
            handle.execute(
                "INSERT INTO slo_group (objective, grp, since, attribute) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT DO NOTHING",
                objective.name(),
                group,
                since,
                attribute(objective)));
    List<String> steps = objective.steps();
    int[] rows = {0};
    try (PreparedBatch upsert =
        handle.prepareBatch(
            """
            INSERT INTO group_bucket (objective, grp, step, minute, events, bad, failed, unknown)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (objective, grp, step, minute) DO UPDATE SET
              events = group_bucket.events + excluded.events,
              bad = group_bucket.bad + excluded.bad,
              failed = group_bucket.failed + excluded.failed,
              unknown = group_bucket.unknown + excluded.unknown
            """)) {
      String name = objective.name();
      pending.eachOfGroups((group, delta) -> {
        long minute = delta.minute();
        rows[0]++;
        upsert.add(name, group, "", minute, delta.total(), delta.bad(0), 0, delta.unknown());
        for (int i = 0; i < steps.size(); i++) {
          if (delta.stepBad(i) != 0) {
            upsert.add(name, group, steps.get(i), minute, 0, 0, delta.stepBad(i), 0);
          }
        }
      });
      if (rows[0] > 0) {
        upsert.execute();
      }
    }
  }

  private static String attribute(Objective objective) {
    return objective.chain().flatMap(Chain::grouping).map(Grouping::attribute).orElse("");
  }

  /**
   * Forgets the groups of an objective that were counted by another attribute than now, with their
   * counts: they mean something else, and would take the places of its groups.
   */
  public Set<GroupKey> forgetFormer(Handle handle, Objective objective) {
    String name = objective.name();
    String attribute = attribute(objective);
    if (attribute.isEmpty()) {
      return Set.of();
    }
    handle.execute(
        "UPDATE slo_group SET attribute = ? WHERE objective = ? AND attribute = ''",
        attribute,
        name);
    Set<GroupKey> former =
        former(handle, objective).stream()
            .map(group -> new GroupKey(name, group))
            .collect(Collectors.toSet());
    if (!former.isEmpty()) {
      // Its values, those without one and the others alike.
      handle.execute("DELETE FROM slo_group WHERE objective = ?", name);
      handle.execute("DELETE FROM group_bucket WHERE objective = ?", name);
    }
    return former;
  }

  /** Groups by another attribute: a platform with an older file may still count by it. */
  private static Set<String> former(Handle handle, Objective objective) {
    return handle
        .createQuery("SELECT grp FROM slo_group WHERE objective = ? AND attribute NOT IN ('', ?)")
        .bind(0, objective.name())
        .bind(1, attribute(objective))
        .mapTo(String.class)
        .set();
  }

  /**
   * Gives an engine its groups back, and where they alert the counts of the alerts' windows.
   *
   * @param memories what alerts remember, by the names of {@link GroupKey}
   */
  public void restore(
      Handle handle,
      Objective objective,
      Groups groups,
      Map<String, AlertMemory> memories,
      Instant now) {
    Instant oldest = now.minus(groups.reach()).minusSeconds(1_200);
    String name = objective.name();
    handle
        .createQuery("SELECT grp, since FROM slo_group WHERE objective = ? ORDER BY since, grp")
        .bind(0, name)
        .map((row, context) -> {
          String group = row.getString(1);
          AlertMemory memory =
              memories.getOrDefault(
                  new GroupKey(name, group).toString(), AlertMemory.fresh(now.getEpochSecond()));
          groups.restore(group, row.getLong(2), memory.notAfter(now.getEpochSecond()), oldest);
          return true;
        })
        .forEach(done -> {});
    handle
        .createQuery(
            "SELECT max(minute) AS newest FROM group_bucket"
                + " WHERE objective = ? AND grp = ? HAVING count(*) > 0")
        .bind(0, name)
        .bind(1, Grouping.OTHERS)
        .mapTo(Long.class)
        .findOne()
        .ifPresent(groups::restoreNewestOther);
    if (!groups.reach().isZero()) {
      restoreCounts(handle, objective, groups, Tally.minute(oldest));
    }
  }

  private static void restoreCounts(
      Handle handle, Objective objective, Groups groups, long oldest) {
    List<String> steps = objective.steps();
    handle
        .createQuery(
            """
            SELECT grp, step, minute, events, bad, failed, unknown FROM group_bucket
            WHERE objective = ? AND minute >= ? ORDER BY minute
            """)
        .bind(0, objective.name())
        .bind(1, oldest)
        .map((row, context) -> {
          long[] failed = new long[steps.size()];
          int step = steps.indexOf(row.getString(2));
          if (step >= 0) {
            failed[step] = row.getLong(6);
          }
          groups.restore(
              row.getString(1),
              new Delta(
                  row.getLong(3),
                  row.getLong(4),
                  new long[] {row.getLong(5)},
                  row.getLong(7),
                  failed));
          return true;
        })
        .forEach(done -> {});
  }

  /** What each group counted in the objective's window, which ends with this minute. */
  Map<String, Sums> sums(Handle handle, Objective objective, long last) {
    Map<String, Sums> sums = new TreeMap<>();
    handle
        .createQuery(
            """
            SELECT grp, step, sum(events) AS events, sum(bad) AS bad, sum(failed) AS failed,
              sum(unknown) AS unknown
            FROM group_bucket WHERE objective = :objective AND minute BETWEEN :first AND :last
            %s GROUP BY grp, step
            """
                .formatted(without(objective.rules().exclusions())))
        .bind("objective", objective.name())
        .bind("first", first(objective.goal().window(), last))
        .bind("last", last)
        .map((row, context) -> {
          String step = row.getString(2);
          Sums more =
              step.isEmpty()
                  ? new Sums(row.getLong(3), row.getLong(4), row.getLong(6), Map.of())
                  : new Sums(0, 0, 0, Map.of(step, row.getLong(5)));
          return sums.merge(row.getString(1), more, Sums::plus);
        })
        .forEach(done -> {});
    // Groups of which nothing is in the window are kept until nothing is stored.
    sums.values().removeIf(Sums.NONE::equals);
    sums.keySet().removeAll(former(handle, objective));
    return sums;
  }

  /** The window's first minute; an old one is that of its ten minutes, or of its hour. */
  private static long first(Window window, long last) {
    long first =
        switch (window) {
          case Window.Rolling rolling -> last - rolling.length().toMinutes();
          case Window.Calendar calendar ->
              Tally.minute(calendar.start(Instant.ofEpochSecond(60 * last)));
        };
    long age = last - first;
    int slot = age <= EXACT_MINUTES ? 1 : age <= TENS_KEPT - 2 * HOUR ? TEN : HOUR;
    return floor(first, slot, phase(window, last));
  }

  private static long floor(long minute, int slot, long phase) {
    return Math.floorDiv(minute - phase, (long) slot) * slot + phase;
  }

  /** Calendar windows of some zones begin within an hour of UTC. */
  private static long phase(Window window, long minute) {
    return switch (window) {
      case Window.Rolling _ -> 0;
      case Window.Calendar calendar ->
          Math.floorMod(
              Tally.minute(calendar.start(Instant.ofEpochSecond(60 * minute))), (long) HOUR);
    };
  }

  private static String without(List<Exclusion> exclusions) {
    return exclusions.stream()
        .map(e ->
            "AND NOT minute BETWEEN %d AND %d"
                .formatted(Tally.minute(e.from()), Tally.minute(e.to().plusSeconds(59)) - 1))
        .collect(Collectors.joining(" "));
  }

  /** Keeps old counts by ten minutes and by the hour, and forgets what no window reaches. */
  public void trim(Handle handle, Objective objective, Instant now) {
    long minute = Tally.minute(now);
    Window window = objective.goal().window();
    long phase = phase(window, minute);
    rollUp(handle, objective.name(), floor(minute - MINUTES_KEPT, TEN, phase), TEN, phase);
    rollUp(handle, objective.name(), floor(minute - TENS_KEPT, HOUR, phase), HOUR, phase);
    handle.execute(
        "DELETE FROM group_bucket WHERE objective = ? AND minute < ?",
        objective.name(),
        minute - window.length().toMinutes() - SPARE_MINUTES);
  }

  private static void rollUp(Handle handle, String objective, long before, int slot, long phase) {
    handle
        .createUpdate(
            """
            INSERT INTO group_bucket (objective, grp, step, minute, events, bad, failed, unknown)
            SELECT objective, grp, step, (minute - :phase) / :slot * :slot + :phase AS first,
              sum(events), sum(bad), sum(failed), sum(unknown)
            FROM group_bucket WHERE objective = :objective AND minute < :before
              AND (minute - :phase) % :slot <> 0
            GROUP BY objective, grp, step, first
            ON CONFLICT (objective, grp, step, minute) DO UPDATE SET
              events = group_bucket.events + excluded.events,
              bad = group_bucket.bad + excluded.bad,
              failed = group_bucket.failed + excluded.failed,
              unknown = group_bucket.unknown + excluded.unknown
            """)
        .bind("objective", objective)
        .bind("before", before)
        .bind("slot", slot)
        .bind("phase", phase)
        .execute();
    handle
        .createUpdate(
            "DELETE FROM group_bucket WHERE objective = :objective AND minute < :before"
                + " AND (minute - :phase) % :slot <> 0")
        .bind("objective", objective)
        .bind("before", before)
        .bind("slot", slot)
        .bind("phase", phase)
        .execute();
  }

  /** Forgets what is older than any window, and groups of which nothing is left: those are told. */
  public Set<GroupKey> forget(Handle handle, long oldest) {
    handle.execute("DELETE FROM group_bucket WHERE minute < ?", oldest);
    String empty =
        " FROM slo_group WHERE NOT EXISTS (SELECT 1 FROM group_bucket AS b"
            + " WHERE b.objective = slo_group.objective AND b.grp = slo_group.grp)";
    Set<GroupKey> gone =
        new HashSet<>(
            handle
                .createQuery("SELECT objective, grp" + empty)
                .map((row, context) -> new GroupKey(row.getString(1), row.getString(2)))
                .list());
    if (!gone.isEmpty()) {
      handle.execute("DELETE" + empty);
    }
    return gone;
  }

  /** After the clock was set back: counts of minutes yet to come are counted in this one. */
  public void setBack(Handle handle, long minute) {
    handle.execute(
        """
        INSERT INTO group_bucket (objective, grp, step, minute, events, bad, failed, unknown)
        SELECT objective, grp, step, ?, sum(events), sum(bad), sum(failed), sum(unknown)
        FROM group_bucket WHERE minute > ? GROUP BY objective, grp, step
        ON CONFLICT (objective, grp, step, minute) DO UPDATE SET
          events = group_bucket.events + excluded.events, bad = group_bucket.bad + excluded.bad,
          failed = group_bucket.failed + excluded.failed,
          unknown = group_bucket.unknown + excluded.unknown
        """,
        minute,
        minute);
    handle.execute("DELETE FROM group_bucket WHERE minute > ?", minute);
    handle.execute("UPDATE slo_group SET since = ? WHERE since > ?", minute, minute);
  }
}
