package dev.troth.server.objective;

import dev.troth.server.history.LaterCounts;
import dev.troth.server.objective.ObjectiveDetail.Series;
import dev.troth.slo.count.Delta;
import dev.troth.slo.count.Tally;
import dev.troth.slo.engine.Histogram;
import dev.troth.slo.engine.Pending;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Exclusion;
import dev.troth.slo.objective.Objective;
import dev.troth.slo.objective.TimeSlices;
import dev.troth.slo.objective.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;
import org.jspecify.annotations.Nullable;

/** Counts and latencies over time, read from the buckets. */
final class ChartStore {
  private static final int MOST_POINTS = 180;
  private static final double P95 = 0.95;

  private ChartStore() {}

  /** Sums of one point of a chart. */
  private static final class Point {
    long total;
    long bad;
    long unknown;
    final Map<String, Long> steps = new LinkedHashMap<>();
    final Map<String, Long> parts = new LinkedHashMap<>();

    /** Takes back what was counted later. */
    void takeBack(Delta delta, List<String> names, boolean interval) {
      total -= delta.total();
      unknown -= delta.unknown();
      if (!interval) {
        bad -= delta.bad(0);
        parts.merge("", -delta.bad(0), Long::sum);
      }
      for (int i = 0; i < names.size(); i++) {
        steps.merge(names.get(i), -delta.stepBad(i), Long::sum);
        if (interval) {
          bad -= delta.bad(i);
          parts.merge(names.get(i), -delta.bad(i), Long::sum);
        }
      }
    }
  }

  /** Sums over a window that moves from point to point. */
  private static final class Sum {
    long total;
    private final Map<String, Long> parts = new LinkedHashMap<>();

    void add(Point point, int sign) {
      total += sign * point.total;
      point.parts.forEach((name, bad) -> parts.merge(name, sign * bad, Long::sum));
    }

    /** Bad events that are certain, as the budget counts them: of an interval, its worst part. */
    long bad() {
      return parts.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
  }

  /**
   * The course of an objective over a stretch of time that ends now, at most 180 points.
   *
   * @param later what is stored and was not counted yet
   */
  static Series series(
      Handle handle, Objective objective, Instant now, Duration range, LaterCounts later) {
    long newest = now.getEpochSecond() / 60;
    long step = Math.max(1, Math.ceilDiv(range.toMinutes(), MOST_POINTS));
    long last = newest / step;
    long first = last - Math.min(MOST_POINTS - 1, range.toMinutes() / step);
    long start = windowStart(objective, first, step);
    Stretch whole = new Stretch(start * step, (last + 1) * step);
    Map<Long, Point> points = points(handle, objective, step, List.of(whole), later);
    List<Stretch> left = leftOut(objective, whole);
    Map<Long, Point> out = left.isEmpty() ? Map.of() : points(handle, objective, step, left, later);
    Optional<TimeSlices> rule = objective.goal().slices();
    Map<Long, Point> spent =
        rule.isEmpty()
            ? points
            : slices(
                step,
                SliceChartStore.ended(
                    handle, objective, rule.get(), whole.from, whole.to, newest, later));
    Map<Long, Point> unspent = rule.isEmpty() ? out : Map.of();

    List<Instant> minutes = new ArrayList<>();
    List<Long> total = new ArrayList<>();
    List<Long> bad = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();
    List<@Nullable Double> remaining = new ArrayList<>();
    Map<String, List<Long>> steps = new LinkedHashMap<>();
    objective.steps().forEach(name -> steps.put(name, new ArrayList<>()));
    Sum sum = new Sum();
    long oldest = start;
    for (long at = start; at <= last; at++) {
      sum.add(spent.getOrDefault(at, new Point()), 1);
      sum.add(unspent.getOrDefault(at, new Point()), -1);
      if (at < first) {
        continue;
      }
      for (long from = windowStart(objective, at, step); oldest < from; oldest++) {
        sum.add(spent.getOrDefault(oldest, new Point()), -1);
        sum.add(unspent.getOrDefault(oldest, new Point()), 1);
      }
      Point point = points.getOrDefault(at, new Point());
      minutes.add(Instant.ofEpochSecond(at * step * 60));
      total.add(point.total);
      bad.add(point.bad);
      unknown.add(point.unknown);
      double allowed = sum.total * objective.goal().budget();
      remaining.add(ObjectiveFigures.known(1 - sum.bad() / allowed));
      steps.forEach((name, counts) -> counts.add(point.steps.getOrDefault(name, 0L)));
    }
    List<@Nullable Double> p95 =
        p95(handle, objective.name(), minutes.size(), first * step, step, later);
    return new Series(step, minutes, total, bad, unknown, remaining, p95, steps);
  }

  /** The first point of the window that ends with this one. */
  private static long windowStart(Objective objective, long point, long step) {
    Instant end = Instant.ofEpochSecond((point + 1) * step * 60);
    return switch (objective.goal().window()) {
      case Window.Rolling rolling -> point + 1 - Math.ceilDiv(rolling.length().toMinutes(), step);
      case Window.Calendar calendar ->
          Math.floorDiv(calendar.start(end.minusSeconds(1)).getEpochSecond() / 60, step);
    };
  }

  /** What leaves excluded minutes out of a query of buckets. */
  static String without(List<Exclusion> exclusions) {
    return exclusions.stream()
        .map(e ->
            " AND NOT minute BETWEEN %d AND %d"
                .formatted(Tally.minute(e.from()), Tally.minute(e.to().plusSeconds(59)) - 1))
        .collect(Collectors.joining());
  }

  /** Minutes since 1970; from is inside, to is outside. */
  private record Stretch(long from, long to) {
    boolean has(long minute) {
      return from <= minute && minute < to;
    }
  }

  /** The minutes of a stretch that count for nothing, disjoint and in order. */
  private static List<Stretch> leftOut(Objective objective, Stretch whole) {
    List<Stretch> left = new ArrayList<>();
    objective.rules().leftOut(whole.from, whole.to).stream()
        .map(e ->
            new Stretch(
                Math.max(whole.from, Tally.minute(e.from())),
                Math.min(whole.to, Tally.minute(e.to().plusSeconds(59)))))
        .filter(one -> one.from < one.to)
        .sorted(Comparator.comparingLong(Stretch::from))
        .forEach(next -> {
          if (!left.isEmpty() && next.from <= left.getLast().to) {
            Stretch last = left.removeLast();
            left.add(new Stretch(last.from, Math.max(last.to, next.to)));
          } else {
            left.add(next);
          }
        });
    return left;
  }

  /** The time slices that ended, by the points of their last minutes, as the budget counts them. */
  private static Map<Long, Point> slices(long step, Map<Long, Boolean> ended) {
    Map<Long, Point> points = new TreeMap<>();
    ended.forEach((last, bad) -> {
      Point point = points.computeIfAbsent(last / step, at -> new Point());
      point.total++;
      point.parts.merge("", bad ? 1L : 0L, Long::sum);
    });
    return points;
  }

  /** Stretches as a table, so that each is one look into the index. */
  private static String table(List<Stretch> stretches) {
    return stretches.stream()
        .map(one -> "(%d, %d)".formatted(one.from, one.to))
        .collect(Collectors.joining(", ", "WITH stretch (lo, hi) AS (VALUES ", ") "));
  }

  private static List<String> rows(Objective objective) {
    List<String> rows = new ArrayList<>(List.of(""));
    rows.addAll(objective.steps());
    return rows;
  }

  private static Map<Long, Point> points(
      Handle handle, Objective objective, long step, List<Stretch> stretches, LaterCounts later) {
    Map<Long, Point> points = new TreeMap<>();
    boolean interval = objective.kind() == CountingMethod.INTERVAL;
    handle
        .createQuery(
            table(stretches)
                + """
                SELECT minute / :step AS at, step, sum(events) AS events, sum(bad) AS bad,
                  sum(failed) AS failed, sum(unknown) AS unknown
                FROM stretch JOIN bucket ON objective = :name AND step IN (<rows>)
                  AND minute >= lo AND minute < hi
                GROUP BY at, step
                """)
        .bind("step", step)
        .bind("name", objective.name())
        .bindList("rows", rows(objective))
        .map((row, context) -> {
          Point point = points.computeIfAbsent(row.getLong("at"), at -> new Point());
          String name = row.getString("step");
          point.total += row.getLong("events");
          point.bad += row.getLong("bad");
          if (interval ? !name.isEmpty() : name.isEmpty()) {
            point.parts.put(name, row.getLong("bad"));
          }
          point.unknown += row.getLong("unknown");
          if (!name.isEmpty()) {
            point.steps.put(name, row.getLong("failed"));
          }
          return true;
        })
        .forEach(done -> {});
    for (Delta delta : later.deltas()) {
      if (stretches.stream().anyMatch(stretch -> stretch.has(delta.minute()))) {
        points
            .computeIfAbsent(delta.minute() / step, at -> new Point())
            .takeBack(delta, objective.steps(), interval);
      }
    }
    if (interval) {
      points.values().forEach(point -> point.bad = Math.min(point.bad, point.total));
    }
    return points;
  }

  /** The 95th percentile of good requests around each point; histograms are kept by ten minutes. */
  private static List<@Nullable Double> p95(
      Handle handle, String objective, int count, long firstMinute, long step, LaterCounts later) {
    Map<Long, TreeMap<Integer, Long>> slots = new TreeMap<>();
    int slot = Pending.Latency.SLOT;
    handle
        .createQuery(
            """
            SELECT slot, bucket, events FROM latency
            WHERE objective = ? AND slot >= ? AND slot <= ?
            """)
        .bind(0, objective)
        .bind(1, firstMinute / slot)
        .bind(2, (firstMinute + count * step) / slot)
        .map((row, context) ->
            slots
                .computeIfAbsent(row.getLong("slot"), s -> new TreeMap<>())
                .put(row.getInt("bucket"), row.getLong("events")))
        .forEach(done -> {});
    later
        .latencies()
        .forEach((key, events) -> {
          if (slots.containsKey(key.slot())) {
            slots.get(key.slot()).merge(key.bucket(), -events, Long::sum);
          }
        });
    List<@Nullable Double> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long from = firstMinute + i * step;
      TreeMap<Integer, Long> merged = new TreeMap<>();
      for (long s = from / slot; s <= (from + step - 1) / slot; s++) {
        slots.getOrDefault(s, new TreeMap<>()).forEach((b, n) -> merged.merge(b, n, Long::sum));
      }
      values.add(quantile(merged, P95));
    }
    return values;
  }

  /** The 95th percentile over the last hour, in milliseconds. */
  static @Nullable Double p95(Handle handle, String objective, Instant now, LaterCounts later) {
    TreeMap<Integer, Long> buckets = new TreeMap<>();
    long slot = now.getEpochSecond() / 60 / Pending.Latency.SLOT;
    handle
        .createQuery(
            """
            SELECT bucket, sum(events) AS events FROM latency
            WHERE objective = ? AND slot >= ? GROUP BY bucket
            """)
        .bind(0, objective)
        .bind(1, slot - 6)
        .map((row, context) -> buckets.put(row.getInt("bucket"), row.getLong("events")))
        .forEach(done -> {});
    later
        .latencies()
        .forEach((key, events) -> {
          if (key.slot() >= slot - 6) {
            buckets.merge(key.bucket(), -events, Long::sum);
          }
        });
    return quantile(buckets, P95);
  }

  private static @Nullable Double quantile(SortedMap<Integer, Long> buckets, double share) {
    long total = buckets.values().stream().mapToLong(Long::longValue).sum();
    if (total <= 0) {
      return null;
    }
    long rank = (long) Math.ceil(share * total);
    long seen = 0;
    for (var bucket : buckets.entrySet()) {
      seen += bucket.getValue();
      if (seen >= rank) {
        return Math.round(Histogram.millis(bucket.getKey()) * 100) / 100.0;
      }
    }
    return null;
  }

  /** Requests that failed at each step since a time, without those that count for nothing. */
  static Map<String, Long> failed(
      Handle handle, Objective objective, Instant from, Instant now, LaterCounts later) {
    // Counts of senders whose clocks are ahead are kept for minutes to come.
    Stretch whole = new Stretch(Tally.minute(from), Tally.minute(now) + 60);
    Map<String, Long> failed = new LinkedHashMap<>();
    add(failed, failed(handle, objective, List.of(whole), later), 1);
    List<Stretch> left = leftOut(objective, whole);
    if (!left.isEmpty()) {
      add(failed, failed(handle, objective, left, later), -1);
    }
    failed.values().removeIf(count -> count == 0);
    return failed;
  }

  private static void add(Map<String, Long> sums, Map<String, Long> counts, int sign) {
    counts.forEach((step, count) -> sums.merge(step, sign * count, Long::sum));
  }

  private static Map<String, Long> failed(
      Handle handle, Objective objective, List<Stretch> stretches, LaterCounts later) {
    if (objective.steps().isEmpty()) {
      return Map.of();
    }
    Map<String, Long> failed =
        handle
            .createQuery(
                table(stretches)
                    + """
                    SELECT step, sum(failed) AS failed FROM stretch JOIN bucket
                      ON objective = :name AND step IN (<rows>) AND minute >= lo AND minute < hi
                    GROUP BY step
                    """)
            .bind("name", objective.name())
            .bindList("rows", objective.steps())
            .setMapKeyColumn("step")
            .setMapValueColumn("failed")
            .collectInto(new GenericType<Map<String, Long>>() {});
    for (Delta delta : later.deltas()) {
      if (stretches.stream().anyMatch(stretch -> stretch.has(delta.minute()))) {
        for (int i = 0; i < objective.steps().size(); i++) {
          failed.merge(objective.steps().get(i), -delta.stepBad(i), Long::sum);
        }
      }
    }
    return failed;
  }

  /** A stretch of time of which nothing is known. */
  record Gap(Instant from, Instant to, String reason) {
    long minutes() {
      return Math.max(0, Duration.between(from, to).toMinutes());
    }
  }

  /** Gaps in a stretch of time, cut to it. */
  static List<Gap> gaps(Handle handle, Instant from, Instant now) {
    return handle
        .createQuery("SELECT * FROM gap WHERE to_ms > ? AND from_ms < ? ORDER BY from_ms")
        .bind(0, from.toEpochMilli())
        .bind(1, now.toEpochMilli())
        .map((row, context) ->
            new Gap(
                Instant.ofEpochMilli(Math.max(row.getLong("from_ms"), from.toEpochMilli())),
                Instant.ofEpochMilli(Math.min(row.getLong("to_ms"), now.toEpochMilli())),
                row.getString("reason")))
        .list();
  }
}
