package dev.troth.server.delivery;

import dev.troth.server.delivery.ClaimStore.Receiver;
import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.endpoint.EndpointStore.State;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.delivery.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * What deliveries teach about their receivers. After five failures in a row a receiver rests for 30
 * s; then one attempt shows whether it works again. If it does, all that waits is due at once; if
 * not, it rests twice as long, at most ten minutes. A receiver that is gone, or for which nothing
 * has worked for three days, is disabled, and its owner is told in the inbox; one message that it
 * never takes disables nothing.
 */
public final class CircuitBreaker {
  private static final int FAILURES_UNTIL_REST = 5;
  private static final Duration FIRST_REST = Duration.ofSeconds(30);
  private static final Duration LONGEST_REST = Duration.ofMinutes(10);
  private static final Duration LONGEST_FAILING = Duration.ofDays(3);

  private final EndpointStore endpoints;
  private final ClaimStore claims;
  private final Pacer pacer;
  private final ChangeLog<Handle> changes;
  private final Clock clock;

  public CircuitBreaker(
      EndpointStore endpoints, DeliveryStore deliveries, ChangeLog<Handle> changes, Clock clock) {
    this.endpoints = endpoints;
    this.claims = deliveries.claims();
    this.pacer = new Pacer(clock);
    this.changes = changes;
    this.clock = clock;
  }

  /**
   * How many may be sent to a receiver now.
   *
   * @param underWay how many are under way to it
   * @param apart the least time between two attempts at its address
   */
  int room(Handle handle, Receiver receiver, int underWay, int most, Duration apart) {
    Optional<Endpoint> found = endpoints.find(handle, receiver.user(), receiver.channel());
    if (found.isEmpty()) {
      return most - underWay;
    }
    int wanted = most - underWay;
    if (found.get().rest().count() > 0) {
      boolean rested = !found.get().rest().until().isAfter(clock.instant());
      wanted = rested && underWay == 0 ? 1 : 0;
    }
    // A pause that the address asked for counts whatever its rest says.
    return pacer.room(found.get().address(), apart, wanted);
  }

  /** Makes all that waits for an address due now. */
  public void release(Handle handle, Endpoint endpoint) {
    claims.release(handle, new Receiver(endpoint.user(), endpoint.channel()), clock.instant());
  }

  /** Writes down what one attempt says of its receiver. */
  void learn(Handle handle, Row row, Outcome outcome) {
    var found = endpoints.find(handle, row.route().user(), row.route().channel());
    if (found.isEmpty() || found.get().health().state() != State.ACTIVE) {
      return;
    }
    Endpoint endpoint = found.get();
    switch (outcome) {
      case Outcome.Delivered(String _) -> {
        endpoints.worked(handle, endpoint);
        if (endpoint.rest().count() > 0) {
          release(handle, endpoint);
        }
      }
      case Outcome.Gone(String why) -> disable(handle, endpoint, why);
      case Outcome.Refused(String why) -> {
        Endpoint _ = endpoints.failed(handle, endpoint, why);
      }
      case Outcome.Failed(String why, Duration asked) -> {
        pacer.pause(endpoint.address(), asked);
        failed(handle, endpoints.failed(handle, endpoint, why), why);
      }
    }
  }

  private void failed(Handle handle, Endpoint endpoint, String why) {
    Instant now = clock.instant();
    Instant since = endpoint.rest().failingSince();
    if (Duration.between(since, now).compareTo(LONGEST_FAILING) >= 0) {
      disable(handle, endpoint, "nothing has worked since %s, last %s".formatted(since, why));
    } else if (endpoint.health().failures() >= FAILURES_UNTIL_REST
        && !endpoint.rest().until().isAfter(now)) {
      // Those that were under way when the rest began do not make it longer.
      endpoints.rest(handle, endpoint, now.plus(rest(endpoint.rest().count())));
    }
  }

  private static Duration rest(int before) {
    Duration rest = FIRST_REST.multipliedBy(1L << Math.min(before, 10));
    return rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest;
  }

  private void disable(Handle handle, Endpoint endpoint, String why) {
    endpoints.set(handle, endpoint, State.DISABLED, why);
    changes.append(
        handle,
        NewChange.of(endpoint.subject(), "endpoint.disabled", "watch")
            .before(Fields.of("state", "active"))
            .after(
                Fields.of(
                    "name",
                    endpoint.channel(),
                    "state",
                    "disabled",
                    "why",
                    why,
                    "at",
                    Instant.now(clock).toString()))
            .critical());
  }
}
