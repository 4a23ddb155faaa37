package dev.troth.observe.agent;

import dev.troth.observe.capture.Capture;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.metrics.Sight;
import dev.troth.observe.metrics.Unread;
import dev.troth.observe.metrics.Unseen;
import dev.troth.observe.span.Connection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was not seen, by service. What cannot be told to belong to one service is kept under
 * the empty name and may belong to any. Not thread-safe.
 *
 * <p>A lost event may have held several requests, as with pipelining: it counts as many times as
 * the most requests that one event of the service was ever seen to begin. So does the rest of a
 * message that was cut.
 */
final class UnseenLedger {
  /** Services beyond these share the empty name. */
  private static final int MOST_SERVICES = 500;

  /** Protocols and ports of one service beyond these are counted together. */
  private static final int MOST_PLACES = 100;

  /** Processes that are known to be no targets are remembered up to this. */
  private static final int MOST_LEFT = 1_024;

  private static final String ANY = "";

  private static final Capture.Missed NOTHING = new Capture.Missed(0, 0, 0, 0, 0);

  private static final class Row {
    private long lostEvents;
    private long mostRequests = 1;
    private long abandoned;
    private long sampled;
    private long unjoined;
    private long unread;
    private long unix;
    private long hidden;
    private final Map<Place, long[]> seen = new LinkedHashMap<>();
  }

  private record Place(String protocol, int port) {}

  private final UnreadConnections connections;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<Integer, Capture.Missed> before = new HashMap<>();
  private final Map<Integer, Long> left =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
          return size() > MOST_LEFT;
        }
      };
  private long strangers;
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

  /** The process runs a program that is not watched: what it said until now is nobody's. */
  void left(int process, long now) {
    left.put(process, now);
  }

  /** An event of a process that is no target. */
  void stranger(int process, long time) {
    if (time > left.getOrDefault(process, Long.MIN_VALUE)) {
      strangers++;
    }
  }

  /** Events of processes of which it is not known whether they were targets. */
  long strangers() {
    return strangers;
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

  /** A request of this protocol was seen. */
  void request(Connection connection, String protocol) {
    Map<Place, long[]> seen = row(connection.target().service()).seen;
    Place place = new Place(protocol, UnreadConnections.serverPort(connection));
    long[] count = seen.get(place);
    if (count == null) {
      Place counted = seen.size() < MOST_PLACES ? place : new Place("others", 0);
      count = seen.computeIfAbsent(counted, added -> new long[1]);
    }
    count[0]++;
  }

  /** One that was told of as seen was none. */
  void withdrawn(Connection connection, String protocol) {
    Place place = new Place(protocol, UnreadConnections.serverPort(connection));
    long[] count = row(connection.target().service()).seen.get(place);
    if (count != null) {
      count[0]--;
    }
  }

  /**
   * What processes did that is not seen.
   *
   * @param all how many events are missing since the start, of known and unknown processes
   * @param byProcess of those that are watched
   * @param targets who they are; what a process missed that is none belongs to any
   */
  void missed(
      long all, Map<Integer, Capture.Missed> byProcess, IntFunction<@Nullable Target> targets) {
    byProcess.forEach((process, now) -> {
      Target target = targets.apply(process);
      if (target == null || now.equals(before.getOrDefault(process, NOTHING))) {
        return;
      }
      Capture.Missed last = before.getOrDefault(process, NOTHING);
      Row row = row(target.service());
      long hidden = now.unreadable() + now.hidden() - last.unreadable() - last.hidden();
      long events = now.lost() + now.cut() - last.lost() - last.cut() + hidden;
      row.lostEvents += events;
      row.unix += now.unix() - last.unix();
      row.hidden += hidden;
      lostOfServices += events;
      before.put(process, now);
    });
    lostOfAny = Math.max(lostOfAny, all - lostOfServices);
  }

  /** The process has ended, with this missed at last; its number may be given to another. */
  void ended(Target target, Optional<Capture.Missed> last) {
    last.ifPresent(now -> missed(0, Map.of(target.process(), now), number -> target));
    forget(target.process());
  }

  void forget(int process) {
    before.remove(process);
  }

  /** What is seen and what is not, by service. */
  List<Sight> sights() {
    return rows.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(ANY))
        .map(entry -> {
          Row row = entry.getValue();
          List<Sight.Seen> seen =
              row.seen.entrySet().stream()
                  .map(one ->
                      new Sight.Seen(one.getKey().protocol, one.getKey().port, one.getValue()[0]))
                  .toList();
          return new Sight(entry.getKey(), seen, row.unix, row.hidden);
        })
        .toList();
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
