package dev.troth.cli.contract.topic;

/** Who is told of the messages of a topic. */
public interface TopicReader {
  /**
   * Takes a message.
   *
   * @param place partition and offset
   * @param json of its payload
   */
  void message(String place, byte[] json);

  /** Takes note of a message that cannot be looked into. */
  void unreadable(String place, String reason);

  /** Takes note of a message without a value, which says that a key is gone. */
  void passOver();

  /** Runs work when all that was found has been said. */
  void whenReported(Runnable work);

  /** Says each finding at once, because the report may be long in coming. */
  void sayingAtOnce();
}
