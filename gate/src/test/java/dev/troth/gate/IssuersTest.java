package dev.troth.gate;

import static dev.troth.gate.Tokens.SECRET;
import static dev.troth.gate.Tokens.hs256;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Reason;
import dev.troth.gate.keys.KeySource;
import dev.troth.gate.keys.Keyring;
import dev.troth.gate.keys.Revocations;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several issuers: each token is judged by the keys and the policy of its own. */
class IssuersTest {
  private static final Signer A = Signer.of(Algorithm.ES256);
  private static final Signer B = Signer.of(Algorithm.RS256);
  private final AtomicInteger asked = new AtomicInteger();

  private final Gate gate =
      new Gate(
          List.of(
              new Trust(counted(A), Policy.DEFAULT.withIssuers("a").withAudiences("orders")),
              new Trust(new Keyring(List.of(B.key("k"))), Policy.DEFAULT.withIssuers("b", "b2")),
              new Trust(Keyring.secret(SECRET), Policy.DEFAULT.withIssuers("c"))),
          () -> Set.of("gone"),
          Gate.javaEngine(),
          InstantSource.fixed(Tokens.NOW));

  @Test
  void eachIssuerHasItsKeysAndItsPolicy() {
    assertThat(reason(A.token("{\"iss\":\"a\",\"aud\":\"orders\"}"))).isEqualTo(Reason.VALID);
    assertThat(reason(A.token("{\"iss\":\"a\",\"aud\":\"other\"}")))
        .isEqualTo(Reason.AUDIENCE_NOT_ALLOWED);
    assertThat(reason(B.token("{\"iss\":\"b2\"}"))).isEqualTo(Reason.VALID);
    assertThat(reason(hs256("{\"iss\":\"c\"}"))).isEqualTo(Reason.VALID);
  }

  @Test
  void aKeyOfOneIssuerSignsForNoOther() {
    assertThat(reason(B.token("{\"iss\":\"a\",\"aud\":\"orders\"}")))
        .isEqualTo(Reason.ALG_NOT_ALLOWED);
    assertThat(reason(hs256("{\"iss\":\"b\"}"))).isEqualTo(Reason.ALG_NOT_ALLOWED);
    assertThat(reason(A.token("{\"iss\":\"c\"}"))).isEqualTo(Reason.ALG_NOT_ALLOWED);
    for (String claims : List.of("{\"iss\":\"d\"}", "{}", "{\"iss\":[\"a\"]}", "{\"iss\":null}")) {
      assertThat(reason(A.token(claims))).as(claims).isEqualTo(Reason.ISSUER_NOT_ALLOWED);
    }
    assertThat(reason(A.token("no JSON"))).isEqualTo(Reason.CLAIMS_INVALID);
    assertThat(reason(A.token("{\"iss\":\"a\",\"iss\":\"c\"}"))).isEqualTo(Reason.MEMBER_DUPLICATE);
  }

  @Test
  void revokedIdsHoldForAllOfThem() {
    assertThat(reason(B.token("{\"iss\":\"b\",\"jti\":\"gone\"}"))).isEqualTo(Reason.REVOKED);
  }

  @Test
  void onlyTheIssuerOfATokenIsAskedForNewerKeys() {
    String header = "{\"alg\":\"RS256\",\"kid\":\"new\"}";
    String other = B.token(header.getBytes(US_ASCII), "{\"iss\":\"b\"}".getBytes(US_ASCII));
    assertThat(reason(other)).isEqualTo(Reason.KEY_NOT_FOUND);
    assertThat(asked).hasValue(0);
    String own = B.token(header.getBytes(US_ASCII), "{\"iss\":\"a\"}".getBytes(US_ASCII));
    assertThat(reason(own)).isEqualTo(Reason.KEY_NOT_FOUND);
    assertThat(asked).hasValue(1);
  }

  @Test
  void amongSeveralEachMustNameItsIssuers() {
    Trust anybody = new Trust(Keyring.secret(SECRET), Policy.DEFAULT);
    assertThatThrownBy(() ->
            new Gate(
                List.of(anybody, anybody),
                Revocations.NONE,
                Gate.javaEngine(),
                InstantSource.system()))
        .hasMessageContaining("each name their issuers");
  }

  private KeySource counted(Signer signer) {
    Keyring ring = new Keyring(List.of(signer.key("k")));
    return new KeySource() {
      @Override
      public Keyring keyring() {
        return ring;
      }

      @Override
      public boolean mayHaveNewer(Keyring seen) {
        asked.incrementAndGet();
        return false;
      }
    };
  }

  private Reason reason(String token) {
    return gate.check(token).reason();
  }
}
