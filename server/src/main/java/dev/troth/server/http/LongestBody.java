package dev.troth.server.http;

import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/**
 * The longest body that a listener takes.
 *
 * <p>Routes refuse a longer one in their own words. The server then reads the rest, because a
 * client whose connection ends while it still sends sees a broken connection and never the answer.
 */
record LongestBody(long bytes) implements Filter {
  /** What the server reads of a refused body; from here on the connection ends at once. */
  private static final long DISCARDED = 16 << 20;

  /** From how many bytes on the server ends the connection without asking a route. */
  long end() {
    return bytes + DISCARDED;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    request.context().register(this);
    chain.proceed();
  }
}
