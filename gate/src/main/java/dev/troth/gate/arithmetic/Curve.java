package dev.troth.gate.arithmetic;

/**
 * A curve of NIST, y² = x³ - 3x + b (SP 800-186 §3.2.1), with points in Jacobian coordinates (x/z²,
 * y/z³), their coordinates in Montgomery's form. Not thread-safe: it has scratch of its own.
 */
final class Curve {
  final int bytes;
  final Modulus field;
  final Modulus order;
  final Point generator;
  private final int[] b;
  private final int[] zero;
  private final int[] t0;
  private final int[] t1;
  private final int[] t2;
  private final int[] t3;
  private final int[] t4;

  /** A point; z = 0 is the one at infinity. */
  static final class Point {
    final int[] x;
    final int[] y;
    final int[] z;

    Point(int size) {
      x = new int[size];
      y = new int[size];
      z = new int[size];
    }

    void copy(Point other) {
      System.arraycopy(other.x, 0, x, 0, x.length);
      System.arraycopy(other.y, 0, y, 0, y.length);
      System.arraycopy(other.z, 0, z, 0, z.length);
    }
  }

  private Curve(
      LimbOperations operations, int bytes, String p, String n, String b, String x, String y) {
    this.bytes = bytes;
    field = new Modulus(Limbs.hex(p), operations);
    order = new Modulus(Limbs.hex(n), operations);
    zero = field.zero();
    t0 = field.zero();
    t1 = field.zero();
    t2 = field.zero();
    t3 = field.zero();
    t4 = field.zero();
    this.b = field.zero();
    field.in(this.b, pad(Limbs.hex(b)));
    generator = new Point(field.size);
    field.in(generator.x, pad(Limbs.hex(x)));
    field.in(generator.y, pad(Limbs.hex(y)));
    System.arraycopy(field.one, 0, generator.z, 0, field.size);
  }

  static Curve p256(LimbOperations operations) {
    return new Curve(
        operations,
        32,
        "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF",
        "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
        "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B",
        "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296",
        "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5");
  }

  static Curve p384(LimbOperations operations) {
    return new Curve(
        operations,
        48,
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE"
            + "FFFFFFFF0000000000000000FFFFFFFF",
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF"
            + "581A0DB248B0A77AECEC196ACCC52973",
        "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875A"
            + "C656398D8A2ED19D2A85C8EDD3EC2AEF",
        "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A38"
            + "5502F25DBF55296C3A545E3872760AB7",
        "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C0"
            + "0A60B1CE1D7E819D7A431D7C90EA0E5F");
  }

  static Curve p521(LimbOperations operations) {
    return new Curve(
        operations,
        66,
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            + "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
            + "FFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
        "0051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF1"
            + "09E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00",
        "00C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D"
            + "3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66",
        "011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E"
            + "662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650");
  }

  /** Whether affine coordinates are those of a point: y² = x³ - 3x + b. */
  boolean contains(int[] x, int[] y) {
    field.multiply(t0, x, x);
    field.subtract(t0, t0, field.one);
    field.subtract(t0, t0, field.one);
    field.subtract(t0, t0, field.one);
    field.multiply(t0, t0, x);
    field.add(t0, t0, b);
    field.multiply(t1, y, y);
    return Limbs.equal(t0, t1);
  }

  /** The odd multiples 1, 3, 5, … of a point, made affine so that adding them costs less. */
  Point[] multiples(Point point) {
    Point twice = new Point(field.size);
    twice.copy(point);
    twice(twice);
    field.invert(t0, twice.z);
    normalize(twice, t0);
    Point[] multiples = new Point[SignedDigits.MULTIPLES];
    Point sum = new Point(field.size);
    sum.copy(point);
    for (int i = 0; i < multiples.length; i++) {
      multiples[i] = new Point(field.size);
      multiples[i].copy(sum);
      add(sum, twice, false);
    }
    normalize(multiples);
    return multiples;
  }

  /** Doubles a point (dbl-2001-b of Bernstein and Lange's Explicit-Formulas Database). */
  void twice(Point p) {
    if (Limbs.isZero(p.z)) {
      return;
    }
    // t0 = delta = z², t1 = gamma = y², t2 = beta = x·gamma, t3 = alpha = 3(x - delta)(x + delta).
    field.multiply(t0, p.z, p.z);
    field.multiply(t1, p.y, p.y);
    field.multiply(t2, p.x, t1);
    field.subtract(t3, p.x, t0);
    field.add(t4, p.x, t0);
    field.multiply(t4, t3, t4);
    field.add(t3, t4, t4);
    field.add(t3, t3, t4);
    // z = (y + z)² - gamma - delta.
    field.add(p.z, p.y, p.z);
    field.multiply(p.z, p.z, p.z);
    field.subtract(p.z, p.z, t1);
    field.subtract(p.z, p.z, t0);
    // x = alpha² - 8 beta.
    field.add(t2, t2, t2);
    field.add(t2, t2, t2);
    field.multiply(p.x, t3, t3);
    field.subtract(p.x, p.x, t2);
    field.subtract(p.x, p.x, t2);
    // y = alpha(4 beta - x) - 8 gamma².
    field.subtract(t2, t2, p.x);
    field.multiply(p.y, t3, t2);
    field.multiply(t1, t1, t1);
    field.add(t1, t1, t1);
    field.add(t1, t1, t1);
    field.add(t1, t1, t1);
    field.subtract(p.y, p.y, t1);
  }

  /** Adds an affine point to {@code p}, or subtracts it (madd of the same database). */
  void add(Point p, Point affine, boolean negative) {
    if (Limbs.isZero(p.z)) {
      p.copy(affine);
      if (negative) {
        field.subtract(p.y, zero, p.y);
      }
      return;
    }
    // t1 = h = x2·z² - x1, t2 = r = ±y2·z³ - y1.
    field.multiply(t0, p.z, p.z);
    field.multiply(t1, affine.x, t0);
    field.subtract(t1, t1, p.x);
    field.multiply(t2, affine.y, t0);
    field.multiply(t2, t2, p.z);
    if (negative) {
      field.add(t2, t2, p.y);
      field.subtract(t2, zero, t2);
    } else {
      field.subtract(t2, t2, p.y);
    }
    if (Limbs.isZero(t1)) {
      // The same point, or its opposite.
      if (Limbs.isZero(t2)) {
        twice(p);
      } else {
        System.arraycopy(t1, 0, p.z, 0, field.size);
      }
      return;
    }
    // t3 = h², t4 = h³, t0 = x1·h².
    field.multiply(t3, t1, t1);
    field.multiply(t4, t3, t1);
    field.multiply(t0, p.x, t3);
    field.multiply(p.z, p.z, t1);
    field.multiply(p.x, t2, t2);
    field.subtract(p.x, p.x, t4);
    field.subtract(p.x, p.x, t0);
    field.subtract(p.x, p.x, t0);
    field.subtract(t0, t0, p.x);
    field.multiply(t0, t0, t2);
    field.multiply(t4, t4, p.y);
    field.subtract(p.y, t0, t4);
  }

  /** Makes points affine by one inversion, that of the product of all z (Montgomery's trick). */
  private void normalize(Point[] points) {
    int[][] products = new int[points.length][];
    int[] product = field.one.clone();
    for (int i = 0; i < points.length; i++) {
      products[i] = product.clone();
      field.multiply(product, product, points[i].z);
    }
    field.invert(product, product);
    for (int i = points.length - 1; i >= 0; i--) {
      field.multiply(t0, product, products[i]);
      field.multiply(product, product, points[i].z);
      normalize(points[i], t0);
    }
  }

  /** Makes a point affine by 1/z. */
  private void normalize(Point p, int[] inverse) {
    field.multiply(t1, inverse, inverse);
    field.multiply(p.x, p.x, t1);
    field.multiply(t1, t1, inverse);
    field.multiply(p.y, p.y, t1);
    System.arraycopy(field.one, 0, p.z, 0, field.size);
  }

  private int[] pad(int[] limbs) {
    int[] padded = field.zero();
    System.arraycopy(limbs, 0, padded, 0, limbs.length);
    return padded;
  }
}
