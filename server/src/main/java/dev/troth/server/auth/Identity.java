package dev.troth.server.auth;

import java.time.Instant;
import java.util.Optional;

/** Who a request's credentials say its sender is. */
public sealed interface Identity {

  /**
   * Somebody known.
   *
   * @param byCookie whether a browser attached the proof by itself, so that another site's page may
   *     have caused the request
   * @param until when the proof expires; empty if it does not
   */
  record Known(Caller caller, boolean byCookie, Optional<Instant> until) implements Identity {}

  /** Nobody: nothing was brought. */
  record Anonymous() implements Identity {}

  /** Somebody whose proof does not hold. */
  record Refused(String reason) implements Identity {}
}
