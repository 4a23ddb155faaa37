package dev.troth.server.delivery;

import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.watch.delivery.Delivery;
import java.time.Instant;

/** A delivery as clients see it: which change, to whom, by which channel, and what came of it. */
public record DeliveryView(
    String key,
    long seq,
    String subject,
    long version,
    String user,
    String channel,
    String reason,
    Delivery.State state,
    int attempts,
    Instant due,
    String note) {

  static DeliveryView of(Row row) {
    return new DeliveryView(
        row.key(),
        row.route().seq(),
        row.route().subject(),
        row.route().version(),
        row.route().user(),
        row.route().channel(),
        row.route().reason(),
        row.delivery().state(),
        row.delivery().attempts(),
        row.delivery().due(),
        row.delivery().note());
  }
}
