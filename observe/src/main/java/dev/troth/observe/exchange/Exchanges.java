package dev.troth.observe.http;

/** Who is told of exchanges. */
public interface Exchanges {
  /** A request was seen; its response may still come. */
  void began(Exchange exchange);

  /** The exchange is over; {@link Exchange#outcome} says how. */
  void ended(Exchange exchange);

  /** Events are missing: whether and how this request was answered will not be known. */
  void abandoned(Exchange exchange);

  /** Nothing of this socket is of interest any more. */
  void mute();
}
