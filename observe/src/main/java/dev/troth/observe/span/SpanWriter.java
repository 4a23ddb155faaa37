package dev.troth.observe.span;

import static java.util.Objects.requireNonNull;

import dev.troth.observe.http.Exchange;
import dev.troth.observe.http.Head;
import dev.troth.observe.http.Header;
import dev.troth.observe.http.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes spans by the HTTP semantic conventions (OpenTelemetry 1.45). Not thread-safe. */
public final class SpanWriter {
  private static final Map<String, Attribute> METHODS =
      Stream.of(
              "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
              "QUERY")
          .collect(
              Collectors.toUnmodifiableMap(
                  method -> method, method -> Attribute.of("http.request.method", method)));

  private static final Attribute OTHER_METHOD = Attribute.of("http.request.method", "_OTHER");
  private static final Attribute HTTP_1_1 = Attribute.of("network.protocol.version", "1.1");
  private static final int MOST_NAMES = 2_000;

  /** The header in which a partly failed batch tells how many entries failed. */
  public static final String FAILED_ENTRIES = "troth-failed-entries";

  private final Routes routes;
  private final CapturedHeaders captured;
  private final boolean oldNames;
  private final Map<String, Map<String, String>> names = new HashMap<>();

  /**
   * @param oldNames whether values are told under their former names, too
   */
  public SpanWriter(Routes routes, CapturedHeaders captured, boolean oldNames) {
    this.routes = routes;
    this.captured = captured;
    this.oldNames = oldNames;
  }

  CapturedHeaders captured() {
    return captured;
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
    boolean known = METHODS.containsKey(request.method());
    List<Attribute> attributes = new ArrayList<>(16);
    attributes.add(known ? requireNonNull(METHODS.get(request.method())) : OTHER_METHOD);
    if (!known) {
      attributes.add(Attribute.of("http.request.method_original", request.method()));
    }
    Connection connection = operation.connection();
    if (server) {
      attributes.add(Attribute.of("url.path", path));
      attributes.add(host(request, connection.localText()));
      attributes.addAll(connection.asServer());
      String agent = request.first("user-agent");
      if (agent != null) {
        attributes.add(Attribute.of("user_agent.original", agent));
      }
    } else {
      attributes.add(Attribute.of("url.full", url(request, connection, path)));
      attributes.add(host(request, connection.remoteText()));
      attributes.addAll(connection.asClient());
    }
    if (route.isPresent()) {
      attributes.add(Attribute.of(server ? "http.route" : "url.template", route.get()));
    }
    attributes.add(version(request.version()));
    captured.addRequest(attributes, request.headers());
    boolean failed = outcome(attributes, exchange, server);
    if (oldNames) {
      OldNames.add(attributes, exchange.role());
    }
    return new Span(
        connection.target(),
        exchange.role(),
        operation.traceHigh(),
        operation.traceLow(),
        operation.id(),
        operation.parent(),
        name(known ? request.method() : "HTTP", route),
        exchange.start() + epochOffset,
        Math.max(exchange.start(), exchange.end()) + epochOffset,
        failed,
        attributes);
  }

  /** Method and route; routes are few, so their names are kept. */
  private String name(String method, Optional<String> route) {
    if (route.isEmpty()) {
      return method;
    }
    if (names.size() > MOST_NAMES) {
      names.clear();
    }
    return names
        .computeIfAbsent(route.get(), added -> new HashMap<>(2))
        .computeIfAbsent(method, added -> added + " " + route.get());
  }

  private static String url(Head.Request request, Connection connection, String path) {
    if (!path.startsWith("/")) {
      return path;
    }
    String host = request.first("host");
    return "http://"
        + (host == null ? connection.remoteText() + ":" + connection.remotePort() : host)
        + path;
  }

  private static Attribute version(String version) {
    return version.equals("1.1") ? HTTP_1_1 : Attribute.of("network.protocol.version", version);
  }

  private static Attribute host(Head.Request request, String otherwise) {
    String named = request.first("host");
    String host = named == null ? otherwise : named;
    int colon = host.lastIndexOf(':');
    boolean port = colon > 0 && colon > host.lastIndexOf(']');
    return Attribute.of("server.address", port ? host.substring(0, colon) : host);
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
