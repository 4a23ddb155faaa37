package dev.troth.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.Keyring;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Checks a good and several bad tokens before a host listens: a host that runs other code than it
 * should (a stale cache, a broken module) does not start.
 */
public final class SelfTest {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  // Written out, with codes of another implementation: signing costs a start its JCA providers.
  /** {@code {"alg":"HS256","typ":"JWT"}}. */
  private static final String HS256 = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";

  private static final String NONE = "eyJhbGciOiJub25lIn0.";
  private static final String RS256 = "eyJhbGciOiJSUzI1NiJ9.";

  /** {@code {"iss":"self","aud":["x","test"],"exp":1700000001}}. */
  private static final String CLAIMS =
      "eyJpc3MiOiJzZWxmIiwiYXVkIjpbIngiLCJ0ZXN0Il0sImV4cCI6MTcwMDAwMDAwMX0.";

  private static final String MAC = "3nCEnOn2Tgf9SWfdOJgAN4-t5Izia7n_ZXPYsTUWuGw";

  /** The same, expired a second earlier; then for another audience; then with iss twice. */
  private static final String EXPIRED =
      "eyJpc3MiOiJzZWxmIiwiYXVkIjpbIngiLCJ0ZXN0Il0sImV4cCI6MTcwMDAwMDAwMH0"
          + ".snuRGnZfzqjZwvG_E6_5jQzaBf_3j3UaMWjeVPIZ3eA";

  private static final String OTHER =
      "eyJpc3MiOiJzZWxmIiwiYXVkIjpbIngiLCJvdGhlciJdLCJleHAiOjE3MDAwMDAwMDF9"
          + ".iNjmh28MW6O7II5HgpOrmAsq3YysZzcvjdSNUvMa30Y";
  private static final String TWICE =
      "eyJcdTAwNjlzcyI6InNlbGYiLCJpc3MiOiJzZWxmIiwiYXVkIjpbIngiLCJ0ZXN0Il0sImV4cCI6MTcwMDAwMDAwMX0"
          + ".rTDRQs7tmyVHVcHEveaLEm0VORTP2wHE8l1M7ao_NW4";

  private SelfTest() {}

  /** Throws an {@link IllegalStateException} that names the token on which the engine errs. */
  public static void run(Engine engine) {
    Gate gate =
        new Gate(
            Keyring.secret(SECRET),
            Policy.DEFAULT.withIssuers("self").withAudiences("test"),
            engine,
            InstantSource.fixed(NOW));
    expect(gate, "a good token", HS256 + CLAIMS + MAC, Reason.VALID);
    expect(
        gate,
        "a changed signature",
        HS256 + CLAIMS + "4" + MAC.substring(1),
        Reason.SIGNATURE_INVALID);
    expect(gate, "alg none", NONE + CLAIMS + MAC, Reason.ALG_NONE);
    expect(gate, "another alg", RS256 + CLAIMS + MAC, Reason.ALG_NOT_ALLOWED);
    expect(gate, "an expired token", HS256 + EXPIRED, Reason.EXPIRED);
    expect(gate, "another audience", HS256 + OTHER, Reason.AUDIENCE_NOT_ALLOWED);
    expect(gate, "two members of one name", HS256 + TWICE, Reason.MEMBER_DUPLICATE);
    expect(gate, "no token", "a.b", Reason.TOKEN_MALFORMED);
  }

  private static void expect(Gate gate, String name, String token, Reason expected) {
    Reason reason = gate.check(token).reason();
    if (reason != expected) {
      throw new IllegalStateException(
          "self-test: the verdict on %s is %s, expected %s"
              .formatted(name, reason.code(), expected.code()));
    }
  }
}
