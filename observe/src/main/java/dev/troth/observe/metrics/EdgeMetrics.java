package dev.troth.observe.metrics;

import dev.troth.observe.exchange.Role;
import dev.troth.observe.span.Operation;
import dev.troth.observe.span.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts requests, failures, durations and round trips by {@link Edge}. A request is counted once,
 * where its call is read; where that is not, where it is served. Beyond {@link #MOST_EDGES} new
 * edges are thrown together, and that is counted. An edge that was silent for an hour makes room.
 * Thread-safe.
 */
public final class EdgeMetrics {
  /** How many edges there are before new ones are thrown together. */
  public static final int MOST_EDGES = 500;

  /** How long a silent edge is told of. */
  static final long KEPT_NANOS = 3_600_000_000_000L;

  private static final class Row {
    private final long begun;
    private final DurationHistogram asClient = new DurationHistogram(DurationHistogram.FINE_BOUNDS);
    private final DurationHistogram asServer = new DurationHistogram(DurationHistogram.FINE_BOUNDS);
    private final DurationHistogram roundTrips =
        new DurationHistogram(DurationHistogram.ROUND_TRIP_BOUNDS);
    private long requests;
    private long failed;
    private long last;

    Row(long begun) {
      this.begun = begun;
    }
  }

  /**
   * What was counted of one edge.
   *
   * @param begun when its first request began, nanoseconds since 1970
   * @param asClient how long its calls took, as the caller saw them
   * @param asServer how long its requests took, as the callee saw them
   */
  public record Counted(
      Edge edge,
      long begun,
      long requests,
      long failed,
      DurationHistogram asClient,
      DurationHistogram asServer,
      DurationHistogram roundTrips) {}

  private final Map<Edge, Row> rows = new LinkedHashMap<>();
  private long others;

  /** A request is over; the span is the operation's. */
  synchronized void add(Operation operation, Span span) {
    Edge edge = Edge.of(operation);
    Row row = rows.get(edge);
    if (row == null) {
      if (rows.size() >= MOST_EDGES) {
        others++;
        edge = edge.withOthers(); // these are as many as there are systems
      }
      row = rows.computeIfAbsent(edge, added -> new Row(span.start()));
    }
    row.last = Math.max(row.last, operation.exchange().end());
    boolean server = span.role() == Role.SERVER;
    (server ? row.asServer : row.asClient).add(span.nanos());
    if (server && operation.connection().isReadByCaller()) {
      return;
    }
    row.requests++;
    if (span.failed()) {
      row.failed++;
    }
    int micros = operation.connection().roundTrip();
    if (micros > 0) {
      row.roundTrips.add(1_000L * micros);
    }
  }

  /** Forgets the edges that were silent for long; {@code now} is the monotonic clock's. */
  synchronized void expire(long now) {
    rows.values().removeIf(row -> now - row.last > KEPT_NANOS);
  }

  /** How many requests were counted among others. */
  public synchronized long others() {
    return others;
  }

  /** All edges as they are now. */
  public synchronized List<Counted> all() {
    List<Counted> all = new ArrayList<>(rows.size());
    rows.forEach((edge, row) ->
        all.add(
            new Counted(
                edge,
                row.begun,
                row.requests,
                row.failed,
                row.asClient.copy(),
                row.asServer.copy(),
                row.roundTrips.copy())));
    return all;
  }
}
