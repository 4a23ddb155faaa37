package dev.troth.gate.core;

/**
 * The arithmetic of RSA, ECDSA and EdDSA signatures, which the host does: the core decides which
 * key and algorithm, and asks. The host checks again that this key may be used with this algorithm.
 */
@FunctionalInterface
public interface SignatureArithmetic {
  /** For keyrings of secrets alone. */
  SignatureArithmetic NONE = (handle, algorithm, data, from, to, signature, length) -> false;

  /**
   * Whether {@code signature[0, length)} signs {@code data[from, to)} under the key of the handle.
   */
  boolean verify(
      int handle, Algorithm algorithm, byte[] data, int from, int to, byte[] signature, int length);
}
