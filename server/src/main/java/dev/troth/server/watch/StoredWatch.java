package dev.troth.server.watch;

import dev.troth.watch.Watch;
import java.time.Instant;

/**
 * A watch with what the API shows besides.
 *
 * @param root the id by which clients know the watch over all its terms
 */
public record StoredWatch(Watch watch, long root, Instant createdAt) {}
