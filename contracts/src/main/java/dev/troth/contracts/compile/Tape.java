package dev.troth.contracts.compile;

import dev.troth.json.JsonLimits;
import java.util.Arrays;

/**
 * Scans a document into integers, three a value, in document order:
 *
 * <ul>
 *   <li>a scalar: tag, start, end (of a string's content, between its quotes);
 *   <li>an array: tag, number of items, index after the last; then its items;
 *   <li>an object: tag, number of members, index after the last; then names and values in turn.
 * </ul>
 *
 * It accepts exactly what {@code JsonReader} accepts. One thread at a time.
 */
final class Tape {
  static final int NULL = 0;
  static final int FALSE = 1;
  static final int TRUE = 2;

  /** A number without fraction and exponent. */
  static final int INT = 3;

  static final int NUM = 4;
  static final int STR = 5;
  static final int ARR = 6;
  static final int OBJ = 7;
  static final int TYPE = 7;

  /** A string with escapes. */
  static final int ESCAPED = 8;

  /** A string with bytes above 127. */
  static final int WIDE = 16;

  private static final int WORD_TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
  private static final int WORD_NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;

  private static final int LARGE = 1 << 20;

  private final JsonLimits limits;
  private final KeyCheck keyCheck = new KeyCheck();
  private byte[] b = {};
  private int n;
  private int p;
  private int w;
  private int[] t = new int[1024];

  /** How long the tape is to be for the next document. */
  private int wanted;

  Tape(JsonLimits limits) {
    this.limits = limits;
  }

  /** The tape of a document, valid until the next call. */
  int[] scan(byte[] document) {
    b = document;
    n = document.length;
    p = 0;
    w = 0;
    if (wanted > t.length) {
      t = new int[wanted];
    }
    if (n > limits.maxBytes()) {
      throw MalformedException.INSTANCE;
    }
    space();
    value(1);
    space();
    if (p != n) {
      throw MalformedException.INSTANCE;
    }
    // Behind the values there is room for a table of the items of one array.
    wanted = Math.min(LARGE, w + Items.room(w / 3));
    return t;
  }

  /** How many integers a tape may keep between documents. */
  boolean isLarge() {
    return t.length > LARGE;
  }

  private void value(int depth) {
    if (p >= n) {
      throw MalformedException.INSTANCE;
    }
    if (w + 6 > t.length) {
      t = Arrays.copyOf(t, t.length * 2);
    }
    int c = b[p];
    switch (c) {
      case '"' -> string();
      case '{' -> object(depth);
      case '[' -> array(depth);
      case 't' -> word(WORD_TRUE, TRUE);
      case 'n' -> word(WORD_NULL, NULL);
      case 'f' -> {
        if (p + 5 > n || b[p + 1] != 'a' || b[p + 2] != 'l' || b[p + 3] != 's' || b[p + 4] != 'e') {
          throw MalformedException.INSTANCE;
        }
        put(FALSE, p, p + 5);
        p += 5;
      }
      default -> number(c);
    }
  }

  private void put(int tag, int x, int y) {
    t[w] = tag;
    t[w + 1] = x;
    t[w + 2] = y;
    w += 3;
  }

  private void object(int depth) {
    int at = w;
    w += 3;
    open(depth);
    int count = 0;
    long seen = 0;
    if (b[p] == '}') {
      p++;
    } else {
      while (true) {
        if (b[p] != '"') {
          throw MalformedException.INSTANCE;
        }
        if (w + 6 > t.length) {
          t = Arrays.copyOf(t, t.length * 2);
        }
        int key = w;
        string();
        long bit = KeyCheck.bit(b, t, key);
        if ((seen & bit) != 0 && count < KeyCheck.FEW) {
          KeyCheck.few(b, t, at, key);
        }
        seen |= bit;
        next();
        if (b[p] != ':') {
          throw MalformedException.INSTANCE;
        }
        p++;
        next();
        value(depth + 1);
        count++;
        next();
        int c = b[p++];
        if (c == ',') {
          next();
        } else if (c == '}') {
          break;
        } else {
          throw MalformedException.INSTANCE;
        }
      }
    }
    t[at] = OBJ;
    t[at + 1] = count;
    t[at + 2] = w;
    if (count > KeyCheck.FEW) {
      keyCheck.many(b, t, at);
    }
  }

  private void array(int depth) {
    int at = w;
    w += 3;
    open(depth);
    int count = 0;
    if (b[p] == ']') {
      p++;
    } else {
      while (true) {
        value(depth + 1);
        count++;
        next();
        int c = b[p++];
        if (c == ',') {
          next();
        } else if (c == ']') {
          break;
        } else {
          throw MalformedException.INSTANCE;
        }
      }
    }
    t[at] = ARR;
    t[at + 1] = count;
    t[at + 2] = w;
  }

  private void open(int depth) {
    if (depth > limits.maxDepth()) {
      throw MalformedException.INSTANCE;
    }
    p++;
    next();
  }

  private void word(int expected, int tag) {
    if (p + 4 > n
        || ((b[p] & 0xff)
                | (b[p + 1] & 0xff) << 8
                | (b[p + 2] & 0xff) << 16
                | (b[p + 3] & 0xff) << 24)
            != expected) {
      throw MalformedException.INSTANCE;
    }
    put(tag, p, p + 4);
    p += 4;
  }

  private void number(int first) {
    byte[] b = this.b;
    int n = this.n;
    int start = this.p;
    int p = start;
    int tag = INT;
    int c = first;
    if (c == '-') {
      c = ++p < n ? b[p] : 0;
    }
    if (c == '0') {
      p++;
    } else {
      p = digits(b, p, n);
    }
    if (p < n && b[p] == '.') {
      tag = NUM;
      p = digits(b, p + 1, n);
    }
    if (p < n && (b[p] | 0x20) == 'e') {
      tag = NUM;
      p++;
      if (p < n && (b[p] == '+' || b[p] == '-')) {
        p++;
      }
      int exponent = p;
      p = digits(b, p, n);
      exponent(b, exponent, p);
    }
    if (p - start > limits.maxNumberLength()) {
      throw MalformedException.INSTANCE;
    }
    this.p = p;
    put(tag, start, p);
  }

  private void exponent(byte[] b, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = Math.min(value * 10 + (b[i] - '0'), 99_999_999);
    }
    if (value > limits.maxExponent()) {
      throw MalformedException.INSTANCE;
    }
  }

  private static int digits(byte[] b, int from, int n) {
    int p = from;
    while (p < n && b[p] >= '0' && b[p] <= '9') {
      p++;
    }
    if (p == from) {
      throw MalformedException.INSTANCE;
    }
    return p;
  }

  private void string() {
    byte[] b = this.b;
    int n = this.n;
    int p = this.p + 1;
    int start = p;
    int tag = STR;
    while (true) {
      while (p + 8 <= n) {
        long special = Words.special(Words.at(b, p));
        if (special != 0) {
          p += Long.numberOfTrailingZeros(special) >>> 3;
          break;
        }
        p += 8;
      }
      if (p >= n) {
        throw MalformedException.INSTANCE;
      }
      int c = b[p];
      if (c == '"') {
        break;
      }
      if (c == '\\') {
        tag |= ESCAPED;
        p = Text.skipEscape(b, p, n);
      } else if (c < 0) {
        tag |= WIDE;
        p = Text.skipWide(b, p, n);
      } else if (c < ' ') {
        throw MalformedException.INSTANCE;
      } else {
        p++;
      }
    }
    t[w] = tag;
    t[w + 1] = start;
    t[w + 2] = p;
    w += 3;
    this.p = p + 1;
  }

  /** Goes to the next byte that is no space; there must be one. */
  private void next() {
    if (p >= n || b[p] <= ' ') {
      space();
      if (p >= n) {
        throw MalformedException.INSTANCE;
      }
    }
  }

  private void space() {
    while (p < n) {
      byte c = b[p];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      p++;
    }
  }
}
