package dev.troth.observe.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What the first bytes of a message look like, for the filter in the kernel: the first eight bytes
 * as a little-endian number, under a mask, are this value.
 *
 * @param mask which bits are looked at; its two halves are compared one after the other
 * @param keep how many bytes of such a message are kept
 * @param keepAfter how many bytes are kept of every later message of the conversation, for
 *     protocols whose messages lie anywhere in what is read or written; 0 for those where the parts
 *     of a body may be cut short and left out
 * @param ofStrangers whether it is looked for on sockets alone of which nothing is known yet: part
 *     of a body may look alike
 */
public record Signature(long mask, long value, int keep, int keepAfter, boolean ofStrangers) {
  /** The most bytes of one message that are kept in one event. */
  public static final int MOST = 32_767;

  /** The most bytes of one message that can be kept, in several events one after the other. */
  public static final int MOST_IN_PARTS = 4 * MOST;

  /** What is enough for a head, with the context behind long cookies. */
  public static final int HEAD = 8_191;

  public Signature {
    if ((value & ~mask) != 0) {
      throw new IllegalArgumentException(
          "signature has value %x beside its mask %x".formatted(value, mask));
    }
    if ((int) mask == 0) {
      throw new IllegalArgumentException(
          "signature looks at none of the first four bytes, expected at least one bit");
    }
    if (keep < 1 || keep > MOST_IN_PARTS || keepAfter < 0 || keepAfter > MOST_IN_PARTS) {
      throw new IllegalArgumentException(
          "signature keeps %d and %d bytes, expected at most %d"
              .formatted(keep, keepAfter, MOST_IN_PARTS));
    }
  }

  /** Messages that begin with these one to eight characters. */
  public static Signature text(String start, int keep, int keepAfter) {
    byte[] bytes = start.getBytes(StandardCharsets.US_ASCII);
    byte[] mask = new byte[8];
    java.util.Arrays.fill(mask, 0, bytes.length, (byte) 0xff);
    return new Signature(
        number(mask), number(java.util.Arrays.copyOf(bytes, 8)), keep, keepAfter, false);
  }

  /** Messages whose first eight bytes, in their order, have these values under these masks. */
  public static Signature bytes(byte[] mask, byte[] value, int keep, int keepAfter) {
    return new Signature(number(mask), number(value), keep, keepAfter, false);
  }

  /** As {@link #bytes}, for the first message alone that bears the signature of any protocol. */
  public static Signature ofStrangers(byte[] mask, byte[] value, int keep, int keepAfter) {
    return new Signature(number(mask), number(value), keep, keepAfter, true);
  }

  private static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}
