package dev.troth.gate;

import dev.troth.gate.core.Reason;
import dev.troth.gate.core.SignatureArithmetic;

/** Where the core runs: in this JVM as it is, or in a sandbox. */
@FunctionalInterface
public interface Engine {
  /** A validator with the settings that {@link dev.troth.gate.core.SettingsWriter} wrote. */
  Validator create(byte[] settings, SignatureArithmetic arithmetic);

  /** One configured instance of the core; used by one thread at a time. */
  interface Validator {
    Reason validate(byte[] token, int from, int to, long nowMillis);

    /** The claim set of the token that was just found valid. */
    byte[] payload();

    /** Which group of settings the last token's issuer chose; -1 if none. */
    int group();

    /** Leaves nothing of the token behind. */
    void forget();
  }
}
