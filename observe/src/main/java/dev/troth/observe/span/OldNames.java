package dev.troth.observe.span;

import dev.troth.observe.exchange.Role;
import java.util.List;
import java.util.Map;

/**
 * The names that the HTTP conventions had before they were stable (version 1.20), beside the new
 * ones: for receivers that have not moved yet, as {@code OTEL_SEMCONV_STABILITY_OPT_IN=http/dup}
 * asks for.
 */
final class OldNames {
  private static final Map<String, String> COMMON =
      Map.ofEntries(
          Map.entry("http.request.method", "http.method"),
          Map.entry("http.response.status_code", "http.status_code"),
          Map.entry("http.request.body.size", "http.request_content_length"),
          Map.entry("http.response.body.size", "http.response_content_length"),
          Map.entry("url.full", "http.url"),
          Map.entry("url.path", "http.target"),
          Map.entry("url.scheme", "http.scheme"),
          Map.entry("user_agent.original", "http.user_agent"),
          Map.entry("network.protocol.version", "http.flavor"),
          Map.entry("network.peer.address", "net.sock.peer.addr"),
          Map.entry("network.peer.port", "net.sock.peer.port"));
  private static final Map<String, String> SERVER =
      Map.of(
          "server.address", "net.host.name",
          "server.port", "net.host.port",
          "client.address", "http.client_ip");
  private static final Map<String, String> CLIENT =
      Map.of("server.address", "net.peer.name", "server.port", "net.peer.port");

  private OldNames() {}

  /** Adds each value that had another name once more, under it. */
  static void add(List<Attribute> attributes, Role role) {
    Map<String, String> own = role == Role.SERVER ? SERVER : CLIENT;
    int count = attributes.size();
    for (int i = 0; i < count; i++) {
      Attribute attribute = attributes.get(i);
      String old = COMMON.getOrDefault(attribute.name(), own.getOrDefault(attribute.name(), ""));
      if (!old.isEmpty()) {
        attributes.add(new Attribute(old, attribute.value()));
      }
    }
  }
}
