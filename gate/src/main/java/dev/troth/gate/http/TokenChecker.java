package dev.troth.gate.http;

import dev.troth.gate.core.Reason;

/** What a service asks for verdicts: one checker serves one request at a time. */
public interface TokenChecker {
  Reason check(byte[] token, int from, int to);

  /** After a valid verdict, the claim set as JSON, {@link #payloadLength} bytes of it. */
  byte[] payload();

  int payloadLength();

  /** Leaves nothing of the token behind. */
  void forget();
}
