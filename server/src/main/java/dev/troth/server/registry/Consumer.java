package dev.troth.server.registry;

import java.time.Instant;

/**
 * Somebody who says that they read a version of a registry subject.
 *
 * @param user who said so
 */
record Consumer(String consumer, int version, String user, Instant since) {
  @Override
  public String toString() {
    return "%s (version %d)".formatted(consumer, version);
  }
}
