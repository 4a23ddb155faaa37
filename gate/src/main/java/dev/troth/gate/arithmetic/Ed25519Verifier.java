package dev.troth.gate.arithmetic;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519 (RFC 8032 §5.1.7): s·B - k·A is computed, encoded, and must be the signature's R byte for
 * byte, so that no second spelling of a point passes.
 */
public final class Ed25519Verifier extends Verifier {
  public static final int KEY_BYTES = 32;
  private static final int SIGNATURE_BYTES = 64;

  private final EdwardsCurve curve;
  private final Modulus order;
  private final byte[] key;
  private final EdwardsCurve.Point[] ofBase;
  private final EdwardsCurve.Point[] ofNegatedKey;
  private final EdwardsCurve.Point sum = new EdwardsCurve.Point();
  private final Hash hash = Hash.of(64);
  private final byte[] digest = new byte[Hash.MAX_BYTES];
  private final byte[] encoded = new byte[KEY_BYTES];
  private final int[] s;
  private final int[] low;
  private final int[] high;
  private final SignedDigits ofS;
  private final SignedDigits ofHash;

  private Ed25519Verifier(EdwardsCurve curve, byte[] key, EdwardsCurve.Point negated) {
    this.curve = curve;
    this.key = key;
    order =
        new Modulus(
            Limbs.hex("1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED"),
            curve.operations);
    ofBase = curve.multiples(curve.base());
    ofNegatedKey = curve.multiples(negated);
    s = order.zero();
    low = order.zero();
    high = order.zero();
    ofS = new SignedDigits(order.size);
    ofHash = new SignedDigits(order.size);
  }

  /** The key of an encoded point, or null if it is none or one for which anybody can sign. */
  public static @Nullable Ed25519Verifier of(byte[] encoded) {
    return of(encoded, LimbOperations.JAVA);
  }

  static @Nullable Ed25519Verifier of(byte[] encoded, LimbOperations operations) {
    EdwardsCurve curve = new EdwardsCurve(operations);
    EdwardsCurve.Point point = encoded.length == KEY_BYTES ? curve.decode(encoded) : null;
    if (point == null || isOfSmallOrder(curve, point)) {
      return null;
    }
    curve.negate(point);
    return new Ed25519Verifier(curve, encoded.clone(), point);
  }

  /** Eight times such a point is the neutral one: y is 1 and x is 0. */
  private static boolean isOfSmallOrder(EdwardsCurve curve, EdwardsCurve.Point point) {
    EdwardsCurve.Point times = new EdwardsCurve.Point();
    times.copy(point);
    curve.twice(times);
    curve.twice(times);
    curve.twice(times);
    byte[] encoded = new byte[KEY_BYTES];
    curve.encode(times, encoded);
    int difference = encoded[0] ^ 1;
    for (int i = 1; i < KEY_BYTES; i++) {
      difference |= encoded[i];
    }
    return difference == 0;
  }

  @Override
  public int signatureBytes() {
    return SIGNATURE_BYTES;
  }

  @Override
  public boolean verify(
      Algorithm algorithm, byte[] data, int from, int to, byte[] signature, int length) {
    if ((algorithm != Algorithm.EdDSA && algorithm != Algorithm.Ed25519)
        || length != SIGNATURE_BYTES) {
      return false;
    }
    Limbs.readLittleEndian(s, signature, KEY_BYTES, length);
    if (!order.isBelow(s)) {
      return false;
    }
    hash.reset();
    hash.update(signature, 0, KEY_BYTES);
    hash.update(key, 0, KEY_BYTES);
    hash.update(data, from, to);
    hash.finish(digest);
    ofS.set(s);
    ofHash.set(rest());
    curve.clear(sum);
    for (int i = ofS.digits.length - 1; i >= 0; i--) {
      curve.twice(sum);
      add(ofBase, ofS.digits[i]);
      add(ofNegatedKey, ofHash.digits[i]);
    }
    curve.encode(sum, encoded);
    int difference = 0;
    for (int i = 0; i < KEY_BYTES; i++) {
      difference |= encoded[i] ^ signature[i];
    }
    return difference == 0;
  }

  private void add(EdwardsCurve.Point[] multiples, int digit) {
    if (digit != 0) {
      curve.add(sum, multiples[(digit < 0 ? -digit : digit) >> 1], digit < 0);
    }
  }

  /** The digest, a little-endian number of 64 bytes, modulo the order. */
  private int[] rest() {
    Limbs.readLittleEndian(low, digest, 0, 32);
    Limbs.readLittleEndian(high, digest, 32, 64);
    // In Montgomery's form a number is multiplied by 2^256, which is what the upper half is worth.
    order.in(high, high);
    order.in(low, low);
    order.out(low, low);
    order.add(low, low, high);
    return low;
  }
}
