package dev.troth.server.history;

import dev.troth.server.error.DomainException;
import dev.troth.server.http.Json;
import dev.troth.slo.alert.AlertMemory;
import dev.troth.slo.count.Delta;
import dev.troth.slo.engine.Pending;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;

/**
 * What was counted when, and what alerts remembered since when, in SQL: for a day, and at most a
 * million changes. Figures are counted by the minute in which a request came in, and late ones
 * change minutes that were shown before; with this, what was shown can be shown again.
 */
public final class FigureStore {
  private static final Duration KEPT = Duration.ofDays(1);
  private static final int MOST_ROWS = 1_000_000;

  /** Since when it is kept; what was before cannot be told from what came later. */
  public Instant since(Handle handle) {
    return handle
        .createQuery("SELECT since FROM figure_start WHERE id = 1")
        .mapTo(Long.class)
        .findOne()
        .map(Instant::ofEpochMilli)
        .orElse(Instant.EPOCH);
  }

  /** Refuses an instant of which nothing is kept, or that has not come. */
  public void require(Handle handle, Instant at, Instant now) {
    Instant since = since(handle);
    if (since.equals(Instant.EPOCH) || at.isBefore(since)) {
      throw new DomainException.NotFound(
          "figures of %s are not kept any more, expected an instant since %s"
              .formatted(at, since.equals(Instant.EPOCH) ? now : since));
    }
    Instant newest = newest(handle);
    if (at.isAfter(now.isAfter(newest) ? now : newest)) {
      throw new DomainException.Invalid("at is %s, expected a time that is over".formatted(at));
    }
  }

  /** Begins anew: nothing before this instant is known any more. */
  void begin(Handle handle, Instant now) {
    handle.execute("DELETE FROM figure_change");
    startAt(handle, now.toEpochMilli());
  }

  private static void startAt(Handle handle, long ms) {
    handle.execute(
        """
        INSERT INTO figure_start (id, since) VALUES (1, ?)
        ON CONFLICT (id) DO UPDATE SET since = excluded.since
        """,
        ms);
  }

  /** The instant of the newest change. */
  public Instant newest(Handle handle) {
    return handle
        .createQuery("SELECT max(at_ms) FROM figure_change")
        .mapTo(Long.class)
        .findOne()
        .map(Instant::ofEpochMilli)
        .orElse(Instant.EPOCH);
  }

  /** The newest instant to which one can go back; empty before the first. */
  public Optional<Instant> settled(Handle handle) {
    Instant newest = newest(handle);
    return handle
        .createQuery("SELECT ticked_at FROM slo_cursor WHERE id = 1")
        .mapTo(Long.class)
        .findOne()
        .map(Instant::ofEpochMilli)
        .map(cursor -> cursor.isAfter(newest) ? cursor : newest);
  }

  /** Keeps what an objective counted since the last time, and what it remembers now. */
  void save(
      Handle handle, String objective, Instant at, Pending pending, Optional<Remembered> now) {
    handle.execute(
        """
        INSERT INTO figure_change (objective, at_ms, counts, memory, counters)
        VALUES (?, ?, ?, ?, ?)
        """,
        objective,
        at.toEpochMilli(),
        text(pending),
        now.map(one -> Json.mapper().writeValueAsString(one.alerts())).orElse(""),
        now.map(Remembered::counters).orElse(""));
  }

  /** What an objective remembered at an instant; refused where nothing is kept of it. */
  public Remembered remembered(Handle handle, String objective, Instant at) {
    return find(handle, objective, at)
        .orElseThrow(() -> gone(objective, at, "there was no such objective"));
  }

  /** What an objective remembered at an instant; empty where nothing is kept of it. */
  public Optional<Remembered> find(Handle handle, String objective, Instant at) {
    return handle
        .createQuery(
            """
            SELECT memory, counters FROM figure_change
            WHERE objective = ? AND at_ms <= ? AND memory <> '' ORDER BY at_ms DESC LIMIT 1
            """)
        .bind(0, objective)
        .bind(1, at.toEpochMilli())
        .map((row, context) ->
            new Remembered(
                Json.mapper().readValue(row.getString("memory"), AlertMemory.class),
                row.getString("counters")))
        .findOne();
  }

  /** What was counted after an instant. */
  public LaterCounts after(Handle handle, Objective objective, Instant at) {
    int parts = objective.kind() == CountingMethod.INTERVAL ? objective.steps().size() : 1;
    Pending sums = new Pending();
    handle
        .createQuery(
            "SELECT counts FROM figure_change WHERE objective = ? AND at_ms > ? AND counts <> ''")
        .bind(0, objective.name())
        .bind(1, at.toEpochMilli())
        .mapTo(String.class)
        .forEach(text -> add(sums, text));
    sums.buckets()
        .forEach(delta -> {
          if (delta.parts() != parts
              || (delta.steps() != 0 && delta.steps() != objective.steps().size())) {
            throw gone(objective.name(), at, "its steps are others since");
          }
        });
    return LaterCounts.of(sums);
  }

  private static DomainException gone(String objective, Instant at, String why) {
    return new DomainException.NotFound(
        "the figures of '%s' at %s are not kept: %s".formatted(objective, at, why));
  }

  /** Forgets what is older than a day, or more than there is room for. */
  void trim(Handle handle, Instant now) {
    Instant oldest = now.minus(KEPT);
    Optional<Instant> crowded =
        handle
            .createQuery("SELECT at_ms FROM figure_change ORDER BY at_ms DESC LIMIT 1 OFFSET ?")
            .bind(0, MOST_ROWS)
            .mapTo(Long.class)
            .findOne()
            .map(Instant::ofEpochMilli);
    if (crowded.filter(oldest::isBefore).isPresent()) {
      oldest = crowded.get();
    }
    if (!since(handle).isBefore(oldest)) {
      return;
    }
    long ms = oldest.toEpochMilli();
    startAt(handle, ms);
    // What alerts remembered last before it holds at it.
    handle.execute(
        """
        DELETE FROM figure_change WHERE at_ms < ? AND (memory = '' OR EXISTS (
          SELECT 1 FROM figure_change newer WHERE newer.objective = figure_change.objective
            AND newer.at_ms > figure_change.at_ms AND newer.at_ms <= ? AND newer.memory <> ''))
        """,
        ms,
        ms);
  }

  /** A line a minute, and a line a slot of latencies: {@code 29539478 12 0 1 0,0,0,1}. */
  private static String text(Pending pending) {
    StringBuilder text = new StringBuilder();
    for (Delta delta : pending.buckets()) {
      text.append(delta.minute()).append(' ').append(delta.total()).append(' ');
      text.append(delta.unknown()).append(' ');
      text.append(list(IntStream.range(0, delta.parts()).mapToLong(delta::bad))).append(' ');
      text.append(list(IntStream.range(0, delta.steps()).mapToLong(delta::stepBad))).append('\n');
    }
    Map<Long, String> slots =
        pending.latencies().entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    entry -> entry.getKey().slot(),
                    TreeMap::new,
                    Collectors.mapping(
                        entry -> entry.getKey().bucket() + "=" + entry.getValue(),
                        Collectors.joining(","))));
    slots.forEach((slot, buckets) -> text.append(slot).append(' ').append(buckets).append('\n'));
    return text.toString();
  }

  private static String list(LongStream numbers) {
    return numbers.mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  private static void add(Pending sums, String text) {
    for (String line : text.split("\n")) {
      String[] parts = line.split(" ", -1);
      long first = Long.parseLong(parts[0]);
      if (parts.length == 2) {
        for (String bucket : parts[1].split(",")) {
          int equals = bucket.indexOf('=');
          sums.latency(
              new Pending.Latency(first, Integer.parseInt(bucket.substring(0, equals))),
              Long.parseLong(bucket.substring(equals + 1)));
        }
      } else {
        sums.add(
            new Delta(
                first,
                Long.parseLong(parts[1]),
                numbers(parts[3]),
                Long.parseLong(parts[2]),
                numbers(parts[4])));
      }
    }
  }

  private static long[] numbers(String list) {
    return list.isEmpty()
        ? new long[0]
        : Arrays.stream(list.split(",")).mapToLong(Long::parseLong).toArray();
  }
}
