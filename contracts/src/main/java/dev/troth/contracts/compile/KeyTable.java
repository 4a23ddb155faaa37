package dev.troth.contracts.compile;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Finds the position of a text among many; few are compared by generated code instead. */
final class KeyTable {
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private final byte[][] keys;
  private final int[] slots;

  KeyTable(List<String> texts) {
    keys = texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    slots = new int[Integer.highestOneBit(Math.max(1, keys.length)) << 2];
    for (int k = 0; k < keys.length; k++) {
      int slot = slot(keys[k], 0, keys[k].length);
      while (slots[slot] != 0) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = k + 1;
    }
  }

  private int slot(byte[] b, int from, int length) {
    long word = Words.first(b, from, length);
    if (length > 8) {
      word ^= Long.rotateLeft(Words.at(b, from + length - 8), 21);
    }
    return (int) (((word + length) * MIX) >>> 40) & (slots.length - 1);
  }

  /** The position, or -1. */
  int find(byte[] b, int from, int length) {
    int slot = slot(b, from, length);
    while (slots[slot] != 0) {
      int k = slots[slot] - 1;
      if (Arrays.equals(keys[k], 0, keys[k].length, b, from, from + length)) {
        return k;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return -1;
  }
}
