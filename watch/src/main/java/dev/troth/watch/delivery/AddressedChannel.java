package dev.troth.watch.delivery;

/** A channel that reaches a user at an address of the user's own, such as a webhook's URL. */
public interface AddressedChannel extends Channel {
  /**
   * Checks an address that a user gives.
   *
   * @throws IllegalArgumentException when it is none of this channel's, saying what was expected
   */
  void checkAddress(String address);

  /** Whether what it sends is signed with a secret that the receiver knows. */
  boolean signs();

  /**
   * Sends a test to a user's address, outside of all queues. Never throws, as {@link #deliver}.
   *
   * @param name the channel as the user named it: {@code webhook}, {@code webhook/ops}
   */
  Outcome test(String user, String name);
}
