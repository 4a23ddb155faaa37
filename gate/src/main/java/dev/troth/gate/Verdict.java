package dev.troth.gate;

import dev.troth.gate.core.Reason;

/** The answer on one token: valid with its claims, or refused with the reason. */
public sealed interface Verdict {
  /** The token is genuine and acceptable. */
  record Valid(Claims claims) implements Verdict {
    @Override
    public Reason reason() {
      return Reason.VALID;
    }
  }

  /** The token is not accepted. */
  record Refused(Reason reason) implements Verdict {
    public Refused {
      if (reason == Reason.VALID) {
        throw new IllegalArgumentException("reason is valid, expected why the token is refused");
      }
    }
  }

  default boolean isValid() {
    return this instanceof Valid;
  }

  /** {@link Reason#VALID}, or why not. */
  Reason reason();
}
