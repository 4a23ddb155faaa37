package dev.troth.observe.span;

import dev.troth.observe.capture.Address;
import dev.troth.observe.discovery.Target;

/**
 * A socket of a target, with its two ends.
 *
 * @param network the network namespace it lies in, 0 if unknown
 */
public record Connection(
    Target target,
    long cookie,
    Address local,
    int localPort,
    Address remote,
    int remotePort,
    int network) {

  /**
   * Whether the other is the far end of the same TCP connection. Loopback addresses mean this host
   * only within one network namespace.
   */
  boolean faces(Connection other) {
    return localPort == other.remotePort
        && remotePort == other.localPort
        && local.equals(other.remote)
        && remote.equals(other.local)
        && (network == other.network || !local.isLoopback());
  }
}
