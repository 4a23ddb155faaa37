package dev.troth.gate.core;

/**
 * Goes through the bytes of a JSON document from one lexical element to the next (RFC 8259 §2, §6,
 * §7), and collects its strings unescaped. Strict: UTF-8 must be well-formed, surrogates paired.
 *
 * <p>Reused; not thread-safe.
 */
final class JsonScanner {
  private static final int FAILED = -1;

  /** The strings so far, one after the other. */
  final byte[] text;

  int textLength;
  int at;
  private int end;
  private byte[] source;

  /** For documents of at most so many bytes. */
  JsonScanner(int maxBytes) {
    text = new byte[maxBytes];
    source = text;
  }

  void start(byte[] source, int from, int to) {
    this.source = source;
    at = from;
    end = to;
    textLength = 0;
  }

  boolean isAtEnd() {
    return at == end;
  }

  /** Overwrites the strings. */
  void wipe() {
    for (int i = 0; i < textLength; i++) {
      text[i] = 0;
    }
    textLength = 0;
  }

  /** Unescapes the string that begins here to the end of the text. */
  boolean string() {
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
    if (b == 'u') {
      int codePoint = codePoint();
      return codePoint < 0 ? FAILED : Utf8.put(text, out, codePoint);
    }
    int meant =
        switch (b) {
          case '"', '\\', '/' -> b;
          case 'b' -> '\b';
          case 'f' -> '\f';
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          default -> FAILED;
        };
    if (meant < 0) {
      return FAILED;
    }
    text[out] = (byte) meant;
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
      value = (value << 4) | digit;
    }
    return value;
  }

  /** Goes past a number. */
  boolean number() {
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

  /** Goes past a literal. */
  boolean literal(byte[] literal) {
    if (end - at < literal.length || !Bytes.equal(source, at, at + literal.length, literal)) {
      return false;
    }
    at += literal.length;
    return true;
  }

  void skipSpace() {
    while (at < end) {
      int b = source[at];
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return;
      }
      at++;
    }
  }

  /** The byte that is next, or -1 behind the end. */
  int peek() {
    return at < end ? source[at] : -1;
  }
}
