package dev.troth.server.counting;

import dev.troth.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Sums of requests that were judged by whoever has their partition, in SQL: stored in the
 * transaction that moves the partition on, removed in the one that adds them to the buckets.
 */
public final class CountedStore {
  private static final int MOST_ROWS = 1_000;

  private record Row(long seq, String body) {}

  /** Whether any wait. */
  public boolean waits(Handle handle) {
    return handle
        .createQuery("SELECT 1 FROM counted LIMIT 1")
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  void give(Handle handle, CountedSums sums) {
    handle.execute("INSERT INTO counted (body) VALUES (?)", Json.mapper().writeValueAsString(sums));
  }

  /** Takes the oldest that wait. */
  List<CountedSums> take(Handle handle) {
    List<Row> rows =
        handle
            .createQuery("SELECT seq, body FROM counted ORDER BY seq LIMIT ?")
            .bind(0, MOST_ROWS)
            .map((row, context) -> new Row(row.getLong(1), row.getString(2)))
            .list();
    List<CountedSums> taken = new ArrayList<>();
    for (Row row : rows) {
      taken.add(Json.mapper().readValue(row.body(), CountedSums.class));
    }
    if (!rows.isEmpty()) {
      // Nobody writes at the same time, so none with a lower number comes later.
      handle.execute("DELETE FROM counted WHERE seq <= ?", rows.getLast().seq());
    }
    return taken;
  }
}
