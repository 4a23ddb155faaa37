package dev.troth.observe.http2;

import java.io.ByteArrayOutputStream;

/**
 * The Huffman code of HPACK (RFC 7541 Appendix B). The code is canonical: the lengths alone, by
 * symbol, define it.
 */
final class Huffman {
  /** The length of each symbol's code, as a letter: A is 5 bits; the last is the end of string. */
  private static final String LENGTHS =
      "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDC"
          + "DIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSR"
          + "SSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

  private static final int SHORTEST = 5;
  private static final int LONGEST = 30;
  private static final int END = 256;

  /** The symbols in the order of their codes. */
  private static final int[] SYMBOLS = new int[LENGTHS.length()];

  /** For each length, the first code of that length and where its symbols begin. */
  private static final int[] FIRST_CODE = new int[LONGEST + 2];

  private static final int[] FIRST_SYMBOL = new int[LONGEST + 2];

  static {
    int code = 0;
    int next = 0;
    for (int length = SHORTEST; length <= LONGEST; length++) {
      FIRST_CODE[length] = code;
      FIRST_SYMBOL[length] = next;
      for (int symbol = 0; symbol < LENGTHS.length(); symbol++) {
        if (LENGTHS.charAt(symbol) - 'A' + SHORTEST == length) {
          SYMBOLS[next++] = symbol;
          code++;
        }
      }
      code <<= 1;
    }
    FIRST_SYMBOL[LONGEST + 1] = next;
  }

  private Huffman() {}

  /** Decodes a string; {@link IllegalArgumentException} when it is not one (RFC 7541 §5.2). */
  static byte[] decode(byte[] bytes, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2 * (to - from));
    int code = 0;
    int length = 0;
    for (int at = from; at < to; at++) {
      for (int bit = 7; bit >= 0; bit--) {
        code = code << 1 | (bytes[at] >> bit & 1);
        length++;
        int symbol = symbol(code, length);
        if (symbol == END) {
          throw new IllegalArgumentException("a Huffman string holds the end-of-string symbol");
        }
        if (symbol >= 0) {
          out.write(symbol);
          code = 0;
          length = 0;
        } else if (length > LONGEST) {
          throw new IllegalArgumentException("a Huffman string holds no symbol");
        }
      }
    }
    if (length > 7 || code != (1 << length) - 1) {
      throw new IllegalArgumentException("a Huffman string is padded with other bits than ones");
    }
    return out.toByteArray();
  }

  private static int symbol(int code, int length) {
    if (length < SHORTEST || length > LONGEST) {
      return -1;
    }
    int offset = code - FIRST_CODE[length];
    int count = FIRST_SYMBOL[length + 1] - FIRST_SYMBOL[length];
    return offset >= 0 && offset < count ? SYMBOLS[FIRST_SYMBOL[length] + offset] : -1;
  }
}
