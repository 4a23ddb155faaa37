package dev.troth.server.registry;

import dev.troth.server.http.Json;
import java.nio.charset.StandardCharsets;

/**
 * An answer as it goes out.
 *
 * @param tag the same as long as the answer is; empty where clients may not keep it
 * @param lasting whether it is the same until something of its subject or id is written
 * @param bytes of memory that it holds, with what it was asked by
 */
record Ready(String tag, byte[] body, boolean lasting, int bytes) {
  /** A value as JSON; a {@link String} is sent as it is. */
  static Ready of(String tag, Object value, boolean lasting) {
    byte[] body =
        value instanceof String text
            ? text.getBytes(StandardCharsets.UTF_8)
            : Json.mapper().writeValueAsBytes(value);
    return new Ready(tag, body, lasting, body.length);
  }

  /** The same, kept under a request's body. */
  Ready askedBy(byte[] request) {
    return new Ready(tag, body, lasting, body.length + request.length);
  }
}
