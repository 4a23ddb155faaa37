package dev.troth.contracts.compile;

/** Which members or items of one value have been evaluated, by their position. */
final class Marks {
  private final int count;
  private final long[] words;

  private Marks(int count) {
    this.count = count;
    this.words = new long[(count + 63) >> 6];
  }

  /** No marks yet, for the value at {@code i}. */
  static Marks of(int[] t, int i) {
    return new Marks((t[i] & Tape.TYPE) >= Tape.ARR ? t[i + 1] : 0);
  }

  void set(int position) {
    words[position >> 6] |= 1L << position;
  }

  /** Marks the first positions, as many as there are. */
  void setFirst(int positions) {
    for (int i = 0; i < positions && i < count; i++) {
      set(i);
    }
  }

  boolean has(int position) {
    return (words[position >> 6] >>> position & 1) != 0;
  }

  void add(Marks other) {
    for (int i = 0; i < words.length; i++) {
      words[i] |= other.words[i];
    }
  }
}
