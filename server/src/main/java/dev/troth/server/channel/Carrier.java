package dev.troth.server.channel;

import dev.troth.server.endpoint.EndpointStore.Endpoint;
import dev.troth.watch.delivery.Outcome;
import dev.troth.watch.delivery.Pace;

/**
 * How one kind of address is written to. {@link EndpointChannel} finds the address and asks whether
 * it takes anything; retries, rests and dead letters are those of all deliveries.
 */
public interface Carrier {
  /** The channel's name in a wish: {@code webhook}. */
  String kind();

  /**
   * Checks an address that a user gives.
   *
   * @throws IllegalArgumentException when it is none of this kind, saying what was expected
   */
  void checkAddress(String address);

  /** Whether what it sends is signed with a secret that the receiver knows. */
  default boolean signs() {
    return false;
  }

  /** Whether an address takes nothing before its reader has confirmed it. */
  default boolean confirms() {
    return false;
  }

  /** An address as it may be shown: without what would let others write there. */
  default String shown(String address) {
    return address;
  }

  /** Whether it can tell several changes as one message. */
  default boolean digests() {
    return true;
  }

  /** How fast it may be used. */
  default Pace pace() {
    return Pace.FREE;
  }

  /** Tries once. Never throws for what the outside does. */
  Outcome send(Endpoint to, Letter letter);
}
