package dev.troth.observe.http;

import dev.troth.observe.exchange.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads heads of messages (RFC 9112 §2 to §5). Keeps the fields that framing and trace context need
 * and those that were asked for; all others are passed over without being copied. Not thread-safe.
 */
public final class HeadParser {
  private static final int LONGEST_METHOD = 24;
  private static final int LONGEST_NUMBER = 18;
  private static final Set<String> ALWAYS =
      Set.of("host", "traceparent", "tracestate", "user-agent");

  private final String[] wanted;

  /**
   * The value that each wanted field had last: most requests of a client repeat them, and keep the
   * same text then.
   */
  private final String[] values;

  /** What the lines of one head told. */
  private static final class Fields {
    List<Header> kept = List.of();
    long contentLength = Head.ABSENT;
    boolean chunked;
    boolean otherCoding;
  }

  /**
   * @param extra names of further fields to keep, in any case
   */
  public HeadParser(Set<String> extra) {
    java.util.HashSet<String> names = new java.util.HashSet<>(ALWAYS);
    extra.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    this.wanted = names.toArray(String[]::new);
    this.values = new String[wanted.length];
    Arrays.fill(values, "");
  }

  /**
   * The offset behind the empty line that ends a head, or -1 when there is none before {@code to}.
   */
  static int end(byte[] b, int from, int to) {
    for (int at = from; at < to; at++) {
      if (b[at] == '\n') {
        if (at + 1 < to && b[at + 1] == '\n') {
          return at + 2;
        }
        if (at + 2 < to && b[at + 1] == '\r' && b[at + 2] == '\n') {
          return at + 3;
        }
      }
    }
    return -1;
  }

  /** Reads a request's head; empty when these bytes are none. */
  public Optional<Head.Request> request(byte[] b, int from, int to, boolean whole) {
    int line = lineEnd(b, from, to);
    int space = indexOf(b, ' ', from, Math.min(line, from + LONGEST_METHOD + 1));
    if (space <= from) {
      return Optional.empty();
    }
    int last = lastIndexOf(b, ' ', space + 1, line);
    if (last < 0 && !whole && line == to && indexOf(b, '?', space + 1, line) >= 0) {
      last = line; // cut off within the query, which is not told of anyway
    }
    if (last <= space + 1 || indexOf(b, ' ', space + 1, last) >= 0) {
      return Optional.empty();
    }
    boolean versionSeen = last < line;
    if ((versionSeen && !isVersion(b, last + 1, line)) || !isToken(b, from, space)) {
      return Optional.empty();
    }
    if (!isVisible(b, space + 1, last)) {
      return Optional.empty();
    }
    Fields fields = fields(b, line, to);
    return Optional.of(
        new Head.Request(
            method(b, from, space),
            text(b, space + 1, last),
            versionSeen ? version(b, last + 6, line) : "1.1",
            fields.kept,
            fields.contentLength,
            fields.chunked,
            fields.otherCoding,
            whole));
  }

  /** Reads a response's head; empty when these bytes are none. */
  public Optional<Head.Response> response(byte[] b, int from, int to, boolean whole) {
    int line = lineEnd(b, from, to);
    if (line - from < 12 || !isVersion(b, from, from + 8) || b[from + 8] != ' ') {
      return Optional.empty();
    }
    if (line - from > 12 && b[from + 12] != ' ') {
      return Optional.empty();
    }
    int status = 0;
    for (int at = from + 9; at < from + 12; at++) {
      if (b[at] < '0' || b[at] > '9') {
        return Optional.empty();
      }
      status = status * 10 + b[at] - '0';
    }
    if (status < 100) {
      return Optional.empty();
    }
    Fields fields = fields(b, line, to);
    return Optional.of(
        new Head.Response(
            status,
            version(b, from + 5, from + 8),
            fields.kept,
            fields.contentLength,
            fields.chunked,
            fields.otherCoding,
            whole));
  }

  private Fields fields(byte[] b, int firstLine, int to) {
    Fields fields = new Fields();
    int at = afterLine(b, firstLine, to);
    while (at < to) {
      int end = lineEnd(b, at, to);
      int colon = indexOf(b, ':', at, end);
      if (colon > at && end < to) {
        field(fields, b, at, colon, end);
      }
      at = afterLine(b, end, to);
    }
    return fields;
  }

  private void field(Fields fields, byte[] b, int name, int colon, int end) {
    int length = colon - name;
    int first = b[name] | 0x20;
    if (first == 'c' && length == 14 && isName(b, name, "content-length")) {
      long value = number(b, skipSpace(b, colon + 1, end), trimEnd(b, colon + 1, end));
      boolean same = fields.contentLength == Head.ABSENT || fields.contentLength == value;
      fields.contentLength = same ? value : Head.INVALID;
    } else if (first == 't' && length == 17 && isName(b, name, "transfer-encoding")) {
      String coding = text(b, colon + 1, end).strip().toLowerCase(Locale.ROOT);
      fields.chunked =
          coding.equals("chunked") || coding.endsWith(",chunked") || coding.endsWith(" chunked");
      fields.otherCoding = !fields.chunked;
    } else {
      for (int i = 0; i < wanted.length; i++) {
        String one = wanted[i];
        if (one.length() == length && (one.charAt(0) | 0x20) == first && isName(b, name, one)) {
          if (fields.kept.isEmpty()) {
            fields.kept = new ArrayList<>(4);
          }
          fields.kept.add(new Header(one, value(i, b, colon + 1, end)));
          return;
        }
      }
    }
  }

  private String value(int field, byte[] b, int from, int to) {
    int begin = skipSpace(b, from, to);
    int end = trimEnd(b, from, to);
    if (!isText(b, begin, end, values[field])) {
      values[field] = text(b, begin, end);
    }
    return values[field];
  }

  /** Whether the bytes are the text, as {@link #text} reads them. */
  private static boolean isText(byte[] b, int from, int to, String text) {
    if (text.length() != Math.max(0, to - from)) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != (b[from + i] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private static String version(byte[] b, int from, int to) {
    return isText(b, from, to, "1.1") ? "1.1" : text(b, from, to);
  }

  private static String method(byte[] b, int from, int to) {
    int length = to - from;
    if (length == 3 && b[from] == 'G') {
      return b[from + 1] == 'E' && b[from + 2] == 'T' ? "GET" : text(b, from, to);
    }
    if (length == 4
        && b[from] == 'P'
        && b[from + 1] == 'O'
        && b[from + 2] == 'S'
        && b[from + 3] == 'T') {
      return "POST";
    }
    return text(b, from, to);
  }

  private static long number(byte[] b, int from, int to) {
    if (to <= from || to - from > LONGEST_NUMBER) {
      return Head.INVALID;
    }
    long value = 0;
    for (int at = from; at < to; at++) {
      if (b[at] < '0' || b[at] > '9') {
        return Head.INVALID;
      }
      value = value * 10 + b[at] - '0';
    }
    return value;
  }

  private static boolean isVersion(byte[] b, int from, int to) {
    return to - from == 8
        && b[from] == 'H'
        && b[from + 1] == 'T'
        && b[from + 2] == 'T'
        && b[from + 3] == 'P'
        && b[from + 4] == '/'
        && b[from + 5] == '1'
        && b[from + 6] == '.'
        && b[from + 7] >= '0'
        && b[from + 7] <= '9';
  }

  private static boolean isToken(byte[] b, int from, int to) {
    for (int at = from; at < to; at++) {
      if (!HttpStart.isTokenByte(b[at])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVisible(byte[] b, int from, int to) {
    for (int at = from; at < to; at++) {
      if ((b[at] >= 0 && b[at] <= ' ') || b[at] == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static boolean isName(byte[] b, int from, String lower) {
    for (int i = 0; i < lower.length(); i++) {
      int c = b[from + i];
      if (c >= 'A' && c <= 'Z') {
        c |= 0x20;
      }
      if (c != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The offset of the CR or LF that ends the line, or {@code to}. */
  private static int lineEnd(byte[] b, int from, int to) {
    int newline = indexOf(b, '\n', from, to);
    if (newline < 0) {
      return to;
    }
    return newline > from && b[newline - 1] == '\r' ? newline - 1 : newline;
  }

  private static int afterLine(byte[] b, int end, int to) {
    int newline = indexOf(b, '\n', end, to);
    return newline < 0 ? to : newline + 1;
  }

  private static int skipSpace(byte[] b, int from, int to) {
    int at = from;
    while (at < to && (b[at] == ' ' || b[at] == '\t')) {
      at++;
    }
    return at;
  }

  private static int trimEnd(byte[] b, int from, int to) {
    int end = to;
    while (end > from && (b[end - 1] == ' ' || b[end - 1] == '\t')) {
      end--;
    }
    return end;
  }

  private static int indexOf(byte[] b, char c, int from, int to) {
    for (int at = from; at < to; at++) {
      if (b[at] == c) {
        return at;
      }
    }
    return -1;
  }

  private static int lastIndexOf(byte[] b, char c, int from, int to) {
    for (int at = to - 1; at >= from; at--) {
      if (b[at] == c) {
        return at;
      }
    }
    return -1;
  }

  private static String text(byte[] b, int from, int to) {
    return new String(b, from, Math.max(0, to - from), StandardCharsets.ISO_8859_1);
  }
}
