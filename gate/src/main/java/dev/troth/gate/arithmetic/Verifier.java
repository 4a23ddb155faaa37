package dev.troth.gate.arithmetic;

import dev.troth.gate.core.Algorithm;

/** A public key that verifies signatures. Not thread-safe. */
public abstract sealed class Verifier permits EcdsaVerifier, Ed25519Verifier, RsaVerifier {
  /** The length of every signature of this key. */
  public abstract int signatureBytes();

  /** Whether {@code signature[0, length)} signs {@code data[from, to)} under this key. */
  public abstract boolean verify(
      Algorithm algorithm, byte[] data, int from, int to, byte[] signature, int length);
}
