package dev.troth.observe.span;

import static java.util.Objects.requireNonNull;

import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Facts;
import dev.troth.observe.exchange.Header;
import dev.troth.observe.exchange.Role;
import dev.troth.observe.route.Routes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what HTTP's semantic conventions (OpenTelemetry 1.45) ask for. Not thread-safe. */
final class HttpAttributes {
  /** The header in which a partly failed batch says how many entries failed. */
  static final String FAILED_ENTRIES = "troth-failed-entries";

  private static final Map<String, Attribute> METHODS =
      Stream.of(
              "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
              "QUERY")
          .collect(
              Collectors.toUnmodifiableMap(
                  method -> method, method -> Attribute.of("http.request.method", method)));

  private static final Attribute OTHER_METHOD = Attribute.of("http.request.method", "_OTHER");
  private static final Attribute HTTP = Attribute.of("url.scheme", "http");
  private static final Attribute HTTPS = Attribute.of("url.scheme", "https");
  private static final Attribute HTTP_1_1 = Attribute.of("network.protocol.version", "1.1");
  private static final int MOST_NAMES = 500;

  private final Routes routes;
  private final CapturedHeaders captured;
  private final boolean oldNames;
  private final Map<String, Map<String, String>> names = new HashMap<>();
  private final Map<Series, Labels> series = new HashMap<>();

  /** What the labels of a request follow from: they are few, and the same for many requests. */
  private record Series(
      Attribute method,
      Attribute scheme,
      Optional<String> route,
      int status,
      boolean broken,
      Role role) {}

  HttpAttributes(Routes routes, CapturedHeaders captured, boolean oldNames) {
    this.routes = routes;
    this.captured = captured;
    this.oldNames = oldNames;
  }

  Written write(List<Attribute> attributes, Operation operation, Facts.Http facts) {
    Exchange exchange = operation.exchange();
    Connection connection = operation.connection();
    boolean server = exchange.role() == Role.SERVER;
    String path = path(facts.target());
    boolean asked = !path.isEmpty();
    Optional<String> route =
        asked
            ? routes.route(path, facts.status() != 404 && facts.status() != 405)
            : Optional.empty();
    String told = routes.withoutSecrets(path);
    boolean known = METHODS.containsKey(facts.method());
    Attribute method = known ? requireNonNull(METHODS.get(facts.method())) : OTHER_METHOD;
    Attribute scheme = connection.encrypted() ? HTTPS : HTTP;
    attributes.add(method);
    if (!known && !facts.method().isEmpty()) {
      attributes.add(Attribute.of("http.request.method_original", facts.method()));
    }
    if (!asked) {
      attributes.add(Attribute.of("troth.unknown", server ? "url.path" : "url.full"));
    }
    if (server) {
      if (asked) {
        attributes.add(Attribute.of("url.path", told));
      }
      attributes.add(scheme);
      attributes.add(host(facts, connection.localText()));
      attributes.addAll(connection.asServer());
      String agent = facts.first("user-agent");
      if (agent != null) {
        attributes.add(Attribute.of("user_agent.original", agent));
      }
    } else {
      if (asked) {
        attributes.add(Attribute.of("url.full", url(facts, connection, told)));
      }
      attributes.add(host(facts, connection.remoteText()));
      attributes.addAll(connection.asClient());
    }
    String routeName = server ? "http.route" : "url.template";
    route.ifPresent(name -> attributes.add(Attribute.of(routeName, name)));
    attributes.add(
        facts.version().equals("1.1")
            ? HTTP_1_1
            : Attribute.of("network.protocol.version", facts.version()));
    captured.addRequest(attributes, facts.request());
    boolean failed = outcome(attributes, exchange, facts, server);
    if (oldNames) {
      OldNames.add(attributes, exchange.role());
    }
    return new Written(
        name(known ? facts.method() : "HTTP", route),
        failed,
        labels(
            new Series(
                method,
                scheme,
                route,
                facts.status(),
                facts.status() == 0 && exchange.outcome() != Exchange.Outcome.COMPLETE,
                exchange.role())));
  }

  private Labels labels(Series of) {
    Labels known = series.get(of);
    if (known == null) {
      if (series.size() > MOST_NAMES) {
        series.clear();
      }
      known = made(of);
      series.put(of, known);
    }
    return known;
  }

  private static Labels made(Series of) {
    boolean server = of.role == Role.SERVER;
    String routeName = server ? "http.route" : "url.template";
    List<Attribute> values = new ArrayList<>(List.of(of.method, of.scheme));
    of.route.ifPresent(name -> values.add(Attribute.of(routeName, name)));
    if (of.status != 0) {
      values.add(Attribute.of("http.response.status_code", of.status));
    }
    if (of.status >= (server ? 500 : 400)) {
      values.add(Attribute.of("error.type", Integer.toString(of.status)));
    } else if (of.broken) {
      values.add(Attribute.of("error.type", "connection_closed"));
    }
    return new Labels(
        server ? "http.server.request.duration" : "http.client.request.duration",
        values,
        routeName);
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

  private static String url(Facts.Http facts, Connection connection, String path) {
    if (!path.startsWith("/")) {
      return path;
    }
    String host = facts.first("host");
    String remote = connection.remoteText();
    String address = remote.contains(":") ? "[" + remote + "]" : remote;
    return (connection.encrypted() ? "https://" : "http://")
        + (host == null ? address + ":" + connection.ends().remotePort() : host)
        + path;
  }

  /** The host that was asked for, without its port and without the brackets of IPv6. */
  private static Attribute host(Facts.Http facts, String otherwise) {
    String named = facts.first("host");
    if (named == null) {
      return Attribute.of("server.address", otherwise);
    }
    int colon = named.lastIndexOf(':');
    boolean behind = colon > 0 && colon > named.lastIndexOf(']');
    boolean port = behind && (named.startsWith("[") || named.indexOf(':') == colon);
    String host = port ? named.substring(0, colon) : named;
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    return Attribute.of("server.address", brackets ? host.substring(1, host.length() - 1) : host);
  }

  /** Adds how it ended; whether it failed. */
  private boolean outcome(
      List<Attribute> attributes, Exchange exchange, Facts.Http facts, boolean server) {
    boolean failed = false;
    if (facts.status() != 0) {
      attributes.add(Attribute.of("http.response.status_code", facts.status()));
      captured.addResponse(attributes, facts.response());
      if (facts.status() >= (server ? 500 : 400)) {
        attributes.add(Attribute.of("error.type", Integer.toString(facts.status())));
        failed = true;
      }
      failed |= failedEntries(attributes, facts) > 0;
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

  private static long failedEntries(List<Attribute> attributes, Facts.Http facts) {
    for (Header header : facts.response()) {
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
