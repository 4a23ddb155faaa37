package dev.troth.gate.keys;

import dev.troth.gate.arithmetic.Ed25519Verifier;
import dev.troth.gate.core.Algorithm;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.Set;

/** Which public keys are strong enough, and whether they fit their algorithms. */
final class KeyStrength {
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 8192;

  /**
   * The primes by which keys of CVE-2017-15361 betray themselves: such a modulus is, modulo each of
   * them, a power of 65537 (Nemec et al., "The Return of Coppersmith's Attack", 2017).
   */
  private static final int[] FINGERPRINT_PRIMES = {
    11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157
  };

  /** 2^448 - 2^224 - 1 (RFC 8032 §5.2). */
  private static final BigInteger ED448_FIELD =
      BigInteger.ONE
          .shiftLeft(448)
          .subtract(BigInteger.ONE.shiftLeft(224))
          .subtract(BigInteger.ONE);

  private KeyStrength() {}

  static void check(String id, Set<Algorithm> algorithms, PublicKey key) {
    String name = id.isEmpty() ? "key" : "key " + id;
    for (Algorithm algorithm : algorithms) {
      boolean fits =
          switch (algorithm) {
            case HS256, HS384, HS512 -> false;
            case RS256, RS384, RS512, PS256, PS384, PS512 -> key instanceof RSAPublicKey;
            case ES256 -> isOnCurve(key, 256);
            case ES384 -> isOnCurve(key, 384);
            case ES512 -> isOnCurve(key, 521);
            case EdDSA -> key instanceof EdECPublicKey;
            case Ed25519, Ed448 ->
                key instanceof EdECPublicKey ed
                    && ed.getParams().getName().equalsIgnoreCase(algorithm.name());
          };
      if (!fits) {
        throw new KeyException(
            "%s: a %s key on this curve or of this kind does not fit %s"
                .formatted(name, key.getAlgorithm(), algorithm));
      }
    }
    if (key instanceof RSAPublicKey rsa) {
      checkRsa(name, rsa.getModulus(), rsa.getPublicExponent());
    }
    if (key instanceof EdECPublicKey ed && isOfSmallOrder(ed)) {
      throw new KeyException(
          "%s: the point is of small order: anybody can sign for it".formatted(name));
    }
  }

  private static boolean isOfSmallOrder(EdECPublicKey key) {
    byte[] encoded = key.getEncoded();
    if (encoded.length <= 44) {
      byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
      return Ed25519Verifier.of(point) == null;
    }
    // (0, 1), (0, -1) and the two points with y = 0, in whatever spelling.
    BigInteger y = key.getPoint().getY().mod(ED448_FIELD);
    return y.signum() == 0
        || y.equals(BigInteger.ONE)
        || y.equals(ED448_FIELD.subtract(BigInteger.ONE));
  }

  private static void checkRsa(String name, BigInteger modulus, BigInteger exponent) {
    int bits = modulus.bitLength();
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new KeyException(
          "%s: RSA modulus has %d bits, expected %d to %d"
              .formatted(name, bits, MIN_RSA_BITS, MAX_RSA_BITS));
    }
    if (!exponent.testBit(0) || exponent.bitLength() < 2 || exponent.bitLength() > 64) {
      throw new KeyException(
          "%s: RSA exponent is %s, expected an odd number of 3 or more, usually 65537"
              .formatted(name, exponent.bitLength() > 64 ? "huge" : exponent));
    }
    if (!modulus.testBit(0)) {
      throw new KeyException("%s: RSA modulus is even".formatted(name));
    }
    if (hasRocaFingerprint(modulus)) {
      throw new KeyException(
          "%s: RSA key was made by a generator with the flaw CVE-2017-15361; make a new key"
              .formatted(name));
    }
  }

  static boolean hasRocaFingerprint(BigInteger modulus) {
    for (int prime : FINGERPRINT_PRIMES) {
      int rest = modulus.mod(BigInteger.valueOf(prime)).intValue();
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

  private static boolean isOnCurve(PublicKey key, int bits) {
    if (!(key instanceof ECPublicKey ec)
        || !(ec.getParams().getCurve().getField() instanceof ECFieldFp field)
        || field.getP().bitLength() != bits) {
      return false;
    }
    ECParameterSpec params = ec.getParams();
    ECPoint point = ec.getW();
    if (point.equals(ECPoint.POINT_INFINITY)) {
      return false;
    }
    BigInteger p = field.getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger right =
        x.pow(3).add(params.getCurve().getA().multiply(x)).add(params.getCurve().getB()).mod(p);
    return x.signum() >= 0
        && y.signum() >= 0
        && x.compareTo(p) < 0
        && y.compareTo(p) < 0
        && y.multiply(y).mod(p).equals(right);
  }
}
