package dev.troth.server.auth;

/** Who a request's credentials say its sender is. */
public sealed interface Identity {

  /**
   * Somebody known.
   *
   * @param byCookie whether a browser attached the proof by itself, so that another site's page may
   *     have caused the request
   */
  record Known(Caller caller, boolean byCookie) implements Identity {}

  /** Nobody: nothing was brought. */
  record Anonymous() implements Identity {}

  /** Somebody whose proof does not hold. */
  record Refused(String reason) implements Identity {}
}
