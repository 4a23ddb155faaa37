package dev.troth.gate.arithmetic;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.SignatureArithmetic;
import org.jspecify.annotations.Nullable;

/**
 * The signature arithmetic of hosts without a JDK: a list of public keys, each bound to one
 * algorithm, whose handle is its place. Verifying allocates nothing. Not thread-safe.
 */
public final class LimbArithmetic implements SignatureArithmetic {
  private static final int MAX_SIGNATURE_BYTES = RsaVerifier.MAX_BITS / 8;

  private final @Nullable Verifier[] verifiers;
  private final @Nullable Algorithm[] algorithms;
  private int count;

  /** For at most so many keys. */
  public LimbArithmetic(int maxKeys) {
    verifiers = new @Nullable Verifier[maxKeys];
    algorithms = new @Nullable Algorithm[maxKeys];
  }

  public int count() {
    return count;
  }

  /** The algorithm that a key is bound to. */
  public @Nullable Algorithm algorithm(int handle) {
    return algorithms[handle];
  }

  /**
   * Adds the key of a JWK of kty {@code RSA}, {@code EC} or {@code OKP}; its handle is the former
   * {@link #count}.
   *
   * @return what is wrong with it, or nothing
   */
  public String add(JsonTape tape, int jwk) {
    if (count == verifiers.length) {
      return "there are more than " + count + " keys";
    }
    PublicJwk reader = new PublicJwk(tape, jwk);
    Verifier verifier = reader.read();
    if (verifier == null) {
      return reader.problem();
    }
    Algorithm algorithm = reader.algorithm();
    verifiers[count] = verifier;
    algorithms[count++] = algorithm;
    // Whatever a first use prepares is prepared now, so that a token finds nothing to allocate.
    byte[] nothing = new byte[MAX_SIGNATURE_BYTES];
    verifier.verify(algorithm, nothing, 0, 0, nothing, verifier.signatureBytes());
    return "";
  }

  @Override
  public boolean verify(
      int handle,
      Algorithm algorithm,
      byte[] data,
      int from,
      int to,
      byte[] signature,
      int length) {
    if (handle < 0 || handle >= count || algorithms[handle] != algorithm) {
      return false;
    }
    Verifier verifier = verifiers[handle];
    return verifier != null && verifier.verify(algorithm, data, from, to, signature, length);
  }
}
