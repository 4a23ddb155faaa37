package dev.troth.server.http;

import dev.troth.server.ops.Metrics;
import dev.troth.server.ops.Trace;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Set;

/**
 * Counts each request by its route, and writes that are not answered yet; gives its log lines the
 * trace id it came with.
 */
public final class Observe implements Filter {
  /** Methods of HTTP; what a client calls another has no series of its own. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
  private static final Set<Method> READS = Set.of(Method.GET, Method.HEAD, Method.OPTIONS);

  private final String listener;
  private final Metrics metrics;
  private final UnansweredWrites unanswered;

  /** An observer of a listener by its name, behind whose writes nothing waits. */
  public Observe(String listener, Metrics metrics) {
    this(listener, metrics, new UnansweredWrites());
  }

  /** An observer of a listener by its name. */
  public Observe(String listener, Metrics metrics, UnansweredWrites unanswered) {
    this.listener = listener;
    this.metrics = metrics;
    this.unanswered = unanswered;
  }

  private static String method(RoutingRequest request) {
    String method = request.prologue().method().text();
    return METHODS.contains(method) ? method : "(other)";
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    long start = System.nanoTime();
    // Of the API alone: telemetry never pauses.
    boolean writes =
        !READS.contains(request.prologue().method())
            && request.path().rawPath().startsWith("/api/");
    if (writes) {
      unanswered.begin();
    }
    try {
      String traceparent = request.headers().first(TRACEPARENT).orElse(null);
      Trace.run(traceparent, () -> Failures.catching(chain::proceed, request, response));
    } finally {
      if (writes) {
        unanswered.end();
      }
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
