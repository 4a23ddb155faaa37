package dev.troth.gate.arithmetic;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Hash;
import org.jspecify.annotations.Nullable;

/**
 * RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017 §8). The padding of the former is compared as a whole,
 * never parsed; the salt of the latter is as long as its hash (RFC 7518 §3.5).
 */
public final class RsaVerifier extends Verifier {
  public static final int MIN_BITS = 2048;
  public static final int MAX_BITS = 8192;
  private static final int TRAILER = 0xBC;

  /** DigestInfo up to the hash, for a hash of no bytes; byte 14 is its number below 2.16.840…2. */
  private static final byte[] NAME_WITH_NULL = {
    0x30, 17, 0x30, 13, 6, 9, 0x60, (byte) 0x86, 0x48, 1, 0x65, 3, 4, 2, 0, 5, 0, 4, 0
  };

  private static final byte[] NAME = {
    0x30, 15, 0x30, 11, 6, 9, 0x60, (byte) 0x86, 0x48, 1, 0x65, 3, 4, 2, 0, 4, 0
  };
  private static final int HASH_NUMBER = 14;

  /**
   * The primes by which keys of CVE-2017-15361 betray themselves: such a modulus is, modulo each of
   * them, a power of 65537 (Nemec et al., "The Return of Coppersmith's Attack", 2017).
   */
  private static final int[] FINGERPRINT_PRIMES = {
    11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157
  };

  private final Modulus modulus;
  private final int[] exponent;
  private final int[] number;
  private final int bits;
  private final byte[] encoded;
  private final Hash[] hashes = {Hash.of(32), Hash.of(48), Hash.of(64)};
  private final byte[] digest = new byte[Hash.MAX_BYTES];
  private final byte[] mask = new byte[Hash.MAX_BYTES];
  private final byte[] seed = new byte[Hash.MAX_BYTES + 4];
  private final byte[] salted = new byte[8 + 2 * Hash.MAX_BYTES];

  private RsaVerifier(int[] n, int[] exponent, LimbOperations operations) {
    modulus = new Modulus(n, operations);
    this.exponent = exponent;
    number = modulus.zero();
    bits = modulus.bits();
    encoded = new byte[(bits + 7) / 8];
  }

  /** The key of a big-endian modulus and exponent, or null if it is not a strong one. */
  static @Nullable RsaVerifier of(byte[] modulus, byte[] exponent, LimbOperations operations) {
    int from = 0;
    while (from < modulus.length && modulus[from] == 0) {
      from++;
    }
    int size = (modulus.length - from + 3) / 4;
    if (modulus.length - from > MAX_BITS / 8 || size == 0 || isTooLong(exponent)) {
      return null;
    }
    int[] n = Limbs.bigEndian(modulus, from, modulus.length, size);
    int start = Math.max(0, exponent.length - 8);
    int[] e = Limbs.bigEndian(exponent, start, exponent.length, 2);
    boolean strong =
        Limbs.bits(n) >= MIN_BITS
            && Limbs.isOdd(n)
            && Limbs.isOdd(e)
            && Limbs.bits(e) > 1
            && !hasFlawedGenerator(n);
    return strong ? new RsaVerifier(n, e, operations) : null;
  }

  @Override
  public int signatureBytes() {
    return encoded.length;
  }

  @Override
  public boolean verify(
      Algorithm algorithm, byte[] data, int from, int to, byte[] signature, int length) {
    if (length != encoded.length) {
      return false;
    }
    Limbs.readBigEndian(number, signature, 0, length);
    if (!modulus.isBelow(number)) {
      return false;
    }
    modulus.in(number, number);
    modulus.power(number, number, exponent);
    modulus.out(number, number);
    Limbs.writeBigEndian(number, encoded, 0, encoded.length);
    return switch (algorithm) {
      case RS256, RS384, RS512 -> isPkcs1(algorithm.hashBytes(), data, from, to);
      case PS256, PS384, PS512 -> isPss(algorithm.hashBytes(), data, from, to);
      case HS256, HS384, HS512, ES256, ES384, ES512, EdDSA, Ed25519, Ed448 -> false;
    };
  }

  /**
   * 00 01 FF…FF 00, the DER of the hash's name, the hash (§9.2). The name's parameters are NULL, or
   * left out as some signers do (note 1 there).
   */
  private boolean isPkcs1(int hashBytes, byte[] data, int from, int to) {
    hash(hashBytes).digest(data, from, to, digest);
    return isPkcs1(hashBytes, NAME_WITH_NULL) || isPkcs1(hashBytes, NAME);
  }

  private boolean isPkcs1(int hashBytes, byte[] name) {
    int digestFrom = encoded.length - hashBytes;
    int nameFrom = digestFrom - name.length;
    int difference = encoded[0] | (encoded[1] ^ 1) | encoded[nameFrom - 1];
    for (int i = 2; i < nameFrom - 1; i++) {
      difference |= encoded[i] ^ (byte) 0xFF;
    }
    for (int i = 0; i < name.length; i++) {
      int expected = name[i];
      if (i == 1 || i == name.length - 1) {
        // Two lengths, which are those of the hash and more.
        expected += hashBytes;
      } else if (i == HASH_NUMBER) {
        expected = hashBytes / 16 - 1;
      }
      difference |= encoded[nameFrom + i] ^ expected;
    }
    for (int i = 0; i < hashBytes; i++) {
      difference |= encoded[digestFrom + i] ^ digest[i];
    }
    return difference == 0;
  }

  /** §9.1.2: the hash of eight zeros, the hash of the message and the salt must come out. */
  private boolean isPss(int hashBytes, byte[] data, int from, int to) {
    // The encoding has one bit less than the modulus: its first byte may be one that must be zero.
    int unused = 8 * encoded.length - (bits - 1);
    int start = unused / 8;
    int maskedTo = encoded.length - hashBytes - 1;
    if ((start == 1 && encoded[0] != 0)
        || (encoded[encoded.length - 1] & 0xFF) != TRAILER
        || (encoded[start] & 0xFF) >> (8 - unused % 8) != 0) {
      return false;
    }
    unmask(start, maskedTo, hashBytes);
    encoded[start] &= (byte) (0xFF >> (unused % 8));
    int salt = maskedTo - hashBytes;
    for (int i = start; i < salt; i++) {
      if (encoded[i] != (i == salt - 1 ? 1 : 0)) {
        return false;
      }
    }
    hash(hashBytes).digest(data, from, to, digest);
    System.arraycopy(digest, 0, salted, 8, hashBytes);
    System.arraycopy(encoded, salt, salted, 8 + hashBytes, hashBytes);
    hash(hashBytes).digest(salted, 0, 8 + 2 * hashBytes, digest);
    int difference = 0;
    for (int i = 0; i < hashBytes; i++) {
      difference |= encoded[maskedTo + i] ^ digest[i];
    }
    return difference == 0;
  }

  /** Takes MGF1 (§B.2.1) of the hash off the masked block. */
  private void unmask(int from, int to, int hashBytes) {
    System.arraycopy(encoded, to, seed, 0, hashBytes);
    for (int at = from, counter = 0; at < to; counter++) {
      // The counter has four bytes, of which the longest modulus needs one.
      seed[hashBytes] = 0;
      seed[hashBytes + 1] = 0;
      seed[hashBytes + 2] = 0;
      seed[hashBytes + 3] = (byte) counter;
      hash(hashBytes).digest(seed, 0, hashBytes + 4, mask);
      for (int i = 0; i < hashBytes && at < to; i++, at++) {
        encoded[at] ^= mask[i];
      }
    }
  }

  private Hash hash(int hashBytes) {
    return hashes[hashBytes / 16 - 2];
  }

  private static boolean isTooLong(byte[] exponent) {
    for (int i = 0; i < exponent.length - 8; i++) {
      if (exponent[i] != 0) {
        return true;
      }
    }
    return exponent.length == 0;
  }

  private static boolean hasFlawedGenerator(int[] n) {
    for (int prime : FINGERPRINT_PRIMES) {
      int rest = Limbs.rest(n, prime);
      int power = 1;
      boolean found = false;
      for (int i = 0; i < prime && !found; i++) {
        found = power == rest;
        power = power * 65_537 % prime;
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }
}
