package dev.troth.contracts.compile;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/** Finds what occurs twice: a name in an object, which is refused, or a text in an array. */
final class KeyCheck {
  /** Up to so many members, names are compared one by one, and only if their marks collide. */
  static final int FEW = 32;

  private static final long MIX = 0x9e3779b97f4a7c15L;

  /** Unknown to senders, so that no document can be made whose names all collide. */
  static final long SEED = ThreadLocalRandom.current().nextLong() | 1;

  private int[] table = {};

  /** A mark of a name, one of 64; equal names have equal marks. */
  static long bit(byte[] b, int[] t, int key) {
    int from = t[key + 1];
    int length = t[key + 2] - from;
    if ((t[key] & Tape.ESCAPED) != 0) {
      Plain plain = Plain.of(b, from, from + length);
      return bit(Words.first(plain.bytes, 0, plain.length), plain.length);
    }
    return bit(Words.first(b, from, length), length);
  }

  private static long bit(long first, int length) {
    return 1L << (((first + length) * MIX) >>> 58);
  }

  /** Compares the name at {@code key} with all before it in the object at {@code object}. */
  static void few(byte[] b, int[] t, int object, int key) {
    for (int i = object + 3; i < key; i = Values.next(t, i + 3)) {
      if (Text.equal(b, t, i, key)) {
        throw MalformedException.INSTANCE;
      }
    }
  }

  /** Checks a finished object of many members through a hash table. */
  void many(byte[] b, int[] t, int object) {
    int size = Integer.highestOneBit(t[object + 1]) << 2;
    if (table.length < size) {
      table = new int[size];
    } else {
      Arrays.fill(table, 0, size, 0);
    }
    int end = t[object + 2];
    for (int i = object + 3; i < end; i = Values.next(t, i + 3)) {
      int slot = (int) (hash(b, t, i) >>> 32) & (size - 1);
      while (table[slot] != 0) {
        if (Text.equal(b, t, table[slot], i)) {
          throw MalformedException.INSTANCE;
        }
        slot = (slot + 1) & (size - 1);
      }
      table[slot] = i;
    }
    if (size > 1 << 16) {
      table = new int[0];
    }
  }

  /** A hash of a text, which no sender knows. */
  static long hash(byte[] b, int[] t, int key) {
    int from = t[key + 1];
    int to = t[key + 2];
    byte[] plain = b;
    if ((t[key] & Tape.ESCAPED) != 0) {
      Plain decoded = Plain.of(b, from, to);
      plain = decoded.bytes;
      from = 0;
      to = decoded.length;
    }
    long hash = SEED;
    for (int p = from; p < to; p += 8) {
      hash = (hash ^ Words.first(plain, p, to - p)) * SEED;
      hash ^= hash >>> 29;
    }
    return hash * MIX;
  }
}
