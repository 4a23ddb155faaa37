package dev.troth.observe.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells from their first bytes whether messages can be HTTP/1. A request is one by its grammar (RFC
 * 9110 §9.1: any token is a method), so the methods of WebDAV and of tomorrow are seen too; only
 * those that are known are believed from a part of their name.
 */
final class HttpStart {
  private static final int LONGEST_METHOD = 24;
  private static final List<byte[]> METHODS =
      List.of(
              "GET ",
              "POST ",
              "PUT ",
              "DELETE ",
              "HEAD ",
              "PATCH ",
              "OPTIONS ",
              "CONNECT ",
              "TRACE ")
          .stream()
          .map(method -> method.getBytes(StandardCharsets.US_ASCII))
          .toList();
  private static final byte[] RESPONSE = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VERSION = " HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  private HttpStart() {}

  /** Whether a request begins so, as far as the bytes go. */
  static boolean ofRequest(byte[] bytes, int length) {
    for (byte[] method : METHODS) {
      if (begins(bytes, length, method)) {
        return true;
      }
    }
    return isOtherMethod(bytes, length);
  }

  /** A method that is not in the list is one where a target and the version follow it. */
  private static boolean isOtherMethod(byte[] b, int length) {
    int space = 0;
    while (space < length && space <= LONGEST_METHOD && isTokenByte(b[space])) {
      space++;
    }
    if (space == 0 || space > LONGEST_METHOD || space + 1 >= length || b[space] != ' ') {
      return false;
    }
    byte first = b[space + 1];
    if (first != '/' && first != '*' && first != 'h') {
      return false;
    }
    int end = space + 1;
    while (end < length && b[end] != '\r' && b[end] != '\n') {
      if (b[end] >= 0 && b[end] < ' ') {
        return false;
      }
      end++;
    }
    if (end == length) {
      return true; // cut off within the target
    }
    int version = end - VERSION.length - 1;
    return version > space && begins(b, version, end, VERSION);
  }

  static boolean isTokenByte(byte c) {
    boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return letter || (c >= '0' && c <= '9') || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  /** Whether a response begins so, as far as the bytes go. */
  static boolean ofResponse(byte[] bytes, int length) {
    return begins(bytes, length, RESPONSE);
  }

  private static boolean begins(byte[] bytes, int length, byte[] start) {
    return begins(bytes, 0, length, start);
  }

  private static boolean begins(byte[] bytes, int from, int to, byte[] start) {
    int compared = Math.min(to - from, start.length);
    for (int i = 0; i < compared; i++) {
      if (bytes[from + i] != start[i]) {
        return false;
      }
    }
    return compared > 0;
  }
}
