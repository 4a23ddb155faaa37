package dev.troth.server.guard;

import dev.troth.server.limit.Places.Place;
import dev.troth.server.limit.Shares;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.http.media.ReadableEntity;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;

/**
 * Lets each client hold its share of the requests that run, whatever becomes of them: it stands
 * before all that reads or answers.
 */
public final class Turnstile implements Filter {
  private final Shares shares;

  public Turnstile(Shares shares) {
    this.shares = shares;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    Optional<Place> place = shares.places().take(Clients.of(request, shares.addresses()));
    if (place.isEmpty()) {
      // Without a word: whoever holds so many may not read what is written.
      response.status(Status.TOO_MANY_REQUESTS_429).header(HeaderNames.RETRY_AFTER, "1").send();
      throw new CloseConnectionException("a client has its share of requests that run");
    }
    try (Place held = place.get()) {
      request.context().register(held);
      chain.proceed();
      readRest(request);
    }
  }

  /** What nobody wanted to read is read before the connection's next request, in this place. */
  private static void readRest(RoutingRequest request) {
    ReadableEntity rest = request.content();
    if (rest.hasEntity() && !rest.consumed() && !request.headers().contains(HeaderNames.EXPECT)) {
      try {
        rest.consume();
      } catch (RuntimeException ended) {
        // So does the connection.
      }
    }
  }
}
