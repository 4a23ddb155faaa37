package dev.troth.contracts.compile;

/**
 * The UTF-8 bytes that a string with escapes stands for, in memory that a thread keeps: valid until
 * the thread asks for the next one.
 */
final class Plain {
  /** What a thread keeps at most; longer texts get memory of their own. */
  private static final int KEPT_BYTES = 1 << 16;

  private static final ThreadLocal<Plain> MINE = ThreadLocal.withInitial(() -> new Plain(256));
  private static final ThreadLocal<Plain> OTHER = ThreadLocal.withInitial(() -> new Plain(256));

  byte[] bytes;
  int length;

  private Plain(int room) {
    bytes = new byte[room];
  }

  /** The content {@code b[from, to)} of a string, whose escapes are well-formed. */
  static Plain of(byte[] b, int from, int to) {
    return of(MINE, b, from, to);
  }

  /** As {@link #of}, in other memory, to be compared with that. */
  static Plain other(byte[] b, int from, int to) {
    return of(OTHER, b, from, to);
  }

  private static Plain of(ThreadLocal<Plain> kept, byte[] b, int from, int to) {
    int room = to - from;
    Plain plain = room > KEPT_BYTES ? new Plain(room) : kept.get();
    if (plain.bytes.length < room) {
      plain.bytes = new byte[Math.min(KEPT_BYTES, 2 * room)];
    }
    plain.length = Text.decode(b, from, to, plain.bytes);
    return plain;
  }
}
