package dev.troth.gate.core;

import org.jspecify.annotations.Nullable;

/** A set of {@code jti} values, open-addressed and at most half full. */
final class RevokedIds {
  private final byte[] @Nullable [] table;
  private final int mask;

  RevokedIds(byte[][] ids) {
    int size = 2;
    while (size < 2 * ids.length) {
      size <<= 1;
    }
    mask = size - 1;
    table = new byte[size][];
    for (byte[] id : ids) {
      int at = Bytes.hash(id, 0, id.length) & mask;
      while (table[at] != null) {
        at = at + 1 & mask;
      }
      table[at] = id;
    }
  }

  boolean contains(byte[] text, int from, int to) {
    for (int at = Bytes.hash(text, from, to) & mask; ; at = at + 1 & mask) {
      byte[] id = table[at];
      if (id == null) {
        return false;
      }
      if (Bytes.equal(text, from, to, id)) {
        return true;
      }
    }
  }
}
