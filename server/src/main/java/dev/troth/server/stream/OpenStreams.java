package dev.troth.server.stream;

import dev.troth.server.change.ChangeFeed;
import dev.troth.server.error.DomainException;
import dev.troth.server.ops.Lifecycle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The event streams that are open, bounded by user. It starts after the listener and so stops
 * before it: a stream never ends by itself, and the listener would wait for it. Safe for use by
 * many threads.
 */
public final class OpenStreams implements Lifecycle {
  private static final int MOST_PER_USER = 32;

  private final ChangeFeed feed;
  private final Map<String, Integer> byUser = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  public OpenStreams(ChangeFeed feed) {
    this.feed = feed;
  }

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public void start() {
    stopping = false;
  }

  /** Wakes every stream, which then ends. */
  @Override
  public void stop() {
    stopping = true;
    feed.poke();
  }

  /**
   * Lets every stream ask for its right again, now: those of a login or token that has just been
   * ended end with it.
   */
  public void askAgain() {
    feed.poke();
  }

  boolean areStopping() {
    return stopping;
  }

  /** Counts one more stream of a user, or 429. */
  void enter(String user) {
    int count = byUser.merge(user, 1, Integer::sum);
    if (count > MOST_PER_USER) {
      leave(user);
      throw new DomainException.TooMany(
          "%s has %d streams open, expected at most that".formatted(user, MOST_PER_USER));
    }
  }

  void leave(String user) {
    byUser.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
  }

  /** How many are open in all. */
  int count() {
    return byUser.values().stream().mapToInt(Integer::intValue).sum();
  }
}
