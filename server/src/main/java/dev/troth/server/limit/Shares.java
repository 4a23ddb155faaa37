package dev.troth.server.limit;

import dev.troth.server.limit.RequestRates.Rate;
import dev.troth.server.ops.Metrics;

/**
 * What all listeners of a platform share out among their clients.
 *
 * @param rate what one client may send, on all listeners together
 */
public record Shares(
    ByteBudget bodies,
    Places places,
    RequestRates rates,
    Rate rate,
    Connections connections,
    ClientAddresses addresses) {

  /** Counts what was refused because a client wanted more than its share. */
  public void addTo(Metrics metrics) {
    metrics.counter(
        "troth_server_bodies_refused",
        "Bodies refused because clients sent too many at a time.",
        bodies::refusals);
    metrics.counter(
        "troth_server_requests_refused",
        "Requests refused because a client asked too often.",
        rates::refusals);
    metrics.counter(
        "troth_server_requests_crowded",
        "Requests refused because their client had its share of those that run.",
        places::refusals);
    metrics.counter(
        "troth_server_connections_closed",
        "Connections closed because their address opened too many.",
        connections::evictions);
  }
}
