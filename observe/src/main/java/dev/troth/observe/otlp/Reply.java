package dev.troth.observe.otlp;

import java.time.Duration;

/** A receiver's answer to an export. */
public sealed interface Reply {
  /** It took everything, or says itself what it did not. */
  record Accepted() implements Reply {}

  /** It cannot take it now; {@code after} is what it asks for, zero if it does not say. */
  record Later(String reason, Duration after) implements Reply {}

  /** It will never take it. */
  record Refused(String reason) implements Reply {}
}
