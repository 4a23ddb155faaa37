package dev.troth.server.trace;

import dev.troth.observe.span.SpanWriter;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Span.SpanKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who calls whom, as the spans of the last requests show it: a call is a span whose parent belongs
 * to another service, or one to a database or a broker that sends no spans of its own.
 *
 * @param spans how many were looked at
 * @param from when the first of them began
 * @param to when the last of them ended
 */
public record ServiceMap(List<Node> nodes, List<Edge> edges, int spans, Instant from, Instant to) {
  /** Until something is observed. */
  static final ServiceMap EMPTY =
      new ServiceMap(List.of(), List.of(), 0, Instant.EPOCH, Instant.EPOCH);

  /** The names under which databases and brokers stand in attributes, now and before. */
  private static final List<String> SYSTEMS =
      List.of("db.system.name", "db.system", "messaging.system");

  /**
   * A service.
   *
   * @param observed whether it sends spans; else others say that they call it
   */
  public record Node(String name, boolean observed, Calls calls) {}

  /** The calls of one service to another. */
  public record Edge(String from, String to, Calls calls) {}

  /**
   * Calls of the time that the map is of. Percentiles are in nanoseconds.
   *
   * @param roundTrip the median of the network's round-trip times in microseconds, 0 if no span
   *     tells one
   */
  public record Calls(int count, int failed, long p50, long p95, long p99, long roundTrip) {
    private static Calls of(List<Span> spans) {
      long[] took = spans.stream().mapToLong(Calls::took).sorted().toArray();
      int failed = (int) spans.stream().filter(Span::error).count();
      long[] roundTrips =
          spans.stream()
              .mapToLong(Calls::roundTrip)
              .filter(micros -> micros > 0)
              .sorted()
              .toArray();
      return new Calls(
          took.length,
          failed,
          part(took, 0.5),
          part(took, 0.95),
          part(took, 0.99),
          part(roundTrips, 0.5));
    }

    /** What this share of the sorted values does not exceed; 0 without any. */
    private static long part(long[] sorted, double share) {
      int place = Math.max(0, (int) Math.ceil(share * sorted.length) - 1);
      return sorted.length == 0 ? 0 : sorted[place];
    }

    private static long roundTrip(Span span) {
      String told = span.attributes().getOrDefault(SpanWriter.ROUND_TRIP, "");
      return told.matches("[0-9]{1,12}") ? Long.parseLong(told) : 0;
    }

    private static long took(Span span) {
      return span.time().end() - span.time().start();
    }
  }

  public ServiceMap {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** How long a time it is of. */
  public Duration length() {
    return Duration.between(from, to);
  }

  private record Id(String trace, long span) {}

  private record Way(String from, String to) {}

  /** The map that spans show. */
  static ServiceMap of(List<Span> spans) {
    if (spans.isEmpty()) {
      return EMPTY;
    }
    Map<Id, Span> byId = new HashMap<>();
    spans.forEach(span -> byId.put(new Id(span.ids().trace(), span.ids().span()), span));
    Map<String, List<Span>> entries = new TreeMap<>();
    Map<Way, List<Span>> ways = new HashMap<>();
    Set<Id> answered = new HashSet<>();
    for (Span span : spans) {
      String service = span.place().service();
      Id parent = new Id(span.ids().trace(), span.ids().parent());
      Optional<String> caller =
          Optional.ofNullable(byId.get(parent)).map(found -> found.place().service());
      List<Span> own = entries.computeIfAbsent(service, name -> new ArrayList<>());
      if (caller.filter(service::equals).isEmpty()) {
        own.add(span);
      }
      caller
          .filter(name -> !name.equals(service))
          .ifPresent(name -> {
            ways.computeIfAbsent(new Way(name, service), way -> new ArrayList<>()).add(span);
            answered.add(parent);
          });
    }
    Map<String, List<Span>> others = new TreeMap<>();
    for (Span span : spans) {
      boolean alone = !answered.contains(new Id(span.ids().trace(), span.ids().span()));
      if (alone && span.place().kind() != SpanKind.SERVER) {
        system(span)
            .filter(name -> !entries.containsKey(name))
            .ifPresent(name -> {
              others.computeIfAbsent(name, key -> new ArrayList<>()).add(span);
              ways.computeIfAbsent(new Way(span.place().service(), name), way -> new ArrayList<>())
                  .add(span);
            });
      }
    }
    List<Node> nodes = new ArrayList<>();
    entries.forEach((name, of) -> nodes.add(new Node(name, true, Calls.of(of))));
    others.forEach((name, of) -> nodes.add(new Node(name, false, Calls.of(of))));
    List<Edge> edges =
        ways.entrySet().stream()
            .map(way -> new Edge(way.getKey().from(), way.getKey().to(), Calls.of(way.getValue())))
            .sorted((a, b) ->
                Arrays.compare(new String[] {a.from(), a.to()}, new String[] {b.from(), b.to()}))
            .toList();
    long from = spans.stream().mapToLong(span -> span.time().start()).min().orElse(0);
    long to = spans.stream().mapToLong(span -> span.time().end()).max().orElse(0);
    return new ServiceMap(nodes, edges, spans.size(), at(from), at(to));
  }

  private static Optional<String> system(Span span) {
    return SYSTEMS.stream()
        .map(name -> span.attributes().getOrDefault(name, ""))
        .filter(name -> !name.isBlank())
        .findFirst();
  }

  private static Instant at(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
