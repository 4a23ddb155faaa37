package dev.troth.contracts.compile;

import java.util.Arrays;

/**
 * Finds equal items in an array of many, of whatever kind, through a table of their hashes. The
 * table lies behind the values on the tape, where that has room.
 */
final class Items {
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private Items() {}

  /** How many integers a table for so many items takes. */
  static int room(int items) {
    return Integer.highestOneBit(Math.max(1, items)) << 2;
  }

  /** Whether all numbers within a value have hashes. */
  static boolean canHash(byte[] b, int[] t, int i) {
    int end = Values.next(t, i);
    for (int at = i; at < end; at += 3) {
      int type = t[at] & Tape.TYPE;
      if ((type == Tape.INT || type == Tape.NUM) && !Decimals.canHash(b, t, at)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the items of an array differ; its numbers must have hashes. */
  static boolean allDiffer(byte[] b, int[] t, int array) {
    int size = room(t[array + 1]);
    // The outermost value ends where the tape does.
    int[] table = t;
    int base = t[2];
    if (t.length - base < size) {
      table = new int[size];
      base = 0;
    } else {
      Arrays.fill(table, base, base + size, 0);
    }
    int end = t[array + 2];
    for (int i = array + 3; i < end; i = Values.next(t, i)) {
      int slot = (int) ((hash(b, t, i) * MIX) >>> 32) & (size - 1);
      while (table[base + slot] != 0) {
        if (Values.equal(b, t, table[base + slot], i)) {
          return false;
        }
        slot = (slot + 1) & (size - 1);
      }
      table[base + slot] = i;
    }
    return true;
  }

  /** Equal for equal values; members count in any order. */
  private static long hash(byte[] b, int[] t, int i) {
    int type = t[i] & Tape.TYPE;
    return switch (type) {
      case Tape.INT, Tape.NUM -> mixed(Decimals.hash(b, t, i), Tape.NUM);
      case Tape.STR -> mixed(KeyCheck.hash(b, t, i), type);
      case Tape.ARR -> {
        long hash = type;
        for (int at = i + 3; at < t[i + 2]; at = Values.next(t, at)) {
          hash = mixed(hash + hash(b, t, at), type);
        }
        yield hash;
      }
      case Tape.OBJ -> {
        long hash = type;
        for (int key = i + 3; key < t[i + 2]; key = Values.next(t, key + 3)) {
          hash += mixed(KeyCheck.hash(b, t, key) ^ Long.rotateLeft(hash(b, t, key + 3), 17), type);
        }
        yield hash;
      }
      default -> type;
    };
  }

  private static long mixed(long hash, int type) {
    long product = (hash + type) * KeyCheck.SEED;
    return product ^ (product >>> 29);
  }
}
