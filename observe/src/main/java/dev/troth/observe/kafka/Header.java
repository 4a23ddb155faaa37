package dev.troth.observe.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The head of a request.
 *
 * @param correlation the number that its answer bears
 * @param bytes how long it is, tagged fields aside
 */
record Header(int key, int version, int correlation, String client, int bytes) {
  /** Key, version, correlation id and the length of the client's name. */
  static final int SHORTEST = 10;

  private static final int LAST_KEY = 120;
  private static final int LAST_VERSION = 31;
  private static final int LONGEST_CLIENT = 300;

  /** The head at this place, if one can stand there; of a name that is cut the rest is missing. */
  static Optional<Header> at(byte[] b, int at, int end) {
    if (end - at < SHORTEST || b[at] != 0 || b[at + 2] != 0) {
      return Optional.empty();
    }
    int key = b[at + 1] & 0xff;
    int version = b[at + 3] & 0xff;
    int length = (short) ((b[at + 8] & 0xff) << 8 | (b[at + 9] & 0xff));
    int from = at + SHORTEST;
    if (key > LAST_KEY
        || version > LAST_VERSION
        || length < -1
        || length > LONGEST_CLIENT
        || from + length > end) {
      return Optional.empty();
    }
    for (int i = from; i < from + length; i++) {
      if (b[i] < ' ' || b[i] == 0x7f) {
        return Optional.empty();
      }
    }
    int correlation = Frames.number(b, at + 4);
    String client = length <= 0 ? "" : new String(b, from, length, StandardCharsets.US_ASCII);
    return Optional.of(
        new Header(key, version, correlation, client, SHORTEST + Math.max(0, length)));
  }

  /** Whether it is one that hardly anything else looks like. */
  boolean isCertain() {
    return !client.isEmpty() && correlation >= 0;
  }
}
