package dev.troth.orders.http;

import java.util.Map;
import java.util.Optional;

/**
 * What a route is given: the values of its path's {@code {names}}, the headers by lower-case name,
 * the whole body.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Request(Map<String, String> path, Map<String, String> headers, byte[] body) {
  /** The value of a {@code {name}} in the route's template. */
  public String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
