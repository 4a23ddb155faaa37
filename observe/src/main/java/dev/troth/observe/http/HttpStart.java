package dev.troth.observe.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells from their first bytes whether messages can be HTTP/1. */
public final class HttpStart {
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

  private HttpStart() {}

  /** Whether a request begins so, as far as the bytes go. */
  public static boolean ofRequest(byte[] bytes, int length) {
    for (byte[] method : METHODS) {
      if (begins(bytes, length, method)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a response begins so, as far as the bytes go. */
  public static boolean ofResponse(byte[] bytes, int length) {
    return begins(bytes, length, RESPONSE);
  }

  private static boolean begins(byte[] bytes, int length, byte[] start) {
    int compared = Math.min(length, start.length);
    for (int i = 0; i < compared; i++) {
      if (bytes[i] != start[i]) {
        return false;
      }
    }
    return compared > 0;
  }
}
