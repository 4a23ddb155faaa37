package dev.troth.server.counting;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.server.http.Json;
import dev.troth.server.telemetry.MetricPoint;
import dev.troth.slo.chain.Requests.Limits;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Points of counters as increments, each event once.
 *
 * <p>A stream is a metric with its attributes and, if it is cumulative, its start: a process that
 * begins anew is another stream. The same point twice, by start and time, is one. A cumulative
 * stream that began before all streams were known gives nothing at first: how much of it was
 * counted before cannot be told. One that began since gives all of its value.
 *
 * <p>Bounded: the streams not seen for longest are forgotten first, and from then on a stream is
 * only new if it began after that. Not thread-safe.
 */
final class CounterStreams {
  /** PostgreSQL refuses a row whose key has more than 2,704 bytes. */
  private static final int LONGEST_KEY = 800;

  private static final int MOST = 20_000;
  private static final Duration IDLE = Duration.ofDays(2);

  private final Duration lateness;
  private final Map<String, CounterStream> streams = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, CounterStream> changed = new HashMap<>();
  private final Set<String> forgotten = new HashSet<>();
  private final Losses losses = new Losses();
  private Instant since;

  /** Streams as known since this time. */
  CounterStreams(Instant since, Duration lateness) {
    this.since = since;
    this.lateness = lateness;
  }

  /**
   * How many events between two times.
   *
   * @param every the time between two points; zero if it is not known
   */
  record Increment(Instant from, Instant to, Duration every, long count) {
    static Increment between(Instant from, Instant to, long count) {
      return new Increment(from, to, Duration.between(from, to), count);
    }

    static Increment first(Instant from, Instant to, long count) {
      return new Increment(from, to, Duration.ZERO, count);
    }
  }

  /** Points that were not counted, since the start. */
  static final class Losses {
    private long tooLate;
    private long ahead;
    private long backwards;
    private long forgotten;

    Map<String, Long> counts() {
      Map<String, Long> counts = new LinkedHashMap<>();
      counts.put("pointsTooLate", tooLate);
      counts.put("pointsFromTheFuture", ahead);
      counts.put("pointsBackwards", backwards);
      counts.put("streamsForgotten", forgotten);
      return counts;
    }
  }

  /** What a point adds to what was counted; empty if it adds nothing that can be told. */
  Optional<Increment> increment(MetricPoint point, Instant arrival) {
    if (point.at().isBefore(arrival.minus(lateness))) {
      losses.tooLate++;
      return Optional.empty();
    }
    if (point.at().isAfter(arrival.plus(Limits.AHEAD))) {
      losses.ahead++;
      return Optional.empty();
    }
    return point.cumulative() ? cumulative(point) : delta(point);
  }

  private Optional<Increment> cumulative(MetricPoint point) {
    String key = key(point, Long.toString(nanos(point.started())));
    long at = nanos(point.at());
    CounterStream before = streams.get(key);
    if (before != null && at <= before.lastAt()) {
      return Optional.empty();
    }
    put(key, CounterStream.cumulative(point.value(), at));
    boolean startIsKnown = point.started().isAfter(Instant.EPOCH);
    if (before == null) {
      boolean isNew = startIsKnown && !point.started().isBefore(since);
      return Optional.of(
          Increment.first(
              isNew ? point.started() : point.at(),
              point.at(),
              isNew ? Math.round(point.value()) : 0));
    }
    Instant from = Instant.ofEpochSecond(0, before.lastAt());
    if (point.value() >= before.lastValue()) {
      long count = Math.round(point.value()) - Math.round(before.lastValue());
      return Optional.of(Increment.between(from, point.at(), count));
    }
    if (!startIsKnown) {
      // Senders that tell no start begin anew without saying so.
      return Optional.of(Increment.between(from, point.at(), Math.round(point.value())));
    }
    losses.backwards++;
    return Optional.of(Increment.first(point.at(), point.at(), 0));
  }

  private Optional<Increment> delta(MetricPoint point) {
    String key = key(point, "");
    long start = nanos(point.started());
    long end = nanos(point.at());
    CounterStream before = streams.getOrDefault(key, CounterStream.cumulative(0, 0));
    if (before.knows(start, end)) {
      return Optional.empty();
    }
    double sum = before.lastValue() + point.value();
    long count = (long) Math.floor(sum + 1e-9);
    put(key, before.and(start, end, Math.max(0, sum - count)));
    boolean startIsKnown = start > 0 && start < end;
    return Optional.of(
        Increment.between(startIsKnown ? point.started() : point.at(), point.at(), count));
  }

  private void put(String key, CounterStream stream) {
    streams.put(key, stream);
    changed.put(key, stream);
    forgotten.remove(key);
    if (streams.size() > MOST) {
      Iterator<Map.Entry<String, CounterStream>> oldest = streams.entrySet().iterator();
      forget(oldest.next());
      oldest.remove();
      losses.forgotten++;
    }
  }

  /** What is not seen any more makes room; a stream with an older start is not a new one. */
  void trim(Instant now) {
    long over = nanos(now.minus(IDLE));
    Iterator<Map.Entry<String, CounterStream>> oldest = streams.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<String, CounterStream> entry = oldest.next();
      if (entry.getValue().lastAt() < over) {
        forget(entry);
        oldest.remove();
      }
    }
  }

  private void forget(Map.Entry<String, CounterStream> entry) {
    forgotten.add(entry.getKey());
    changed.remove(entry.getKey());
    Instant seen = Instant.ofEpochSecond(0, entry.getValue().lastAt());
    since = seen.isAfter(since) ? seen : since;
  }

  /** Takes a stream from the store, in the order in which they were last seen. */
  void restore(String key, CounterStream stream) {
    streams.put(key, stream);
  }

  /** What has to be stored since the last time. */
  Map<String, CounterStream> changed() {
    return changed;
  }

  /** What has to be deleted since the last time. */
  Set<String> forgotten() {
    return forgotten;
  }

  /** Changes are stored. */
  void stored() {
    changed.clear();
    forgotten.clear();
  }

  /** Since when all streams are known. */
  Instant since() {
    return since;
  }

  Losses losses() {
    return losses;
  }

  /** What names a stream; by its hash where it is too long for the index of a table. */
  private static String key(MetricPoint point, String start) {
    String name =
        Json.mapper()
            .writeValueAsString(List.of(point.metric(), new TreeMap<>(point.attributes()), start));
    if (name.length() <= LONGEST_KEY) {
      return name;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return "sha256:" + HexFormat.of().formatHex(digest.digest(name.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static long nanos(Instant at) {
    return ChronoUnit.NANOS.between(Instant.EPOCH, at);
  }
}
