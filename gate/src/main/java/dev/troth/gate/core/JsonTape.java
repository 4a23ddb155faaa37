package dev.troth.gate.core;

/**
 * One JSON object (RFC 8259), parsed strictly into flat arrays that are reused: no recursion, no
 * allocation, bounded in depth and in the number of values.
 *
 * <p>Values are numbered in the order of their appearance; 0 is the object itself. Members of one
 * object that have the same name after unescaping are refused, at every depth: two parsers that
 * choose differently among them would see two documents.
 *
 * <p>Not thread-safe.
 */
public final class JsonTape {
  /** How a parse ended. */
  public enum Outcome {
    OK,
    NOT_JSON,
    DUPLICATE_MEMBER,
    TOO_LARGE
  }

  public static final int OBJECT = 1;
  public static final int ARRAY = 2;
  public static final int STRING = 3;
  public static final int NUMBER = 4;
  public static final int TRUE = 5;
  public static final int FALSE = 6;
  public static final int NULL = 7;

  private static final byte[] LITERAL_TRUE = Bytes.ascii("true");
  private static final byte[] LITERAL_FALSE = Bytes.ascii("false");
  private static final byte[] LITERAL_NULL = Bytes.ascii("null");
  private static final int FAILED = -1;

  private final int maxDepth;
  private final byte[] kinds;
  private final int[] parents;
  private final int[] previous;
  private final int[] lastChild;
  private final int[] names;
  private final int[] nameEnds;
  private final int[] nameHashes;
  private final int[] starts;
  private final int[] ends;
  private final JsonScanner scanner;

  private int count;
  private Outcome outcome = Outcome.NOT_JSON;

  /** For documents of at most so many values, levels and bytes. */
  public JsonTape(int maxValues, int maxDepth, int maxBytes) {
    this.maxDepth = maxDepth;
    kinds = new byte[maxValues];
    parents = new int[maxValues];
    previous = new int[maxValues];
    lastChild = new int[maxValues];
    names = new int[maxValues];
    nameEnds = new int[maxValues];
    nameHashes = new int[maxValues];
    starts = new int[maxValues];
    ends = new int[maxValues];
    scanner = new JsonScanner(maxBytes);
  }

  /** Parses {@code source[from, to)}; the array must stay unchanged while the values are read. */
  public Outcome parse(byte[] source, int from, int to) {
    scanner.start(source, from, to);
    count = 0;
    outcome = Outcome.NOT_JSON;
    if (to - from > scanner.text.length) {
      return fail(Outcome.TOO_LARGE);
    }
    scanner.skipSpace();
    if (scanner.peek() != '{') {
      return fail(Outcome.NOT_JSON);
    }
    if (!document()) {
      count = 0;
      return outcome;
    }
    scanner.skipSpace();
    return scanner.isAtEnd() ? Outcome.OK : fail(Outcome.NOT_JSON);
  }

  /** The member of the outermost object with this name, or -1. */
  public int member(byte[] name) {
    return member(0, name);
  }

  /** The member of an object with this name, or -1. */
  public int member(int object, byte[] name) {
    if (object < 0 || object >= count || kinds[object] != OBJECT) {
      return -1;
    }
    for (int value = lastChild[object]; value >= 0; value = previous[value]) {
      if (Bytes.equal(scanner.text, names[value], nameEnds[value], name)) {
        return value;
      }
    }
    return -1;
  }

  /** One of the constants above; 0 for a value that is not there. */
  public int kind(int value) {
    return value < 0 || value >= count ? 0 : kinds[value];
  }

  /** The last element of an array or member of an object, or -1; {@link #previous} leads on. */
  public int last(int container) {
    return container < 0 || container >= count ? -1 : lastChild[container];
  }

  /** The element or member before this one, or -1. */
  public int previous(int value) {
    return value < 0 || value >= count ? -1 : previous[value];
  }

  public int nameStart(int value) {
    return names[value];
  }

  public int nameEnd(int value) {
    return nameEnds[value];
  }

  /** Where a value is: in {@link #text} if it is a string, else in the source. */
  public int start(int value) {
    return starts[value];
  }

  public int end(int value) {
    return ends[value];
  }

  /** Names and strings, unescaped. */
  public byte[] text() {
    return scanner.text;
  }

  public boolean isString(int value, byte[] expected) {
    return kind(value) == STRING && Bytes.equal(scanner.text, starts[value], ends[value], expected);
  }

  /** Overwrites what the last document left. */
  public void wipe() {
    scanner.wipe();
    count = 0;
  }

  private boolean document() {
    int container = push(-1, OBJECT, 0, 0);
    int depth = 1;
    boolean first = true;
    boolean value = true;
    while (container >= 0) {
      scanner.skipSpace();
      int next = scanner.peek();
      int close = kinds[container] == OBJECT ? '}' : ']';
      if (next == close && (first || !value)) {
        scanner.at++;
        ends[container] = scanner.at;
        container = parents[container];
        depth--;
        first = false;
        value = false;
      } else if (!value) {
        if (next != ',') {
          return false;
        }
        scanner.at++;
        value = true;
        first = false;
      } else {
        int child = child(container);
        if (child < 0) {
          return false;
        }
        value = kinds[child] <= ARRAY;
        first = value;
        if (value) {
          container = child;
          if (++depth > maxDepth) {
            outcome = Outcome.TOO_LARGE;
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Reads one element or one member with its name. */
  private int child(int container) {
    int nameFrom = scanner.textLength;
    int nameTo = nameFrom;
    if (kinds[container] == OBJECT) {
      if (!scanner.string()) {
        return FAILED;
      }
      nameTo = scanner.textLength;
      scanner.skipSpace();
      if (scanner.peek() != ':') {
        return FAILED;
      }
      scanner.at++;
      scanner.skipSpace();
    }
    int first = scanner.peek();
    int start = scanner.at;
    return switch (first) {
      case '{' -> push(container, OBJECT, nameFrom, nameTo);
      case '[' -> push(container, ARRAY, nameFrom, nameTo);
      case '"' -> {
        int text = scanner.textLength;
        yield scanner.string()
            ? leaf(container, STRING, nameFrom, nameTo, text, scanner.textLength)
            : FAILED;
      }
      case 't' -> literal(container, TRUE, nameFrom, nameTo, LITERAL_TRUE);
      case 'f' -> literal(container, FALSE, nameFrom, nameTo, LITERAL_FALSE);
      case 'n' -> literal(container, NULL, nameFrom, nameTo, LITERAL_NULL);
      default ->
          scanner.number() ? leaf(container, NUMBER, nameFrom, nameTo, start, scanner.at) : FAILED;
    };
  }

  private int literal(int parent, int kind, int nameFrom, int nameTo, byte[] literal) {
    int start = scanner.at;
    return scanner.literal(literal)
        ? leaf(parent, kind, nameFrom, nameTo, start, scanner.at)
        : FAILED;
  }

  private int leaf(int parent, int kind, int nameFrom, int nameTo, int start, int stop) {
    int value = add(parent, kind, nameFrom, nameTo);
    if (value >= 0) {
      starts[value] = start;
      ends[value] = stop;
    }
    return value;
  }

  private int push(int parent, int kind, int nameFrom, int nameTo) {
    int value = add(parent, kind, nameFrom, nameTo);
    if (value >= 0) {
      starts[value] = scanner.at++;
    }
    return value;
  }

  private int add(int parent, int kind, int nameFrom, int nameTo) {
    if (count == kinds.length) {
      outcome = Outcome.TOO_LARGE;
      return FAILED;
    }
    int value = count;
    int hash = 0;
    if (parent >= 0 && kinds[parent] == OBJECT) {
      hash = Bytes.hash(scanner.text, nameFrom, nameTo);
      for (int other = lastChild[parent]; other >= 0; other = previous[other]) {
        if (nameHashes[other] == hash
            && Bytes.equal(
                scanner.text, nameFrom, nameTo, scanner.text, names[other], nameEnds[other])) {
          outcome = Outcome.DUPLICATE_MEMBER;
          return FAILED;
        }
      }
    }
    count++;
    kinds[value] = (byte) kind;
    parents[value] = parent;
    lastChild[value] = -1;
    names[value] = nameFrom;
    nameEnds[value] = nameTo;
    nameHashes[value] = hash;
    previous[value] = -1;
    if (parent >= 0) {
      previous[value] = lastChild[parent];
      lastChild[parent] = value;
    }
    return value;
  }

  private Outcome fail(Outcome reason) {
    count = 0;
    outcome = reason;
    return reason;
  }
}
