package dev.troth.gate.arithmetic;

import org.jspecify.annotations.Nullable;

/**
 * edwards25519, -x² + y² = 1 + d·x²·y² modulo 2^255 - 19 (RFC 8032 §5.1), with points in extended
 * coordinates (x/z, y/z, t = xy/z) in Montgomery's form. Its formulas of addition have no
 * exceptions. Not thread-safe: it has scratch of its own.
 */
final class EdwardsCurve {
  private static final int BYTES = 32;

  final LimbOperations operations;
  private final Modulus field;
  private final int[] d;
  private final int[] twoD;

  /** A square root of -1. */
  private final int[] root;

  private final int[] t0;
  private final int[] t1;
  private final int[] t2;
  private final int[] t3;
  private final int[] zero;

  EdwardsCurve(LimbOperations operations) {
    this.operations = operations;
    field =
        new Modulus(
            Limbs.hex("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFED"),
            operations);
    t0 = field.zero();
    t1 = field.zero();
    t2 = field.zero();
    t3 = field.zero();
    zero = field.zero();
    d = constant("52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3");
    twoD = field.zero();
    field.add(twoD, d, d);
    root = constant("2B8324804FC1DF0B2B4D00993DFBD7A72F431806AD2FE478C4EE1B274A0EA0B0");
  }

  /** A point. */
  static final class Point {
    final int[] x = new int[8];
    final int[] y = new int[8];
    final int[] z = new int[8];
    final int[] t = new int[8];

    void copy(Point other) {
      System.arraycopy(other.x, 0, x, 0, x.length);
      System.arraycopy(other.y, 0, y, 0, y.length);
      System.arraycopy(other.z, 0, z, 0, z.length);
      System.arraycopy(other.t, 0, t, 0, t.length);
    }
  }

  /** Makes a point the neutral one. */
  void clear(Point point) {
    Limbs.clear(point.x);
    Limbs.clear(point.t);
    System.arraycopy(field.one, 0, point.y, 0, field.size);
    System.arraycopy(field.one, 0, point.z, 0, field.size);
  }

  Point base() {
    return affine(
        constant("216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A"),
        constant("6666666666666666666666666666666666666666666666666666666666666658"));
  }

  void negate(Point p) {
    field.subtract(p.x, zero, p.x);
    field.subtract(p.t, zero, p.t);
  }

  /** The odd multiples 1, 3, 5, … of a point. */
  Point[] multiples(Point point) {
    Point twice = new Point();
    twice.copy(point);
    twice(twice);
    Point[] multiples = new Point[SignedDigits.MULTIPLES];
    for (int i = 0; i < multiples.length; i++) {
      multiples[i] = new Point();
      multiples[i].copy(i == 0 ? point : multiples[i - 1]);
      if (i > 0) {
        add(multiples[i], twice, false);
      }
    }
    return multiples;
  }

  /** Doubles a point (dbl-2008-hwcd of Bernstein and Lange's Explicit-Formulas Database). */
  void twice(Point p) {
    // t0 = a = x², t1 = b = y², t2 = c = 2z², t3 = e = (x + y)² - a - b.
    field.multiply(t0, p.x, p.x);
    field.multiply(t1, p.y, p.y);
    field.multiply(t2, p.z, p.z);
    field.add(t2, t2, t2);
    field.add(t3, p.x, p.y);
    field.multiply(t3, t3, t3);
    field.subtract(t3, t3, t0);
    field.subtract(t3, t3, t1);
    // y = g = b - a, t2 = f = g - c, t0 = h = -a - b.
    field.subtract(p.y, t1, t0);
    field.subtract(t2, p.y, t2);
    field.add(t0, t0, t1);
    field.subtract(t0, zero, t0);
    field.multiply(p.x, t3, t2);
    field.multiply(p.z, t2, p.y);
    field.multiply(p.y, p.y, t0);
    field.multiply(p.t, t3, t0);
  }

  /** Adds a point to {@code p}, or subtracts it (add-2008-hwcd-3 of the same database). */
  void add(Point p, Point other, boolean negative) {
    // t0 = a = (y1 - x1)(y2 - x2), t1 = b = (y1 + x1)(y2 + x2), where x2 and t2 may be negative.
    field.subtract(t0, p.y, p.x);
    field.add(t1, p.y, p.x);
    field.subtract(t2, other.y, other.x);
    field.add(t3, other.y, other.x);
    field.multiply(t0, t0, negative ? t3 : t2);
    field.multiply(t1, t1, negative ? t2 : t3);
    // t2 = c = 2d·t1·t2, t3 = 2·z1·z2.
    field.multiply(t2, p.t, twoD);
    field.multiply(t2, t2, other.t);
    if (negative) {
      field.subtract(t2, zero, t2);
    }
    field.multiply(t3, p.z, other.z);
    field.add(t3, t3, t3);
    // x = e = b - a, y = h = b + a, z = g = d + c, t2 = f = d - c.
    field.subtract(p.x, t1, t0);
    field.add(p.y, t1, t0);
    field.add(p.z, t3, t2);
    field.subtract(t2, t3, t2);
    field.multiply(p.t, p.x, p.y);
    field.multiply(p.x, p.x, t2);
    field.multiply(p.y, p.y, p.z);
    field.multiply(p.z, p.z, t2);
  }

  /** The point of an encoding (§5.1.3), or null: y must be below the prime, x must exist. */
  @Nullable Point decode(byte[] encoded) {
    int[] y = field.zero();
    Limbs.readLittleEndian(y, encoded, 0, BYTES);
    int sign = y[7] >>> 31;
    y[7] &= 0x7FFFFFFF;
    if (!field.isBelow(y)) {
      return null;
    }
    field.in(y, y);
    int[] u = field.zero();
    int[] v = field.zero();
    field.multiply(u, y, y);
    field.multiply(v, u, d);
    field.subtract(u, u, field.one);
    field.add(v, v, field.one);
    int[] x = quotientRoot(u, v);
    if (x == null) {
      return null;
    }
    int[] plain = field.zero();
    field.out(plain, x);
    if (Limbs.isZero(plain) && sign == 1) {
      return null;
    }
    if ((plain[0] & 1) != sign) {
      field.subtract(x, zero, x);
    }
    return affine(x, y);
  }

  /** A square root of u/v, or null: u·v³·(u·v⁷)^((p-5)/8), times the root of -1 if it must. */
  private int @Nullable [] quotientRoot(int[] u, int[] v) {
    int[] cube = field.zero();
    field.multiply(cube, v, v);
    field.multiply(cube, cube, v);
    int[] x = field.zero();
    field.multiply(x, cube, cube);
    field.multiply(x, x, v);
    field.multiply(x, x, u);
    field.power(
        x, x, Limbs.hex("0FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFD"));
    field.multiply(x, x, cube);
    field.multiply(x, x, u);
    field.multiply(t0, x, x);
    field.multiply(t0, t0, v);
    if (Limbs.equal(t0, u)) {
      return x;
    }
    field.subtract(t1, zero, u);
    field.multiply(x, x, root);
    return Limbs.equal(t0, t1) ? x : null;
  }

  /** Writes the encoding of a point (§5.1.2). */
  void encode(Point p, byte[] encoded) {
    field.invert(t0, p.z);
    field.multiply(t1, p.x, t0);
    field.multiply(t2, p.y, t0);
    field.out(t1, t1);
    field.out(t2, t2);
    for (int i = 0; i < BYTES; i++) {
      encoded[i] = (byte) (t2[i >> 2] >>> (8 * (i & 3)));
    }
    encoded[BYTES - 1] |= (byte) ((t1[0] & 1) << 7);
  }

  private Point affine(int[] x, int[] y) {
    Point point = new Point();
    System.arraycopy(x, 0, point.x, 0, field.size);
    System.arraycopy(y, 0, point.y, 0, field.size);
    System.arraycopy(field.one, 0, point.z, 0, field.size);
    field.multiply(point.t, x, y);
    return point;
  }

  private int[] constant(String hex) {
    int[] constant = field.zero();
    field.in(constant, Limbs.hex(hex));
    return constant;
  }
}
