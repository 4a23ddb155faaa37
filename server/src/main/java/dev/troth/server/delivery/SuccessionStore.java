package dev.troth.server.delivery;

import dev.troth.server.change.ChangeRow;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.watch.change.Change;
import dev.troth.watch.change.Condition;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Which newer change a retry gives way to. Any will do, unless it says that something has begun or
 * ended: that is only outdated by news of the same thing. A page must not go unsent because the
 * objective's budget moved meanwhile.
 */
final class SuccessionStore {
  /** So many newer changes are looked at, the newest; what comes after more is sent. */
  private static final int LOOKED_AT = 200;

  private SuccessionStore() {}

  /** The newest version that outdates the row, of those owed to or with the same watch. */
  static long newest(Handle handle, Row row) {
    if (row.delivery().attempts() == 0) {
      return row.route().version();
    }
    Condition own = Condition.of(SqliteFanOutStore.change(handle, row.route().seq()));
    Query query =
        handle
            .createQuery(
                """
                SELECT %s FROM delivery d JOIN change c ON c.seq = d.change_seq
                WHERE d.watch_id = :watch AND d.channel = :channel AND d.subject = :subject
                  AND d.version > :version AND d.state IN ('pending', 'delivered')
                ORDER BY d.version DESC LIMIT :limit
                """
                    .formatted(ChangeRow.COLUMNS))
            .bind("watch", row.route().watch())
            .bind("channel", row.route().channel())
            .bind("subject", row.route().subject())
            .bind("version", row.route().version())
            .bind("limit", LOOKED_AT);
    return ChangeRow.weighed(query).items().stream()
        .filter(change -> Condition.of(change).outdates(own))
        .mapToLong(Change::version)
        .findFirst()
        .orElse(row.route().version());
  }
}
