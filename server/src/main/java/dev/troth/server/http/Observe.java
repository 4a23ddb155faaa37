package dev.troth.server.http;

import dev.troth.server.ops.Metrics;
import dev.troth.server.ops.Trace;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Set;

/** Counts each request by its route, and gives its log lines the trace id it came with. */
public final class Observe implements Filter {
  /** Methods of HTTP; what a client calls another has no series of its own. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");

  private final String listener;
  private final Metrics metrics;

  public Observe(String listener, Metrics metrics) {
    this.listener = listener;
    this.metrics = metrics;
  }

  private static String method(RoutingRequest request) {
    String method = request.prologue().method().text();
    return METHODS.contains(method) ? method : "(other)";
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long start = System.nanoTime();
    try {
      String traceparent = request.headers().first(TRACEPARENT).orElse(null);
      Trace.run(traceparent, () -> Failures.catching(chain::proceed, request, response));
    } finally {
      // What clients make up, a path or a method, is one series for all: no name of theirs is kept.
      metrics.request(
          listener,
          method(request),
          request.matchingPattern().filter(route -> !route.isEmpty()).orElse("(none)"),
          response.status().code(),
          (System.nanoTime() - start) / 1e9);
    }
    if (request.headers().contains(HeaderNames.CONNECTION)
        && request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
      // The server says that it will close the connection, and then waits for the client to.
      throw new CloseConnectionException("the client asked for it");
    }
  }
}
