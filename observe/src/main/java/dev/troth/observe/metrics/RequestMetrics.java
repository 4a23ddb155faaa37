package dev.troth.observe.metrics;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.span.Labels;
import dev.troth.observe.span.Operation;
import dev.troth.observe.span.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts requests and their durations by service instance and {@link Labels}. The number of series
 * is bounded over everything that is watched: beyond {@link #MOST_SERIES} new ones share one with
 * {@code other} in the place of what can grow, and beyond that what finds no room is counted as
 * such. The series of an instance that has ended go some minutes later. Thread-safe.
 */
public final class RequestMetrics {
  /** How many series there are before new ones are thrown together. */
  static final int MOST_SERIES = 1_000;

  private static final int MOST_WITH_OTHERS = MOST_SERIES + 200;

  /** How long the series of an instance that has ended are told of. */
  static final long KEPT_NANOS = 300_000_000_000L;

  /** What a series is of. */
  public record Series(String instance, Labels labels) {}

  private final Map<Series, DurationHistogram> series = new LinkedHashMap<>();
  private final Map<String, Target> instances = new HashMap<>();
  private final Map<String, Long> ended = new HashMap<>();
  private final EdgeMetrics edges = new EdgeMetrics();
  private final LogCounts logs = new LogCounts();
  private long refused;

  /** Counts a request and its edge. */
  public void add(Operation operation, Span span) {
    add(span);
    edges.add(operation, span);
  }

  /** What became of the lines that targets wrote. */
  public LogCounts logs() {
    return logs;
  }

  /** The same requests by who calls whom. */
  public EdgeMetrics edges() {
    return edges;
  }

  public synchronized void add(Span span) {
    String instance = span.target().instance();
    Series key = new Series(instance, span.labels());
    DurationHistogram histogram = series.get(key);
    if (histogram == null) {
      if (series.size() >= MOST_SERIES) {
        key = new Series(instance, span.labels().withoutOpen());
        if (series.size() >= MOST_WITH_OTHERS && !series.containsKey(key)) {
          refused++;
          return;
        }
      }
      instances.putIfAbsent(instance, span.target());
      histogram = series.computeIfAbsent(key, added -> new DurationHistogram());
    }
    histogram.add(span.nanos());
  }

  /** The last process of an instance has ended. */
  public synchronized void ended(String instance, long now) {
    if (instances.containsKey(instance)) {
      ended.put(instance, now);
    }
  }

  /** A process of an instance is there. */
  public synchronized void begun(String instance) {
    ended.remove(instance);
  }

  /** Forgets the series of instances that ended long ago, and of edges that are silent. */
  public synchronized void expire(long now) {
    edges.expire(now);
    ended
        .entrySet()
        .removeIf(entry -> {
          boolean due = now - entry.getValue() > KEPT_NANOS;
          if (due) {
            instances.remove(entry.getKey());
            series.keySet().removeIf(key -> key.instance.equals(entry.getKey()));
          }
          return due;
        });
  }

  /** How many requests found no room among the series. */
  public synchronized long refused() {
    return refused;
  }

  /** The series of one instance as they are now, with one of its processes. */
  public record Group(Target target, Map<Labels, DurationHistogram> series) {}

  /** A copy of all series, by instance. */
  public synchronized List<Group> groups() {
    Map<String, Group> groups = new LinkedHashMap<>();
    series.forEach((key, histogram) -> {
      Target target = instances.get(key.instance);
      if (target != null) {
        groups
            .computeIfAbsent(key.instance, added -> new Group(target, new LinkedHashMap<>()))
            .series
            .put(key.labels, histogram.copy());
      }
    });
    return new ArrayList<>(groups.values());
  }
}
