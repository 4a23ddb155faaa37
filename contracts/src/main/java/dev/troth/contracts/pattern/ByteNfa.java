package dev.troth.contracts.pattern;

import java.util.Arrays;
import java.util.List;

/**
 * A non-deterministic automaton over UTF-8 bytes, built from a tree without look-around and
 * back-references (Thompson's construction, from the end to the front).
 */
final class ByteNfa {
  static final int BYTES = 0;
  static final int SPLIT = 1;
  static final int START = 2;
  static final int END = 3;
  static final int ACCEPT = 4;

  private static final int LARGEST = 20_000;

  int[] kind = new int[64];

  /** BYTES: the range of bytes. */
  int[] low = new int[64];

  int[] high = new int[64];
  int[] next = new int[64];

  /** SPLIT: the other way. */
  int[] other = new int[64];

  int size;
  int start;

  /** The tree is not regular, or its automaton would be too large. */
  static final class Unsuitable extends Exception {
    private static final long serialVersionUID = 1L;

    Unsuitable() {
      super("not regular or too large", null, false, false);
    }
  }

  static ByteNfa of(Node node) throws Unsuitable {
    ByteNfa nfa = new ByteNfa();
    nfa.start = nfa.build(node, nfa.add(ACCEPT, 0, 0, 0, 0));
    return nfa;
  }

  private int add(int kind, int low, int high, int next, int other) throws Unsuitable {
    if (size >= LARGEST) {
      throw new Unsuitable();
    }
    if (size == this.kind.length) {
      this.kind = Arrays.copyOf(this.kind, size * 2);
      this.low = Arrays.copyOf(this.low, size * 2);
      this.high = Arrays.copyOf(this.high, size * 2);
      this.next = Arrays.copyOf(this.next, size * 2);
      this.other = Arrays.copyOf(this.other, size * 2);
    }
    this.kind[size] = kind;
    this.low[size] = low;
    this.high[size] = high;
    this.next[size] = next;
    this.other[size] = other;
    return size++;
  }

  private int build(Node node, int then) throws Unsuitable {
    return switch (node) {
      case Node.Chars(CodePoints set) -> chars(set, then);
      case Node.Seq(List<Node> parts) -> {
        int at = then;
        for (Node part : parts.reversed()) {
          at = build(part, at);
        }
        yield at;
      }
      case Node.Alt(List<Node> branches) -> {
        int at = -1;
        for (Node branch : branches.reversed()) {
          int entry = build(branch, then);
          at = at < 0 ? entry : add(SPLIT, 0, 0, entry, at);
        }
        yield at;
      }
      case Node.Group(Node inner, int _) -> build(inner, then);
      case Node.Repeat repeat -> repeat(repeat, then);
      case Node.Start _ -> add(START, 0, 0, then, 0);
      case Node.End _ -> add(END, 0, 0, then, 0);
      case Node.Back _, Node.Boundary _, Node.Look _ -> throw new Unsuitable();
    };
  }

  private int repeat(Node.Repeat repeat, int then) throws Unsuitable {
    int at = then;
    if (repeat.max() == Node.Repeat.UNBOUNDED) {
      int loop = add(SPLIT, 0, 0, 0, then);
      // In two steps: building may replace the array.
      int body = build(repeat.node(), loop);
      next[loop] = body;
      at = loop;
    } else {
      for (int i = repeat.min(); i < repeat.max(); i++) {
        at = add(SPLIT, 0, 0, build(repeat.node(), at), then);
      }
    }
    for (int i = 0; i < repeat.min(); i++) {
      int before = size;
      at = build(repeat.node(), at);
      if (size == before) {
        break; // Nothing, however often it is repeated.
      }
    }
    return at;
  }

  private int chars(CodePoints set, int then) throws Unsuitable {
    int at = -1;
    for (int i = 0; i < set.ranges(); i++) {
      at = range(set.first(i), set.last(i), then, at);
    }
    // The empty set: a byte range that no byte is in.
    return at < 0 ? add(BYTES, 1, 0, then, 0) : at;
  }

  /** Adds a range of code points, cut where the length or the leading bytes of UTF-8 change. */
  private int range(int first, int last, int then, int or) throws Unsuitable {
    int at = or;
    int[] cuts = {0x7f, 0x7ff, 0xd7ff, 0xdfff, 0xffff, 0x10ffff};
    int from = first;
    for (int cut : cuts) {
      if (from <= cut && from <= last) {
        int to = Math.min(last, cut);
        if (cut != 0xdfff) {
          at = sameLength(from, to, then, at);
        }
        from = to + 1;
      }
    }
    return at;
  }

  private int sameLength(int first, int last, int then, int or) throws Unsuitable {
    int tails = first < 0x80 ? 0 : first < 0x800 ? 1 : first < 0x10000 ? 2 : 3;
    for (int i = 1; i <= tails; i++) {
      int mask = (1 << (6 * i)) - 1;
      if ((first & ~mask) != (last & ~mask)) {
        if ((first & mask) != 0) {
          int cut = first | mask;
          return sameLength(cut + 1, last, then, sameLength(first, cut, then, or));
        }
        if ((last & mask) != mask) {
          int cut = (last & ~mask) - 1;
          return sameLength(cut + 1, last, then, sameLength(first, cut, then, or));
        }
      }
    }
    int at = then;
    for (int i = 0; i <= tails; i++) {
      at = add(BYTES, utf8(first, i, tails), utf8(last, i, tails), at, 0);
    }
    return or < 0 ? at : add(SPLIT, 0, 0, at, or);
  }

  /** The byte at {@code i} from the end of a code point's encoding. */
  private static int utf8(int codePoint, int i, int tails) {
    int bits = codePoint >> (6 * i);
    if (i < tails) {
      return 0x80 | (bits & 0x3f);
    }
    int[] marks = {0, 0xc0, 0xe0, 0xf0};
    return marks[tails] | bits;
  }
}
