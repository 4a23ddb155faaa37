package dev.troth.gate.http;

import dev.troth.gate.core.Reason;

/** What a service asks for verdicts: one checker serves one request at a time. */
public interface TokenChecker {
  Reason check(byte[] token, int from, int to);

  /** After a valid verdict, the claim set as JSON, {@link #payloadLength} bytes of it. */
  byte[] payload();

  int payloadLength();

  /** Whether {@link #settled} is of use; where it is not, the native host has no code for it. */
  default boolean isHeard() {
    return false;
  }

  /**
   * What became of the request whose token was checked last, by the rules for paths too, and what
   * it was for. A service whose requests have no path does not say so.
   */
  default void settled(
      Reason reason,
      byte[] method,
      int methodFrom,
      int methodTo,
      byte[] path,
      int pathFrom,
      int pathTo) {}

  /** Leaves nothing of the token behind. */
  void forget();
}
