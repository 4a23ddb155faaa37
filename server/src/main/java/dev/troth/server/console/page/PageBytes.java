package dev.troth.server.console.page;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** A page being written, as UTF-8. */
final class PageBytes {
  private static final HexFormat HEX = HexFormat.of();
  private byte[] bytes;
  private int length;

  PageBytes(int expected) {
    bytes = new byte[expected];
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  void bytes(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
    length += more.length;
  }

  /**
   * Writes text so that an HTML parser reads the same text back, in element content and in
   * attributes of either quote. A parser would turn CR into LF and lose NUL, so CR is written as a
   * reference and NUL as the replacement character.
   */
  void text(String text) {
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      String safe =
          switch (text.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            case '\r' -> "&#13;";
            case '\0' -> "\uFFFD";
            default -> "";
          };
      if (!safe.isEmpty()) {
        raw(text, from, i);
        raw(safe, 0, safe.length());
        from = i + 1;
      }
    }
    raw(text, from, text.length());
  }

  /**
   * Writes text for people: as {@link #text}, but what would turn the order of its letters around
   * is shown as the replacement character. With U+202E in it, {@code gnp.exe} would read {@code
   * exe.png} (Unicode Technical Report 36, "Bidirectional Text Spoofing"); scripts written from
   * right to left need none of these signs.
   */
  void words(String text) {
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isTurning(text.charAt(i))) {
        text(text.substring(from, i));
        text("\uFFFD");
        from = i + 1;
      }
    }
    text(from == 0 ? text : text.substring(from));
  }

  /** Embeddings, overrides and isolates (Unicode Standard Annex 9, table 1 and 2). */
  private static boolean isTurning(char c) {
    return (c >= '\u202A' && c <= '\u202E') || (c >= '\u2066' && c <= '\u2069');
  }

  /**
   * Writes JSON text that stays JSON and cannot end the script element it stands in: outside of
   * strings JSON has none of the characters that are written as {@code \\uXXXX} here.
   */
  void json(String json) {
    int from = 0;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (isUnsafeInScript(c)) {
        raw(json, from, i);
        String escape = "\\u" + HEX.toHexDigits(c);
        raw(escape, 0, escape.length());
        from = i + 1;
      }
    }
    raw(json, from, json.length());
  }

  private static boolean isUnsafeInScript(char c) {
    return c < ' '
        || c == '<'
        || c == '>'
        || c == '&'
        || c == 0x7F
        || c == '\u2028'
        || c == '\u2029'
        || (c >= '\uE000' && c <= '\uF8FF');
  }

  private void raw(String text, int from, int to) {
    room((to - from) * 3);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        bytes(text.substring(i, to).getBytes(StandardCharsets.UTF_8));
        return;
      }
      bytes[length++] = (byte) c;
    }
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
