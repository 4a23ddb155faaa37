package dev.troth.server.tls;

import java.io.ByteArrayOutputStream;

/** Private keys in their older forms, wrapped as PKCS #8 (RFC 5958), which alone Java reads. */
final class Pkcs8 {
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  /** rsaEncryption, with the NULL that goes with it (RFC 8017 A.1). */
  private static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  /** id-ecPublicKey (RFC 5480 §2.1.1). */
  private static final byte[] EC = {
    0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
  };

  private Pkcs8() {}

  static byte[] ofRsa(byte[] pkcs1) {
    return tagged(0x30, VERSION_0, RSA, tagged(0x04, pkcs1));
  }

  /** Of an ECPrivateKey (RFC 5915), which names its curve. */
  static byte[] ofEc(byte[] sec1) {
    return tagged(0x30, VERSION_0, tagged(0x30, EC, curve(sec1)), tagged(0x04, sec1));
  }

  /** The name of the curve with its tag: what the field [0] holds, behind version and key. */
  private static byte[] curve(byte[] sec1) {
    int at = contents(sec1, 0, 0x30);
    at = after(sec1, at, 0x02);
    at = after(sec1, at, 0x04);
    int from = contents(sec1, at, 0xa0);
    int to = after(sec1, from, 0x06);
    byte[] curve = new byte[to - from];
    System.arraycopy(sec1, from, curve, 0, curve.length);
    return curve;
  }

  private static int contents(byte[] der, int at, int tag) {
    if (at + 2 > der.length || (der[at] & 0xff) != tag) {
      throw new IllegalArgumentException("expected the tag %02x at %d".formatted(tag, at));
    }
    int first = der[at + 1] & 0xff;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int after(byte[] der, int at, int tag) {
    int from = contents(der, at, tag);
    int length = der[at + 1] & 0xff;
    if (length >= 0x80) {
      length = 0;
      for (int i = at + 2; i < from && i < der.length; i++) {
        length = length << 8 | der[i] & 0xff;
      }
    }
    int to = from + length;
    if (length < 0 || to > der.length || to < from) {
      throw new IllegalArgumentException("the field at %d is longer than the rest".formatted(at));
    }
    return to;
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = (39 - Integer.numberOfLeadingZeros(length)) / 8;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(length >> 8 * i);
      }
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
