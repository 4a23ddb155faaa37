package dev.troth.orders.http;

import java.util.Map;
import java.util.TreeMap;

/** An answer: of a route to its caller, or of the next service to us. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
  /** The value as JSON. */
  public static Reply json(int status, Object value) {
    return new Reply(status, "application/json", Json.bytes(value), Map.of());
  }

  /** The same answer with one header more. */
  public Reply with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Reply(status, contentType, body, Map.copyOf(more));
  }
}
