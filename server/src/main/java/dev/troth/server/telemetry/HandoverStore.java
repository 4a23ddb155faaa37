package dev.troth.server.telemetry;

import dev.troth.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * What one platform received and another counts, in SQL. It is stored in the transaction that
 * acknowledges it and removed in the one that counts it, so it counts once.
 */
final class HandoverStore {
  private static final int MOST_ROWS = 1_000;

  /** What was received of one batch and matters to those who count. */
  private record Body(List<SpanRecord> spans, List<MetricPoint> points) {}

  private record Row(long seq, long items, String body) {}

  /** Hands batches over. */
  void give(Handle handle, List<Batch> batches) {
    for (Batch batch : batches) {
      int items = batch.spans().size() + batch.points().size();
      if (items > 0) {
        handle.execute(
            "INSERT INTO handed_over (items, body) VALUES (?, ?)",
            items,
            Json.mapper().writeValueAsString(new Body(batch.spans(), batch.points())));
      }
    }
  }

  /** Items that wait for whoever counts them. */
  long waiting(Handle handle) {
    return handle
        .createQuery("SELECT coalesce(sum(items), 0) FROM handed_over")
        .mapTo(Long.class)
        .one();
  }

  /** Takes what was handed over, the first first, until it is more than so many items. */
  List<Batch> take(Handle handle, int most) {
    List<Row> rows = new ArrayList<>();
    long items = 0;
    var next =
        handle
            .createQuery("SELECT seq, items, body FROM handed_over ORDER BY seq LIMIT ?")
            .bind(0, MOST_ROWS)
            .map((row, context) -> new Row(row.getLong(1), row.getLong(2), row.getString(3)))
            .list();
    for (Row row : next) {
      if (items >= most) {
        break;
      }
      items += row.items();
      rows.add(row);
    }
    List<Batch> taken = new ArrayList<>();
    for (Row row : rows) {
      Body body = Json.mapper().readValue(row.body(), Body.class);
      taken.add(new Batch(body.spans(), List.of(), body.points(), Batch.Rejected.NONE));
    }
    if (!rows.isEmpty()) {
      handle.execute("DELETE FROM handed_over WHERE seq <= ?", rows.getLast().seq());
    }
    return taken;
  }
}
