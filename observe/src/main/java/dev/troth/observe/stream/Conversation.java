package dev.troth.observe.stream;

/**
 * What two programs say to each other on one socket, understood by one protocol. Segments come in
 * the order in which the kernel told of them; some may be missing. Not thread-safe.
 */
public interface Conversation {
  /** Takes the next segment; its byte array may be used again when the method returns. */
  void segment(Segment segment);

  /** Called every now and then, so that what waits for a late event does not wait forever. */
  void tick(long now);

  /**
   * This side has ended the connection, or it is gone altogether.
   *
   * @param wholly whether nothing can pass any more in either direction
   */
  void closed(long time, boolean wholly);

  /** Whether nothing of this socket is of interest any more. */
  boolean isOver();
}
