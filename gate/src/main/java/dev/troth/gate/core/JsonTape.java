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
  private final byte[] text;

  private byte[] source;
  private int at;
  private int end;
  private int count;
  private int textLength;
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
    text = new byte[maxBytes];
    source = text;
  }

  /** Parses {@code source[from, to)}; the array must stay unchanged while the values are read. */
  public Outcome parse(byte[] source, int from, int to) {
    this.source = source;
    at = from;
    end = to;
    count = 0;
    textLength = 0;
    outcome = Outcome.NOT_JSON;
    if (to - from > text.length) {
      return fail(Outcome.TOO_LARGE);
    }
    skipSpace();
    if (peek() != '{') {
      return fail(Outcome.NOT_JSON);
    }
    if (!document()) {
      count = 0;
      return outcome;
    }
    skipSpace();
    return at == end ? Outcome.OK : fail(Outcome.NOT_JSON);
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
      if (Bytes.equal(text, names[value], nameEnds[value], name)) {
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
    return text;
  }

  public boolean isString(int value, byte[] expected) {
    return kind(value) == STRING && Bytes.equal(text, starts[value], ends[value], expected);
  }

  /** Overwrites what the last document left. */
  public void wipe() {
    for (int i = 0; i < textLength; i++) {
      text[i] = 0;
    }
    textLength = 0;
    count = 0;
  }

  private boolean document() {
    int container = push(-1, OBJECT, 0, 0);
    int depth = 1;
    boolean first = true;
    boolean value = true;
    while (container >= 0) {
      skipSpace();
      int next = peek();
      int close = kinds[container] == OBJECT ? '}' : ']';
      if (next == close && (first || !value)) {
        at++;
        ends[container] = at;
        container = parents[container];
        depth--;
        first = false;
        value = false;
      } else if (!value) {
        if (next != ',') {
          return false;
        }
        at++;
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
    int nameFrom = textLength;
    int nameTo = nameFrom;
    if (kinds[container] == OBJECT) {
      if (!string()) {
        return FAILED;
      }
      nameTo = textLength;
      skipSpace();
      if (peek() != ':') {
        return FAILED;
      }
      at++;
      skipSpace();
    }
    int first = peek();
    int start = at;
    switch (first) {
      case '{':
        return push(container, OBJECT, nameFrom, nameTo);
      case '[':
        return push(container, ARRAY, nameFrom, nameTo);
      case '"':
        int textStart = textLength;
        return string() ? leaf(container, STRING, nameFrom, nameTo, textStart, textLength) : FAILED;
      case 't':
        return literal(LITERAL_TRUE) ? leaf(container, TRUE, nameFrom, nameTo, start, at) : FAILED;
      case 'f':
        return literal(LITERAL_FALSE)
            ? leaf(container, FALSE, nameFrom, nameTo, start, at)
            : FAILED;
      case 'n':
        return literal(LITERAL_NULL) ? leaf(container, NULL, nameFrom, nameTo, start, at) : FAILED;
      default:
        return number() ? leaf(container, NUMBER, nameFrom, nameTo, start, at) : FAILED;
    }
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
      starts[value] = at++;
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
      hash = Bytes.hash(text, nameFrom, nameTo);
      for (int other = lastChild[parent]; other >= 0; other = previous[other]) {
        if (nameHashes[other] == hash
            && Bytes.equal(text, nameFrom, nameTo, text, names[other], nameEnds[other])) {
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

  /** Unescapes the string that begins here to the end of the text. */
  private boolean string() {
    if (peek() != '"') {
      return false;
    }
    at++;
    int out = textLength;
    while (at < end) {
      int b = source[at];
      if (b == '"') {
        at++;
        textLength = out;
        return true;
      }
      if (b == '\\') {
        at++;
        out = escape(out);
        if (out < 0) {
          return false;
        }
      } else if (b >= 0x20) {
        text[out++] = (byte) b;
        at++;
      } else {
        // A control character, or the first byte of a longer character.
        int length = b >= 0 ? 0 : Utf8.characterLength(source, at, end);
        if (length == 0) {
          return false;
        }
        for (int i = 0; i < length; i++) {
          text[out++] = source[at++];
        }
      }
    }
    return false;
  }

  private int escape(int out) {
    int b = peek();
    at++;
    switch (b) {
      case '"', '\\', '/':
        break;
      case 'b':
        b = '\b';
        break;
      case 'f':
        b = '\f';
        break;
      case 'n':
        b = '\n';
        break;
      case 'r':
        b = '\r';
        break;
      case 't':
        b = '\t';
        break;
      case 'u':
        int codePoint = codePoint();
        return codePoint < 0 ? FAILED : Utf8.put(text, out, codePoint);
      default:
        return FAILED;
    }
    text[out] = (byte) b;
    return out + 1;
  }

  /** The character of an escape whose {@code \}{@code u} was read; a lone surrogate is refused. */
  private int codePoint() {
    int high = hex4();
    if (high < 0xD800 || high > 0xDFFF) {
      return high;
    }
    if (high > 0xDBFF || end - at < 6 || source[at] != '\\' || source[at + 1] != 'u') {
      return FAILED;
    }
    at += 2;
    int low = hex4();
    return low < 0xDC00 || low > 0xDFFF
        ? FAILED
        : 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
  }

  private int hex4() {
    if (end - at < 4) {
      return FAILED;
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int b = source[at++];
      int lower = Bytes.lowerCase(b);
      int digit = b >= '0' && b <= '9' ? b - '0' : lower >= 'a' && lower <= 'f' ? lower - 87 : -1;
      if (digit < 0) {
        return FAILED;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private boolean number() {
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else if (!digits()) {
      return false;
    }
    if (peek() == '.') {
      at++;
      if (!digits()) {
        return false;
      }
    }
    if (Bytes.lowerCase(peek()) == 'e') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      return digits();
    }
    return true;
  }

  private boolean digits() {
    int start = at;
    while (at < end && source[at] >= '0' && source[at] <= '9') {
      at++;
    }
    return at > start;
  }

  private boolean literal(byte[] literal) {
    if (end - at < literal.length || !Bytes.equal(source, at, at + literal.length, literal)) {
      return false;
    }
    at += literal.length;
    return true;
  }

  private void skipSpace() {
    while (at < end) {
      int b = source[at];
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return;
      }
      at++;
    }
  }

  private int peek() {
    return at < end ? source[at] : -1;
  }

  private Outcome fail(Outcome reason) {
    count = 0;
    outcome = reason;
    return reason;
  }
}
