package dev.troth.server.limit;

import dev.troth.server.limit.RequestRates.Rate;

/**
 * What all listeners of a platform share out among their clients.
 *
 * @param rate what one client may send, on all listeners together
 */
public record Shares(
    ByteBudget bodies,
    RequestRates rates,
    Rate rate,
    Connections connections,
    ClientAddresses addresses) {}
