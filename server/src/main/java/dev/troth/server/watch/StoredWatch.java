package dev.troth.server.watch;

import dev.troth.watch.Watch;
import java.time.Instant;

/**
 * A watch with what the API shows besides.
 *
 * @param root the id by which clients know the watch over all its terms
 * @param via the group that watches for the user; empty for the user's own watch
 */
public record StoredWatch(Watch watch, long root, Instant createdAt, String via) {
  /** Whether the user set it up, and may change it. */
  public boolean isOwn() {
    return via.isEmpty();
  }
}
