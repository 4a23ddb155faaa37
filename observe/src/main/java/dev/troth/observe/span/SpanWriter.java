package dev.troth.observe.span;

import dev.troth.observe.http.Exchange;
import dev.troth.observe.http.Head;
import dev.troth.observe.http.Header;
import dev.troth.observe.http.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes spans by the HTTP semantic conventions (OpenTelemetry 1.45). */
public final class SpanWriter {
  private static final Set<String> METHODS =
      Set.of(
          "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY");

  /** The header in which a partly failed batch tells how many entries failed. */
  public static final String FAILED_ENTRIES = "troth-failed-entries";

  private final Routes routes;
  private final CapturedHeaders captured;

  public SpanWriter(Routes routes, CapturedHeaders captured) {
    this.routes = routes;
    this.captured = captured;
  }

  /**
   * The span of an operation that has its place.
   *
   * @param epochOffset what to add to monotonic nanoseconds to get nanoseconds since 1970
   */
  public Span write(Operation operation, long epochOffset) {
    Exchange exchange = operation.exchange();
    Head.Request request = exchange.request();
    boolean server = exchange.role() == Role.SERVER;
    String path = path(request.target());
    Optional<String> route = routes.route(path);
    boolean known = METHODS.contains(request.method());
    List<Attribute> attributes = new ArrayList<>(16);
    attributes.add(Attribute.of("http.request.method", known ? request.method() : "_OTHER"));
    if (!known) {
      attributes.add(Attribute.of("http.request.method_original", request.method()));
    }
    if (server) {
      server(attributes, operation.connection(), request, path);
      route.ifPresent(name -> attributes.add(Attribute.of("http.route", name)));
    } else {
      client(attributes, operation.connection(), request, path);
      route.ifPresent(name -> attributes.add(Attribute.of("url.template", name)));
    }
    attributes.add(Attribute.of("network.protocol.version", request.version()));
    captured.addRequest(attributes, request.headers());
    boolean failed = outcome(attributes, exchange, server);
    String method = known ? request.method() : "HTTP";
    return new Span(
        operation.connection().target(),
        exchange.role(),
        operation.traceHigh(),
        operation.traceLow(),
        operation.id(),
        operation.parent(),
        route.map(name -> method + " " + name).orElse(method),
        exchange.start() + epochOffset,
        Math.max(exchange.start(), exchange.end()) + epochOffset,
        failed,
        attributes);
  }

  private static void server(
      List<Attribute> attributes, Connection connection, Head.Request request, String path) {
    attributes.add(Attribute.of("url.path", path));
    attributes.add(Attribute.of("url.scheme", "http"));
    host(attributes, request, connection.local().text());
    attributes.add(Attribute.of("server.port", connection.localPort()));
    attributes.add(Attribute.of("client.address", connection.remote().text()));
    attributes.add(Attribute.of("network.peer.address", connection.remote().text()));
    attributes.add(Attribute.of("network.peer.port", connection.remotePort()));
    request
        .header("user-agent")
        .ifPresent(text -> attributes.add(Attribute.of("user_agent.original", text)));
  }

  private static void client(
      List<Attribute> attributes, Connection connection, Head.Request request, String path) {
    String host =
        request
            .header("host")
            .orElseGet(() -> connection.remote().text() + ":" + connection.remotePort());
    attributes.add(Attribute.of("url.full", path.startsWith("/") ? "http://" + host + path : path));
    host(attributes, request, connection.remote().text());
    attributes.add(Attribute.of("server.port", connection.remotePort()));
    attributes.add(Attribute.of("network.peer.address", connection.remote().text()));
    attributes.add(Attribute.of("network.peer.port", connection.remotePort()));
  }

  private static void host(List<Attribute> attributes, Head.Request request, String otherwise) {
    String host = request.header("host").orElse(otherwise);
    int colon = host.lastIndexOf(':');
    boolean port = colon > 0 && colon > host.lastIndexOf(']');
    attributes.add(Attribute.of("server.address", port ? host.substring(0, colon) : host));
  }

  /** Adds how it ended; whether it failed. */
  private boolean outcome(List<Attribute> attributes, Exchange exchange, boolean server) {
    Optional<Head.Response> response = exchange.response();
    boolean failed = false;
    if (response.isPresent()) {
      int status = response.get().status();
      attributes.add(Attribute.of("http.response.status_code", status));
      captured.addResponse(attributes, response.get().headers());
      if (status >= (server ? 500 : 400)) {
        attributes.add(Attribute.of("error.type", Integer.toString(status)));
        failed = true;
      }
      failed |= failedEntries(attributes, response.get()) > 0;
    }
    if (exchange.requestBytes() > 0) {
      attributes.add(Attribute.of("http.request.body.size", exchange.requestBytes()));
    }
    switch (exchange.outcome()) {
      case COMPLETE ->
          attributes.add(Attribute.of("http.response.body.size", exchange.responseBytes()));
      case HEAD_ONLY -> attributes.add(Attribute.of("troth.duration.until", "response head"));
      case ABORTED -> {
        if (!failed) {
          attributes.add(Attribute.of("error.type", "connection_closed"));
        }
        failed = true;
      }
      case SWITCHED, OPEN -> {}
    }
    return failed;
  }

  private static long failedEntries(List<Attribute> attributes, Head.Response response) {
    for (Header header : response.headers()) {
      if (header.name().equals(FAILED_ENTRIES) && header.value().matches("[0-9]{1,9}")) {
        long count = Long.parseLong(header.value());
        attributes.add(Attribute.of("troth.failed_entries", count));
        return count;
      }
    }
    return 0;
  }

  /** The path of a request target, without its query, which may hold secrets. */
  static String path(String target) {
    String path = target;
    if (target.startsWith("http://") || target.startsWith("https://")) {
      int slash = target.indexOf('/', target.indexOf("//") + 2);
      path = slash < 0 ? "/" : target.substring(slash);
    }
    int query = path.indexOf('?');
    String plain = query < 0 ? path : path.substring(0, query);
    int fragment = plain.indexOf('#');
    return fragment < 0 ? plain : plain.substring(0, fragment);
  }
}
