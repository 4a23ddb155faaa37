package dev.troth.observe.exchange;

/** Who is told of exchanges. */
public interface Exchanges {
  /** A request was seen; its response may still come. */
  void began(Exchange exchange);

  /** The exchange is over; {@link Exchange#outcome} says how. */
  void ended(Exchange exchange);

  /** Events are missing: whether and how this request was answered will not be known. */
  void abandoned(Exchange exchange);

  /** The other side passed the request over and never carried it out. */
  void withdrawn(Exchange exchange);

  /** Nothing of this conversation can be read any more; the reason is one for people. */
  void lost(String reason);

  /** A part of the conversation cannot be read, and what comes later can. */
  default void passedOver(String what) {}

  /** The two agreed to go on in another protocol, whose first bytes come next. */
  void switched();
}
