package dev.troth.json;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads UTF-8 bytes as JSON, strictly: RFC 8259 and nothing else, valid UTF-8, no name twice in an
 * object, no lone surrogates, within {@link JsonLimits}. Two readers of a document with a doubled
 * name may see different values (RFC 8259 §4), so such a document is refused.
 */
public final class JsonReader {
  private final byte[] bytes;
  private final JsonLimits limits;
  private int at;

  private JsonReader(byte[] bytes, JsonLimits limits) {
    this.bytes = bytes;
    this.limits = limits;
  }

  /** The value of a document; a {@link JsonException} says what is wrong and where. */
  public static Json read(byte[] bytes) {
    return read(bytes, JsonLimits.DEFAULT);
  }

  public static Json read(byte[] bytes, JsonLimits limits) {
    JsonReader reader = new JsonReader(bytes, limits);
    if (bytes.length > limits.maxBytes()) {
      throw reader.bad(
          "the document has %,d bytes, expected at most %,d"
              .formatted(bytes.length, limits.maxBytes()),
          0);
    }
    reader.space();
    Json value = reader.value(1);
    reader.space();
    if (reader.at < bytes.length) {
      throw reader.unexpected("the end of the document");
    }
    return value;
  }

  /** The value of a text. */
  public static Json read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private Json value(int depth) {
    int c = peek();
    return switch (c) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Str(text());
      case 't' -> literal("true", Json.Bool.TRUE);
      case 'f' -> literal("false", Json.Bool.FALSE);
      case 'n' -> literal("null", Json.Null.NULL);
      default -> {
        if (c == '-' || (c >= '0' && c <= '9')) {
          yield number();
        }
        throw unexpected("a JSON value");
      }
    };
  }

  private Json object(int depth) {
    enter(depth);
    Map<String, Json> members = new LinkedHashMap<>();
    if (peek() == '}') {
      at++;
      return new Json.Obj(members);
    }
    while (true) {
      if (peek() != '"') {
        throw unexpected("a member name in quotes");
      }
      int start = at;
      String name = text();
      space();
      if (peek() != ':') {
        throw unexpected("':' after a member name");
      }
      at++;
      space();
      if (members.put(name, value(depth + 1)) != null) {
        throw bad("the member %s occurs twice in one object".formatted(new Json.Str(name)), start);
      }
      if (closes('}', "',' or '}' after a member")) {
        return new Json.Obj(members);
      }
    }
  }

  private Json array(int depth) {
    enter(depth);
    List<Json> items = new ArrayList<>();
    if (peek() == ']') {
      at++;
      return new Json.Arr(items);
    }
    while (true) {
      items.add(value(depth + 1));
      if (closes(']', "',' or ']' after an item")) {
        return new Json.Arr(items);
      }
    }
  }

  private void enter(int depth) {
    if (depth > limits.maxDepth()) {
      throw bad("nesting is deeper than %d levels".formatted(limits.maxDepth()), at);
    }
    at++;
    space();
  }

  private boolean closes(char end, String expected) {
    space();
    int c = peek();
    if (c != ',' && c != end) {
      throw unexpected(expected);
    }
    at++;
    if (c == ',') {
      space();
    }
    return c == end;
  }

  private Json literal(String word, Json value) {
    for (int i = 0; i < word.length(); i++, at++) {
      if (peek() != word.charAt(i)) {
        throw unexpected("'" + word + "'");
      }
    }
    return value;
  }

  private Json number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits();
    }
    if (peek() == '.') {
      at++;
      digits();
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      int digits = at;
      digits();
      checkExponent(digits, start);
    }
    if (at - start > limits.maxNumberLength()) {
      throw bad(
          "a number has %,d characters, expected at most %,d"
              .formatted(at - start, limits.maxNumberLength()),
          start);
    }
    return new Json.Num(
        new BigDecimal(new String(bytes, start, at - start, StandardCharsets.US_ASCII)));
  }

  private void checkExponent(int digits, int start) {
    int value = 0;
    for (int i = digits; i < at; i++) {
      value = Math.min(value * 10 + (bytes[i] - '0'), 99_999_999);
    }
    if (value > limits.maxExponent()) {
      throw bad(
          "a number's exponent is out of range, expected at most %,d"
              .formatted(limits.maxExponent()),
          start);
    }
  }

  private void digits() {
    if (!isDigit(peek())) {
      throw unexpected("a digit");
    }
    while (isDigit(peek())) {
      at++;
    }
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private String text() {
    int start = ++at;
    while (true) {
      int c = peek();
      if (c == '"') {
        return decode(start, at++);
      }
      if (c == '\\') {
        return escaped(start);
      }
      if (c < 0x20) {
        throw unexpected(c < 0 ? "the end of a string" : "no control character in a string");
      }
      at++;
    }
  }

  private String escaped(int start) {
    StringBuilder text = new StringBuilder();
    int run = start;
    while (true) {
      int c = peek();
      if (c == '"' || c == '\\') {
        text.append(decode(run, at));
        at++;
        if (c == '"') {
          return text.toString();
        }
        text.appendCodePoint(escape());
        run = at;
      } else if (c < 0x20) {
        throw unexpected(c < 0 ? "the end of a string" : "no control character in a string");
      } else {
        at++;
      }
    }
  }

  private int escape() {
    int c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> {
        at--;
        throw unexpected("one of \" \\ / b f n r t u after a backslash");
      }
    };
  }

  private int unicode() {
    int start = at - 2;
    char first = hex4();
    if (!Character.isSurrogate(first)) {
      return first;
    }
    if (Character.isHighSurrogate(first) && peek() == '\\') {
      at++;
      if (peek() == 'u') {
        at++;
        char second = hex4();
        if (Character.isLowSurrogate(second)) {
          return Character.toCodePoint(first, second);
        }
      }
    }
    throw bad("a lone surrogate is no Unicode text", start);
  }

  private char hex4() {
    int value = 0;
    for (int i = 0; i < 4; i++, at++) {
      int digit = peek() < 0 ? -1 : Character.digit(peek(), 16);
      if (digit < 0 || peek() > 'f') {
        throw unexpected("four hexadecimal digits");
      }
      value = value << 4 | digit;
    }
    return (char) value;
  }

  private String decode(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return decodeStrictly(from, to);
      }
    }
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private String decodeStrictly(int from, int to) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw bad("a string is not valid UTF-8", from);
    }
  }

  private void space() {
    while (at < bytes.length) {
      byte c = bytes[at];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      at++;
    }
  }

  /** The byte here as 0 to 255, or -1 at the end. */
  private int peek() {
    return at < bytes.length ? bytes[at] & 0xff : -1;
  }

  private JsonException unexpected(String expected) {
    int c = peek();
    String found =
        c < 0
            ? "the end of the document"
            : c > 0x20 && c < 0x7f ? "'" + (char) c + "'" : "byte 0x%02x".formatted(c);
    return bad("found %s, expected %s".formatted(found, expected), at);
  }

  private JsonException bad(String reason, int offset) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < offset; i++) {
      if (bytes[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new JsonException(reason, offset, line, offset - lineStart + 1);
  }
}
