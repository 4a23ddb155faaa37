package dev.troth.server.delivery;

import dev.troth.server.delivery.DeliveryStore.Row;
import dev.troth.server.endpoint.EndpointStore;
import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.server.endpoint.EndpointStore.State;
import dev.troth.watch.change.ChangeLog;
import dev.troth.watch.change.Fields;
import dev.troth.watch.change.NewChange;
import dev.troth.watch.delivery.Delivery;
import dev.troth.watch.delivery.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/**
 * What deliveries teach about their receivers: one that keeps failing is given growing rests, one
 * that is gone or has failed for days is disabled, and its owner is told in the inbox.
 */
public final class CircuitBreaker {
  private static final int FAILURES_UNTIL_REST = 5;
  private static final Duration FIRST_REST = Duration.ofSeconds(30);
  private static final Duration LONGEST_REST = Duration.ofHours(1);

  private final EndpointStore endpoints;
  private final DeliveryStore deliveries;
  private final ChangeLog<Handle> changes;
  private final Clock clock;

  public CircuitBreaker(
      EndpointStore endpoints, DeliveryStore deliveries, ChangeLog<Handle> changes, Clock clock) {
    this.endpoints = endpoints;
    this.deliveries = deliveries;
    this.changes = changes;
    this.clock = clock;
  }

  /** Writes down what one attempt says of its receiver. */
  void learn(Handle handle, Row row, Delivery after, Outcome outcome) {
    var found = endpoints.find(handle, row.route().user(), row.route().channel());
    if (found.isEmpty() || found.get().health().state() == State.DISABLED) {
      return;
    }
    Endpoint endpoint = found.get();
    switch (outcome) {
      case Outcome.Delivered(String _) -> endpoints.worked(handle, endpoint);
      case Outcome.Gone(String why) -> disable(handle, endpoint, why);
      case Outcome.Refused(String why) -> {
        int _ = endpoints.failed(handle, endpoint, why);
      }
      case Outcome.Failed(String why, Duration _) -> {
        int failures = endpoints.failed(handle, endpoint, why);
        if (after.state() == Delivery.State.DEAD) {
          disable(handle, endpoint, "failed for days, last with " + why);
        } else if (failures >= FAILURES_UNTIL_REST) {
          deliveries.postpone(handle, row.route(), clock.instant().plus(rest(failures)));
        }
      }
    }
  }

  private static Duration rest(int failures) {
    int doublings = Math.min(failures - FAILURES_UNTIL_REST, 10);
    Duration rest = FIRST_REST.multipliedBy(1L << doublings);
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
