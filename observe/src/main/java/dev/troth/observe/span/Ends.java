package dev.troth.observe.span;

import dev.troth.observe.capture.Address;

/**
 * The two ends of a connection, as the watched process sees them.
 *
 * @param network the network namespace it lies in, 0 if unknown
 */
public record Ends(Address local, int localPort, Address remote, int remotePort, int network) {

  /**
   * Whether the others are the same connection seen from its far end. Loopback addresses mean this
   * host only within one network namespace.
   */
  public boolean face(Ends other) {
    return localPort == other.remotePort
        && remotePort == other.localPort
        && local.equals(other.remote)
        && remote.equals(other.local)
        && (network == other.network || !local.isLoopback());
  }
}
