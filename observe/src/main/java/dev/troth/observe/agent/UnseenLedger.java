package dev.troth.observe.agent;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.metrics.Unread;
import dev.troth.observe.metrics.Unseen;
import dev.troth.observe.span.Connection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was not seen, by service. What cannot be told to belong to one service is kept under
 * the empty name and may belong to any. Not thread-safe.
 *
 * <p>A lost event may have held several requests, as with pipelining: it counts as many times as
 * the most requests that one event of the service was ever seen to begin.
 */
final class UnseenLedger {
  /** Services beyond these share the empty name. */
  private static final int MOST_SERVICES = 500;

  private static final String ANY = "";

  private static final class Row {
    private long lostEvents;
    private long mostRequests = 1;
    private long abandoned;
    private long sampled;
    private long unjoined;
    private long unread;
  }

  private final UnreadConnections connections;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<Integer, Long> lostBefore = new HashMap<>();
  private long lostOfServices;
  private long lostOfAny;

  UnseenLedger(Consumer<String> log) {
    connections = new UnreadConnections(log);
    rows.put(ANY, new Row());
  }

  /** The service is watched: from now on it is told of, even if nothing is missing. */
  void watched(Target target) {
    row(target.service());
  }

  /** A connection is not read. */
  void connection(Connection connection, String what) {
    if (connections.add(connection, what)) {
      row(connection.target().service()).unread++;
    }
  }

  void abandoned(Target target) {
    row(target.service()).abandoned++;
  }

  void sampled(Target target) {
    row(target.service()).sampled++;
  }

  void unjoined(Map<String, Long> byService) {
    byService.forEach((service, calls) -> row(service).unjoined = calls);
  }

  /** One event of the service began so many requests. */
  void began(Target target, long requests) {
    Row row = row(target.service());
    row.mostRequests = Math.max(row.mostRequests, requests);
  }

  /**
   * Events were lost.
   *
   * @param all how many since the start, of known and unknown processes
   * @param byProcess those of which the process is known
   * @param targets who they are; what a process lost that is none belongs to any
   */
  void lost(long all, Map<Integer, Long> byProcess, IntFunction<@Nullable Target> targets) {
    byProcess.forEach((process, count) -> {
      Target target = targets.apply(process);
      long before = lostBefore.getOrDefault(process, 0L);
      if (target != null && count > before) {
        row(target.service()).lostEvents += count - before;
        lostOfServices += count - before;
        lostBefore.put(process, count);
      }
    });
    lostOfAny = Math.max(lostOfAny, all - lostOfServices);
  }

  /** The process has ended; its number may be given to another. */
  void forget(int process) {
    lostBefore.remove(process);
  }

  List<Unread> unread() {
    return connections.all();
  }

  /** All services, first what belongs to any. */
  List<Unseen> all() {
    long most = rows.values().stream().mapToLong(row -> row.mostRequests).max().orElse(1);
    return rows.entrySet().stream()
        .map(entry -> {
          Row row = entry.getValue();
          long lost =
              row.lostEvents * row.mostRequests
                  + (entry.getKey().equals(ANY) ? lostOfAny * most : 0);
          return new Unseen(
              entry.getKey(), lost, row.abandoned, 0, row.sampled, row.unjoined, row.unread);
        })
        .toList();
  }

  private Row row(String service) {
    Row row = rows.get(service);
    if (row == null) {
      if (rows.size() > MOST_SERVICES) {
        return rows.getOrDefault(ANY, new Row());
      }
      row = new Row();
      rows.put(service, row);
    }
    return row;
  }
}
