package dev.troth.watch.delivery;

import dev.troth.watch.Reason;
import dev.troth.watch.Watch;
import dev.troth.watch.change.Change;

/** One change for one watch on one channel. */
public record Notification(Change change, Watch watch, String channel, Reason reason) {

  public NotificationKey key() {
    return NotificationKey.of(change, watch.id(), channel);
  }
}
