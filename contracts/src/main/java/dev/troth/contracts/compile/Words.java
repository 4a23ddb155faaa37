package dev.troth.contracts.compile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bytes read eight at a time, as little-endian words. */
final class Words {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long QUOTES = '"' * ONES;
  private static final long BACKSLASHES = '\\' * ONES;
  private static final long SPACES = ' ' * ONES;

  private Words() {}

  /** The eight bytes from {@code at}. */
  static long at(byte[] b, int at) {
    return (long) LONG.get(b, at);
  }

  /** The first eight bytes of a text, or all of a shorter one with zeros above. */
  static long first(byte[] b, int from, int length) {
    if (from + 8 <= b.length) {
      long word = at(b, from);
      return length >= 8 ? word : word & ((1L << (length << 3)) - 1);
    }
    long word = 0;
    for (int i = Math.min(length, 8) - 1; i >= 0; i--) {
      word = word << 8 | (b[from + i] & 0xff);
    }
    return word;
  }

  /**
   * The high bit of each byte that ends a run of plain text: a quote, a backslash, a control
   * character or a byte above 127. Borrows may set further bits above the first, which is exact.
   */
  static long special(long word) {
    long quote = word ^ QUOTES;
    long backslash = word ^ BACKSLASHES;
    return (((quote - ONES) & ~quote)
            | ((backslash - ONES) & ~backslash)
            | ((word - SPACES) & ~word)
            | word)
        & HIGHS;
  }
}
