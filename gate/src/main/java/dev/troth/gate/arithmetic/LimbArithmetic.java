package dev.troth.gate.arithmetic;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.SignatureArithmetic;
import dev.troth.gate.jwk.PublicKeyData;
import org.jspecify.annotations.Nullable;

/**
 * The signature arithmetic of hosts without a JDK: a list of public keys, each bound to its
 * algorithms, whose handle is its place. Verifying allocates nothing. Not thread-safe.
 */
public final class LimbArithmetic implements SignatureArithmetic {
  private static final int MAX_SIGNATURE_BYTES = RsaVerifier.MAX_BITS / 8;

  private final @Nullable Verifier[] verifiers;
  private final int[] algorithms;
  private final LimbOperations operations;
  private int count;

  /** For at most so many keys, in plain Java. */
  public LimbArithmetic(int maxKeys) {
    this(maxKeys, LimbOperations.JAVA);
  }

  /** For at most so many keys. */
  public LimbArithmetic(int maxKeys, LimbOperations operations) {
    this.operations = operations;
    verifiers = new @Nullable Verifier[maxKeys];
    algorithms = new int[maxKeys];
  }

  public int count() {
    return count;
  }

  /**
   * Adds a key; its handle is the former {@link #count}.
   *
   * @return what is wrong with it, or nothing
   */
  public String add(PublicKeyData key) {
    if (count == verifiers.length) {
      return "there are more than " + count + " keys";
    }
    Verifier verifier =
        switch (key.kind()) {
          case RSA -> RsaVerifier.of(key.first(), key.second(), operations);
          case P256 -> ecdsa(Algorithm.ES256, key);
          case P384 -> ecdsa(Algorithm.ES384, key);
          case P521 -> ecdsa(Algorithm.ES512, key);
          case ED25519 -> Ed25519Verifier.of(key.first(), operations);
          case ED448 -> null;
        };
    if (verifier == null) {
      return switch (key.kind()) {
        case RSA ->
            "an RSA key is weak: expected 2048 to 8192 bits, an odd exponent of 3 or more, and no"
                + " generator with the flaw CVE-2017-15361";
        case P256, P384, P521 -> "an EC key is not a point on its curve";
        case ED25519 -> "an Ed25519 key is no point, or one of small order";
        case ED448 -> "an Ed448 key is verified by the JVM hosts alone";
      };
    }
    verifiers[count] = verifier;
    algorithms[count++] = key.algorithms();
    // Whatever a first use prepares is prepared now, so that a token finds nothing to allocate.
    byte[] nothing = new byte[MAX_SIGNATURE_BYTES];
    for (int i = 0; i < Integer.SIZE; i++) {
      Algorithm algorithm = Algorithm.of(i);
      if (algorithm != null && (key.algorithms() & algorithm.bit()) != 0) {
        verifier.verify(algorithm, nothing, 0, 0, nothing, verifier.signatureBytes());
      }
    }
    return "";
  }

  private @Nullable Verifier ecdsa(Algorithm algorithm, PublicKeyData key) {
    return EcdsaVerifier.of(algorithm, key.first(), key.second(), operations);
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
    if (handle < 0 || handle >= count || (algorithms[handle] & algorithm.bit()) == 0) {
      return false;
    }
    Verifier verifier = verifiers[handle];
    return verifier != null && verifier.verify(algorithm, data, from, to, signature, length);
  }
}
