package dev.troth.gate.jwk;

import dev.troth.gate.core.Algorithm;

/** One public key as a file gives it; hosts check it by their arithmetic. */
public final class PublicKeyData {
  private final Kind kind;
  private final byte[] id;
  private final int algorithms;
  private final byte[] first;
  private final byte[] second;

  /** The kinds of keys, by what they can sign. */
  public enum Kind {
    RSA,
    P256,
    P384,
    P521,
    ED25519,
    ED448;

    /** How many bytes a coordinate has; 0 for RSA. */
    int coordinateBytes() {
      return switch (this) {
        case RSA -> 0;
        case P256, ED25519 -> 32;
        case P384 -> 48;
        case P521 -> 66;
        case ED448 -> 57;
      };
    }

    /** All algorithms that a key of this kind can be bound to, as bits. */
    int possible() {
      return switch (this) {
        case RSA -> Algorithm.RS256.bit() * 63;
        case P256, P384, P521, ED25519, ED448 -> usual();
      };
    }

    /** What a key that names no algorithm is bound to, as bits. */
    int usual() {
      return switch (this) {
        case RSA -> Algorithm.RS256.bit();
        case P256 -> Algorithm.ES256.bit();
        case P384 -> Algorithm.ES384.bit();
        case P521 -> Algorithm.ES512.bit();
        // One algorithm with two names (RFC 8037, RFC 9864).
        case ED25519 -> Algorithm.EdDSA.bit() | Algorithm.Ed25519.bit();
        case ED448 -> Algorithm.EdDSA.bit() | Algorithm.Ed448.bit();
      };
    }
  }

  PublicKeyData(Kind kind, byte[] id, int algorithms, byte[] first, byte[] second) {
    this.kind = kind;
    this.id = id;
    this.algorithms = algorithms;
    this.first = first;
    this.second = second;
  }

  public Kind kind() {
    return kind;
  }

  /** The {@code kid} in UTF-8; empty if the key has none. */
  public byte[] id() {
    return id;
  }

  /** What the key is bound to, bits of {@link Algorithm#bit}. */
  public int algorithms() {
    return algorithms;
  }

  /** The modulus of an RSA key, x of another, big-endian; the encoded point of an Edwards curve. */
  public byte[] first() {
    return first;
  }

  /** The exponent of an RSA key, y of a point; empty on Edwards curves. */
  public byte[] second() {
    return second;
  }
}
