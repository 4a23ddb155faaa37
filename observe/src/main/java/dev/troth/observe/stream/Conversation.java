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
   * This side has ended the connection, or it is gone altogether. What had come before a reset may
   * still be read afterwards.
   *
   * @param wholly whether nothing can come any more from the other side
   */
  void closed(long time, boolean wholly);

  /** Gives up what is open: what was asked will be told of as abandoned. */
  void giveUp();

  /** About how many bytes of memory it holds until more comes: strangers can make it grow. */
  int held();
}
