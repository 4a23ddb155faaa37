package dev.troth.watch.delivery;

/** A way to tell someone. Implementations are called from one thread at a time per notification. */
public interface Channel {
  /** Its name in a wish: {@code console}, {@code webhook}. */
  String name();

  /**
   * Whether a delivery is quick and local enough to happen within the fan-out's page. The others
   * are written down by the page and made by their own workers, so that a slow receiver delays
   * nobody else.
   */
  boolean isDirect();

  /** How fast it may be used. */
  default Pace pace() {
    return Pace.FREE;
  }

  /** Whether it can tell several changes as one message. */
  default boolean digests() {
    return false;
  }

  /** Tries once to tell several changes as one message; asked of those that can alone. */
  default Outcome deliver(Digest digest) {
    throw new UnsupportedOperationException(name() + " takes no digests");
  }

  /** Tries once. Never throws for what the outside does. */
  Outcome deliver(Notification notification);

  /**
   * Sends on what a direct channel has only gathered: called once behind the notifications of a
   * page, before their positions are committed.
   */
  default void flush() {}
}
