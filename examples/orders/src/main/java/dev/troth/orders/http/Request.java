package dev.troth.orders.http;

import java.util.HashMap;
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

  /** The same request with a header that stands for it alone, whatever came under its name. */
  public Request with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Request(path, Map.copyOf(more), body);
  }

  /** The same request as if this header had not come. */
  public Request without(String header) {
    Map<String, String> fewer = new HashMap<>(headers);
    fewer.remove(header);
    return new Request(path, Map.copyOf(fewer), body);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
