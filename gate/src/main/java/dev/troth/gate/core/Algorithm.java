package dev.troth.gate.core;

import org.jspecify.annotations.Nullable;

/** The signature algorithms of RFC 7518 §3.1 and RFC 8037 that gate knows. {@code none} is none. */
public enum Algorithm {
  HS256(32),
  HS384(48),
  HS512(64),
  RS256(32),
  RS384(48),
  RS512(64),
  PS256(32),
  PS384(48),
  PS512(64),
  ES256(32),
  ES384(48),
  ES512(64),
  EdDSA(0);

  private static final Algorithm[] ALL = values();

  private final int hashBytes;
  private final byte[] ascii;

  Algorithm(int hashBytes) {
    this.hashBytes = hashBytes;
    this.ascii = Bytes.ascii(name());
  }

  /** The output of the hash in bytes, which is also the shortest HMAC key (RFC 7518 §3.2). */
  public int hashBytes() {
    return hashBytes;
  }

  public boolean isHmac() {
    return ordinal() <= HS512.ordinal();
  }

  /** This algorithm as a bit of a key's set of algorithms. */
  public int bit() {
    return 1 << ordinal();
  }

  /** The algorithm of an exact, case-sensitive name (RFC 7515 §4.1.1). */
  public static @Nullable Algorithm named(byte[] text, int from, int to) {
    for (Algorithm algorithm : ALL) {
      if (Bytes.equal(text, from, to, algorithm.ascii)) {
        return algorithm;
      }
    }
    return null;
  }

  /** The algorithm of a number that crossed the ABI. */
  public static @Nullable Algorithm of(int number) {
    return number >= 0 && number < ALL.length ? ALL[number] : null;
  }
}
