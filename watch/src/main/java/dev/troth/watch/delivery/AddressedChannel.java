package dev.troth.watch.delivery;

import java.net.URI;
import java.time.Instant;
import java.util.regex.Pattern;

/** A channel that reaches a user at an address of the user's own, such as a webhook's URL. */
public interface AddressedChannel extends Channel {
  /** The kind of a channel, and the name of an address where a user has several. */
  Pattern NAME = Pattern.compile("([a-z]+)(/[A-Za-z0-9._-]{1,64})?");

  /**
   * Checks an address that a user gives.
   *
   * @throws IllegalArgumentException when it is none of this channel's, saying what was expected
   */
  void checkAddress(String address);

  /** Whether what it sends is signed with a secret that the receiver knows. */
  boolean signs();

  /** Whether an address takes nothing before its reader has confirmed it. */
  boolean confirms();

  /** An address as it may be shown: without what would let others write there. */
  String shown(String address);

  /**
   * Asks the reader of a user's address to confirm it. Never throws, as {@link #deliver}.
   *
   * @param link what confirms when it is opened, until a time
   */
  Outcome confirm(String user, String name, URI link, Instant until);

  /**
   * Sends a test to a user's address, outside of all queues. Never throws, as {@link #deliver}.
   *
   * @param name the channel as the user named it: {@code webhook}, {@code webhook/ops}
   */
  Outcome test(String user, String name);
}
