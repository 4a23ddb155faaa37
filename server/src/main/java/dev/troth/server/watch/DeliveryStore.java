package dev.troth.server.watch;

import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Notification;
import dev.troth.watch.fanout.Owed;
import org.jdbi.v3.core.Handle;

/** Notifications that are still owed, or will never arrive. */
final class DeliveryStore {
  private DeliveryStore() {}

  /** A page that is told again after a crash writes the same keys; what is there already stays. */
  static void insert(Handle handle, Owed owed) {
    Notification notification = owed.notification();
    Delivery delivery = owed.delivery();
    handle
        .createUpdate(
            """
            INSERT INTO delivery (key, change_seq, watch_id, user, subject, version, channel,
              reason, state, attempts, due, note, at)
            VALUES (:key, :seq, :watch, :user, :subject, :version, :channel,
              :reason, :state, :attempts, :due, :note, :at)
            ON CONFLICT (key) DO NOTHING
            """)
        .bind("key", notification.key().text())
        .bind("seq", notification.change().seq())
        .bind("watch", notification.watch().id())
        .bind("user", notification.watch().user())
        .bind("subject", notification.change().subject().toString())
        .bind("version", notification.change().version())
        .bind("channel", notification.channel())
        .bind("reason", notification.reason().toString())
        .bind("state", delivery.state().toString())
        .bind("attempts", delivery.attempts())
        .bind("due", delivery.due().toEpochMilli())
        .bind("note", delivery.note())
        .bind("at", notification.change().at().toEpochMilli())
        .execute();
  }
}
