package dev.troth.gate.host;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.Reason;
import dev.troth.gate.core.SettingsWriter;
import org.teavm.interop.Address;

/** Checks a good and several bad tokens in the sandbox before the host listens. */
final class NativeSelfTest {
  private static final long NOW = 1_700_000_000_000L;

  /** {@code {"alg":"HS256"}.{"exp":1700000001}} under thirty-two letters k. */
  private static final String SIGNED = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3MDAwMDAwMDF9";

  private static final String MAC = "uq0lOlt6CaAU9yztPyO-TamWwHSobnyeyzaX5B8rGoo";

  /** Another first letter. */
  private static final String FORGED = "Aq0lOlt6CaAU9yztPyO-TamWwHSobnyeyzaX5B8rGoo";

  private NativeSelfTest() {}

  /** What is wrong with the module, or nothing. */
  static String run(SandboxChecker checker) {
    byte[] secret = Bytes.ascii("kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk");
    if (checker.configure(
            new SettingsWriter().secret(Algorithm.HS256.bit(), new byte[0], secret).toBytes())
        != 0) {
      return "self-test: the module refused its settings";
    }
    String good = SIGNED + "." + MAC;
    Reason reason = verdict(good, NOW);
    if (reason != Reason.VALID) {
      return "self-test: a good token was refused as " + reason.code();
    }
    if (verdict(good, NOW + 1000) != Reason.EXPIRED
        || verdict(SIGNED + "." + FORGED, NOW) != Reason.SIGNATURE_INVALID
        || verdict(SIGNED + ".", NOW) != Reason.SIGNATURE_MISSING
        || verdict("eyJhbGciOiJub25lIn0.e30.AA", NOW) != Reason.ALG_NONE
        || verdict("a.b", NOW) != Reason.TOKEN_MALFORMED) {
      return "self-test: a bad token got the wrong verdict";
    }
    return "";
  }

  private static Reason verdict(String token, long nowMillis) {
    byte[] bytes = Bytes.ascii(token);
    Reason reason = Reason.of(Native.check(Address.ofData(bytes), bytes.length, nowMillis));
    Native.reset();
    return reason;
  }
}
