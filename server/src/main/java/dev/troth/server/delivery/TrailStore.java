package dev.troth.server.delivery;

import dev.troth.server.delivery.DeliveryStore.Row;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** How far one change has come on its way to one user's addresses. */
public final class TrailStore {
  private static final String DELIVERIES =
      "SELECT "
          + DeliveryStore.COLUMNS
          + " FROM delivery d WHERE d.change_seq = ? AND d.user_name = ?"
          + " AND d.state IN ('pending', 'delivered', 'superseded', 'suppressed', 'dead') ORDER BY d.channel";

  private TrailStore() {}

  /**
   * A delivery with its attempts, the first first.
   *
   * @param batch the key of the message in which it went with others; empty by itself
   */
  public record Sent(DeliveryView delivery, List<AttemptView> attempts, String batch) {}

  /** Whether there may be watchers whose turn has not come yet. */
  public static boolean isBeingTold(Handle handle, long seq) {
    return handle
        .createQuery("SELECT 1 FROM fanout WHERE change_seq = ?")
        .bind(0, seq)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  /** What was or is to be sent to a user because of a change. */
  public static List<Sent> of(Handle handle, long seq, String user) {
    ClaimStore claims = new ClaimStore();
    List<Row> rows =
        handle.createQuery(DELIVERIES).bind(0, seq).bind(1, user).map(DeliveryStore.ROW).list();
    return rows.stream()
        .map(row ->
            new Sent(
                DeliveryView.of(row),
                claims.attempts(handle, row.key()),
                row.hold().batch().equals(row.key()) ? "" : row.hold().batch()))
        .toList();
  }
}
