package dev.troth.contracts.pattern;

/**
 * Tells by an automaton that reads from the end whether a pattern occurs in a text, one table step
 * a character, out of UTF-8 and without an allocation.
 */
final class EndMatcher {
  private static final int ASCII = 128;

  private final CharTable table;

  /** The classes of the first characters, which most texts are made of. */
  private final int[] classOfAscii = new int[ASCII];

  EndMatcher(CharTable table) {
    this.table = table;
    for (int c = 0; c < ASCII; c++) {
      classOfAscii[c] = table.classOf(c);
    }
  }

  /** Whether the pattern occurs in these bytes, which are valid UTF-8. */
  boolean find(byte[] utf8, int from, int to) {
    int[][] next = table.next();
    int state = 0;
    int at = to;
    while (at > from) {
      int c = utf8[--at];
      if (c < 0) {
        // The lower bits come first: six in each byte that continues a character.
        int character = 0;
        int shift = 0;
        while ((c & 0xc0) == 0x80) {
          character |= (c & 0x3f) << shift;
          shift += 6;
          c = utf8[--at];
        }
        character |= (c & (0x3f >> (shift / 6))) << shift;
        state = next[state][table.classOf(character)];
      } else {
        state = next[state][classOfAscii[c]];
      }
    }
    return table.accepts()[state];
  }
}
