package dev.troth.gate.core;

import org.jspecify.annotations.Nullable;

/**
 * The signature algorithms of RFC 7518 §3.1, RFC 8037 and RFC 9864 that gate knows; {@code none} is
 * none. The order is part of the module's ABI.
 */
public enum Algorithm {
  HS256,
  HS384,
  HS512,
  RS256,
  RS384,
  RS512,
  PS256,
  PS384,
  PS512,
  ES256,
  ES384,
  ES512,
  EdDSA,
  Ed25519,
  Ed448;

  private static final Algorithm[] ALL = values();
  private static final byte[] EDDSA = Bytes.ascii("EdDSA");
  private static final byte[] ED25519 = Bytes.ascii("Ed25519");
  private static final byte[] ED448 = Bytes.ascii("Ed448");

  /** The output of the hash in bytes, which is also the shortest HMAC key (RFC 7518 §3.2). */
  public int hashBytes() {
    return isEdwards() ? 0 : 32 + 16 * (number() % 3);
  }

  public boolean isHmac() {
    return number() <= HS512.number();
  }

  /** Whether the key's curve, and nothing else, says how to verify. */
  public boolean isEdwards() {
    return number() >= EdDSA.number();
  }

  /** This algorithm as a bit of a key's set of algorithms. */
  public int bit() {
    return 1 << number();
  }

  /** The algorithm of an exact, case-sensitive name (RFC 7515 §4.1.1). */
  public static @Nullable Algorithm named(byte[] text, int from, int to) {
    if (Bytes.equal(text, from, to, ED25519)) {
      return Ed25519;
    }
    if (to - from != EDDSA.length) {
      return null;
    }
    if (Bytes.equal(text, from, to, EDDSA)) {
      return EdDSA;
    }
    if (Bytes.equal(text, from, to, ED448)) {
      return Ed448;
    }
    int family = "HRPE".indexOf(text[from]);
    int bits = (text[from + 2] - '0') * 100 + (text[from + 3] - '0') * 10 + text[from + 4] - '0';
    int size = bits == 256 ? 0 : bits == 384 ? 1 : bits == 512 ? 2 : -1;
    return family < 0 || text[from + 1] != 'S' || size < 0 || !isDigits(text, from + 2, to)
        ? null
        : ALL[3 * family + size];
  }

  /** What the algorithm is called across the ABI. */
  @SuppressWarnings("EnumOrdinal") // the order is the ABI's
  public int number() {
    return ordinal();
  }

  /** The algorithm of a number that crossed the ABI. */
  public static @Nullable Algorithm of(int number) {
    return number >= 0 && number < ALL.length ? ALL[number] : null;
  }

  private static boolean isDigits(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return false;
      }
    }
    return true;
  }
}
