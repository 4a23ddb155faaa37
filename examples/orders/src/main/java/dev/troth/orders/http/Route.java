package dev.troth.orders.http;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** One thing a service does: {@code new Route("GET", "/orders/{id}", this::read)}. */
public record Route(String method, String template, Action action) {
  /** What is done; throws {@link Problem} to answer with an error. */
  @FunctionalInterface
  public interface Action {
    Reply answer(Request request) throws Exception;
  }

  /** {@code GET /-/healthy}: the process is up. */
  public static Route health() {
    return new Route("GET", "/-/healthy", request -> Reply.json(200, Map.of("status", "ok")));
  }

  /** The path's values by name when the path fits the template. */
  Optional<Map<String, String>> match(String path) {
    String[] wanted = template.split("/", -1);
    String[] given = path.split("/", -1);
    if (wanted.length != given.length) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{") && !given[i].isEmpty()) {
        values.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
      } else if (!wanted[i].equals(given[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(Map.copyOf(values));
  }
}
