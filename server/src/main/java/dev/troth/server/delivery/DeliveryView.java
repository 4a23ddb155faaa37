package dev.troth.server.delivery;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.watch.delivery.Delivery;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as clients see it: which change, to whom, by which channel, and what came of it.
 *
 * @param held what holds it, or held it: {@code digest}, {@code quiet} or {@code limit}; null for
 *     nothing
 * @param heldBy the preference that did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
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
    String note,
    @Nullable String held,
    @Nullable String heldBy) {

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
        row.delivery().note(),
        row.hold().isHeld() ? row.hold().kind() : null,
        row.hold().isHeld() ? row.hold().because() : null);
  }
}
