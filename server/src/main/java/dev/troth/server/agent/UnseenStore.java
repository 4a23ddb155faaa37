package dev.troth.server.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What agents have not seen, in SQL: as they told it last, and how much of it in which minute. It
 * counts in the minute in which it was told, so it may be too late by a report and never too early;
 * whoever asks from a time on gets all that was missed since then.
 */
public final class UnseenStore {
  /** Whoever may send telemetry may call a service anything. */
  private static final int MOST_SERVICES = 500;

  private static final Duration BY_THE_MINUTE = Duration.ofHours(6);
  private static final Duration BY_THE_HOUR = Duration.ofDays(7);

  /** Longer than the longest window, a quarter. */
  private static final Duration KEPT = Duration.ofDays(100);

  private record Place(String host, String service, String kind) {}

  private record Total(String instance, long started, long amount) {}

  /**
   * Adds what is new; returns how many reports were of services beyond those that there is room
   * for.
   */
  int add(Handle handle, List<UnseenReport> reports, Instant now) {
    Map<Place, Total> totals = totals(handle);
    Map<String, Long> services = new HashMap<>();
    totals.keySet().forEach(place -> services.merge(place.service, 1L, Long::sum));
    long minute = now.getEpochSecond() / 60;
    Map<Place, Total> changed = new TreeMap<>(Places.ORDER);
    Map<Place, Long> more = new TreeMap<>(Places.ORDER);
    int refused = 0;
    for (UnseenReport report : reports) {
      if (!services.containsKey(report.service()) && services.size() >= MOST_SERVICES) {
        refused++;
        continue;
      }
      services.merge(report.service(), 1L, Long::sum);
      Place place = new Place(report.host(), report.service(), report.kind());
      Total before = totals.get(place);
      Total after = new Total(report.instance(), report.started().toEpochMilli(), report.amount());
      boolean same = false;
      long base = 0;
      if (before != null) {
        if (before.started > after.started) {
          continue; // an agent that a later one has replaced
        }
        same = before.started == after.started && before.instance.equals(after.instance);
        base = same ? before.amount : 0;
      }
      long added = after.amount - base;
      if (added > 0) {
        more.merge(place, added, Long::sum);
      }
      if (!same || added > 0) {
        totals.put(place, after);
        changed.put(place, after);
      }
    }
    save(handle, changed);
    count(handle, spread(more, totals.keySet()), minute);
    return refused;
  }

  /** What may belong to any service of a machine counts for each of them. */
  private static Map<Place, Long> spread(Map<Place, Long> more, Collection<Place> known) {
    Map<Place, Long> spread = new TreeMap<>(Places.ORDER);
    more.forEach((place, amount) -> {
      if (!place.service.isEmpty()) {
        spread.merge(new Place("", place.service, place.kind), amount, Long::sum);
        return;
      }
      known.stream()
          .filter(other -> other.host.equals(place.host) && !other.service.isEmpty())
          .map(Place::service)
          .distinct()
          .forEach(service -> spread.merge(new Place("", service, place.kind), amount, Long::sum));
    });
    return spread;
  }

  private static Map<Place, Total> totals(Handle handle) {
    Map<Place, Total> totals = new HashMap<>();
    handle
        .createQuery("SELECT * FROM unseen_total")
        .map((row, context) ->
            totals.put(
                new Place(row.getString("host"), row.getString("service"), row.getString("kind")),
                new Total(
                    row.getString("instance"), row.getLong("started_ms"), row.getLong("amount"))))
        .forEach(done -> {});
    return totals;
  }

  private static void save(Handle handle, Map<Place, Total> changed) {
    if (changed.isEmpty()) {
      return;
    }
    try (PreparedBatch upsert =
        handle.prepareBatch(
            """
            INSERT INTO unseen_total (host, service, kind, instance, started_ms, amount)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (host, service, kind) DO UPDATE SET instance = excluded.instance,
              started_ms = excluded.started_ms, amount = excluded.amount
            """)) {
      changed.forEach((place, total) ->
          upsert.add(
              place.host, place.service, place.kind, total.instance, total.started, total.amount));
      upsert.execute();
    }
  }

  private static void count(Handle handle, Map<Place, Long> more, long minute) {
    if (more.isEmpty()) {
      return;
    }
    try (PreparedBatch upsert =
        handle.prepareBatch(
            """
            INSERT INTO unseen (service, minute, kind, amount) VALUES (?, ?, ?, ?)
            ON CONFLICT (service, minute, kind)
            DO UPDATE SET amount = unseen.amount + excluded.amount
            """)) {
      more.forEach((place, amount) -> upsert.add(place.service, minute, place.kind, amount));
      upsert.execute();
    }
  }

  /**
   * What was not seen of these services since a time; empty if no agent tells of any of them.
   *
   * @param services their names, all services if there are none
   */
  public Optional<Unseen> since(Handle handle, Collection<String> services, Instant from) {
    List<String> named = services.isEmpty() ? List.of("") : List.copyOf(services);
    boolean told =
        handle
                .createQuery(
                    """
                    SELECT count(*) FROM unseen_total
                    WHERE service <> '' AND (:all OR service IN (<services>))
                    """)
                .bind("all", services.isEmpty())
                .bindList("services", named)
                .mapTo(Long.class)
                .one()
            > 0;
    if (!told) {
      return Optional.empty();
    }
    Map<String, Long> amounts = new TreeMap<>();
    handle
        .createQuery(
            """
            SELECT kind, sum(amount) AS amount FROM unseen
            WHERE minute >= :from AND (:all OR service IN (<services>)) GROUP BY kind
            """)
        .bind("from", from.getEpochSecond() / 60)
        .bind("all", services.isEmpty())
        .bindList("services", named)
        .map((row, context) -> amounts.put(row.getString("kind"), row.getLong("amount")))
        .forEach(done -> {});
    Long calls = amounts.remove(UnseenReport.CALLS);
    Long connections = amounts.remove(UnseenReport.CONNECTIONS);
    return Optional.of(
        new Unseen(amounts, calls == null ? 0 : calls, connections == null ? 0 : connections));
  }

  /** Forgets a machine of which nothing was heard for long. */
  void forget(Handle handle, String host) {
    handle.execute("DELETE FROM unseen_total WHERE host = ?", host);
  }

  /** Keeps what is older by the hour and the day, and forgets what no window reaches. */
  void tidy(Handle handle, Instant now) {
    fold(handle, now.minus(BY_THE_MINUTE), 60);
    fold(handle, now.minus(BY_THE_HOUR), 1_440);
    handle.execute("DELETE FROM unseen WHERE minute < ?", now.minus(KEPT).getEpochSecond() / 60);
  }

  /** At the last minute of the span: it then is too late, and never too early. */
  private static void fold(Handle handle, Instant until, int span) {
    long before = until.getEpochSecond() / 60 / span * span;
    String fine = "minute < %d AND minute %% %d <> %d".formatted(before, span, span - 1);
    handle.execute(
        """
        INSERT INTO unseen (service, minute, kind, amount)
        SELECT service, minute / %d * %d + %d AS last, kind, sum(amount) FROM unseen
        WHERE %s GROUP BY service, last, kind
        ON CONFLICT (service, minute, kind)
        DO UPDATE SET amount = unseen.amount + excluded.amount
        """
            .formatted(span, span, span - 1, fine));
    handle.execute("DELETE FROM unseen WHERE " + fine);
  }

  /** Rows are written in one order, so that two writers never wait for each other in a circle. */
  private static final class Places {
    static final java.util.Comparator<Place> ORDER =
        java.util.Comparator.comparing(Place::host)
            .thenComparing(Place::service)
            .thenComparing(Place::kind);
  }
}
