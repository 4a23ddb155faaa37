package dev.troth.gate.jwk;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.jwk.PublicKeyData.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Public keys and certificates in PEM (RFC 7468; RFC 5280 §4.1, RFC 8017 §A.1.1, RFC 5480, RFC
 * 8410). Text around the blocks is passed over. Dates and issuers of certificates are not looked
 * at.
 */
final class PemKeys {
  private static final byte[] DASHES = Bytes.ascii("-----");
  private static final byte[] END = Bytes.ascii("-----END ");
  private static final byte[] PUBLIC_KEY = Bytes.ascii("PUBLIC KEY");
  private static final byte[] RSA_PUBLIC_KEY = Bytes.ascii("RSA PUBLIC KEY");
  private static final byte[] CERTIFICATE = Bytes.ascii("CERTIFICATE");
  private static final byte[] PRIVATE = Bytes.ascii("PRIVATE");
  private static final int BEGIN_BYTES = 11;

  private static final byte[] RSA = {
    0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 13, 1, 1, 1
  };
  private static final byte[] EC = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};
  private static final byte[] P256 = {0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 3, 1, 7};
  private static final byte[] P384 = {0x2B, (byte) 0x81, 4, 0, 0x22};
  private static final byte[] P521 = {0x2B, (byte) 0x81, 4, 0, 0x23};
  private static final byte[] ED25519 = {0x2B, 0x65, 0x70};
  private static final byte[] ED448 = {0x2B, 0x65, 0x71};
  private static final byte[] NOTHING = {};

  private final KeyDocument document;
  private final int rsaAlgorithms;

  PemKeys(KeyDocument document, int rsaAlgorithms) {
    this.document = document;
    this.rsaAlgorithms = rsaAlgorithms;
  }

  void read(byte[] text) {
    int at = Texts.pem(text, 0);
    while (at >= 0) {
      int label = at + BEGIN_BYTES;
      int labelTo = Texts.find(text, label, DASHES);
      int end = labelTo < 0 ? -1 : Texts.find(text, labelTo + DASHES.length, END);
      if (end < 0) {
        document.fail("a PEM block has no end");
        return;
      }
      block(text, label, labelTo, end);
      at = Texts.pem(text, end);
    }
  }

  private void block(byte[] text, int label, int labelTo, int end) {
    byte[] der = base64(text, labelTo + DASHES.length, end);
    if (der == null) {
      document.fail("a PEM block is not base64");
    } else if (Bytes.equal(text, label, labelTo, PUBLIC_KEY)) {
      subject(new Der(der, 0, der.length));
    } else if (Bytes.equal(text, label, labelTo, RSA_PUBLIC_KEY)) {
      rsa(new Der(der, 0, der.length));
    } else if (Bytes.equal(text, label, labelTo, CERTIFICATE)) {
      certificate(new Der(der, 0, der.length));
    } else {
      int secret = Texts.find(text, label, PRIVATE);
      document.fail(
          secret >= 0 && secret < labelTo
              ? "a PEM block is a private key: gate needs the public key alone (openssl pkey"
                  + " -pubout)"
              : "a PEM block is none of PUBLIC KEY, RSA PUBLIC KEY and CERTIFICATE");
    }
  }

  private void certificate(Der der) {
    boolean found = der.enter(Der.SEQUENCE);
    // Within the certificate, what was signed.
    found = found && der.enter(Der.SEQUENCE);
    if (found && der.isNext(Der.CONTEXT_0)) {
      found = der.skip(Der.CONTEXT_0);
    }
    // Serial number; then signature's algorithm, issuer, dates and subject.
    found = found && der.skip(Der.INTEGER);
    for (int i = 0; i < 4; i++) {
      found = found && der.skip(Der.SEQUENCE);
    }
    if (found) {
      subject(der);
    } else {
      document.fail("a PEM block CERTIFICATE is not an X.509 certificate");
    }
  }

  /** {@code SubjectPublicKeyInfo}. */
  private void subject(Der der) {
    if (!der.enter(Der.SEQUENCE) || !der.skip(Der.SEQUENCE)) {
      document.fail("a PEM block is not the public key that it says");
      return;
    }
    Der algorithm = der.inside(0);
    if (!algorithm.skip(Der.OBJECT_IDENTIFIER)
        || !der.skip(Der.BIT_STRING)
        || der.content().length < 2
        || der.content()[0] != 0) {
      document.fail("a PEM block is not the public key that it says");
    } else if (algorithm.isContent(RSA)) {
      rsa(der.inside(1));
    } else if (algorithm.isContent(EC)) {
      Kind kind = curve(algorithm);
      if (kind == null) {
        document.fail("a PEM block has an EC key on none of P-256, P-384 and P-521");
      } else {
        point(kind, der.content());
      }
    } else if (algorithm.isContent(ED25519)) {
      edwards(Kind.ED25519, der.content());
    } else if (algorithm.isContent(ED448)) {
      edwards(Kind.ED448, der.content());
    } else {
      document.fail("a PEM block is not an RSA, EC, Ed25519 or Ed448 key");
    }
  }

  private void rsa(Der der) {
    boolean entered = der.enter(Der.SEQUENCE);
    byte[] modulus = entered ? der.unsigned() : NOTHING;
    byte[] exponent = entered ? der.unsigned() : NOTHING;
    if (modulus.length == 0 || exponent.length == 0 || !der.isAtEnd()) {
      document.fail("a PEM block is not the RSA key that it says");
      return;
    }
    int bound = rsaAlgorithms == 0 ? Kind.RSA.usual() : rsaAlgorithms;
    if ((bound & ~Kind.RSA.possible()) != 0) {
      document.fail("an algorithm does not fit an RSA key, expected RS or PS");
      return;
    }
    document.add(new PublicKeyData(Kind.RSA, NOTHING, bound, modulus, exponent));
  }

  private static @Nullable Kind curve(Der algorithm) {
    if (!algorithm.skip(Der.OBJECT_IDENTIFIER)) {
      return null;
    }
    return algorithm.isContent(P256)
        ? Kind.P256
        : algorithm.isContent(P384) ? Kind.P384 : algorithm.isContent(P521) ? Kind.P521 : null;
  }

  /** Behind the number of unused bits: 4, then the coordinates (SEC 1 §2.3.3). */
  private void point(Kind kind, byte[] bits) {
    int size = kind.coordinateBytes();
    if (bits.length != 2 + 2 * size || bits[1] != 4) {
      document.fail("a PEM block has an EC key that is compressed or of another length");
      return;
    }
    document.add(
        new PublicKeyData(
            kind, NOTHING, kind.usual(), slice(bits, 2, size), slice(bits, 2 + size, size)));
  }

  private void edwards(Kind kind, byte[] bits) {
    int size = kind.coordinateBytes();
    if (bits.length != 1 + size) {
      document.fail("a PEM block has an Edwards key of another length");
      return;
    }
    document.add(new PublicKeyData(kind, NOTHING, kind.usual(), slice(bits, 1, size), NOTHING));
  }

  /** The bytes of base64 with line ends (RFC 7468 §2), or null. */
  private static byte @Nullable [] base64(byte[] text, int from, int to) {
    byte[] out = new byte[(to - from) / 4 * 3 + 3];
    int length = 0;
    int value = 0;
    int digits = 0;
    int pads = 0;
    for (int i = from; i < to; i++) {
      int b = text[i];
      if (b == '\n' || b == '\r' || b == ' ' || b == '\t') {
        continue;
      }
      int digit = digit(b);
      if (b == '=' && pads < 2) {
        pads++;
      } else if (digit < 0 || pads > 0) {
        return null;
      }
      value = (value << 6) | Math.max(0, digit);
      if (++digits % 4 == 0) {
        out[length++] = (byte) (value >> 16);
        out[length++] = (byte) (value >> 8);
        out[length++] = (byte) value;
      }
    }
    return digits == 0 || digits % 4 != 0 ? null : slice(out, 0, length - pads);
  }

  private static int digit(int b) {
    if (b >= 'A' && b <= 'Z') {
      return b - 'A';
    }
    if (b >= 'a' && b <= 'z') {
      return b - 'a' + 26;
    }
    return b >= '0' && b <= '9' ? b - '0' + 52 : b == '+' ? 62 : b == '/' ? 63 : -1;
  }

  private static byte[] slice(byte[] bytes, int from, int size) {
    byte[] slice = new byte[size];
    System.arraycopy(bytes, from, slice, 0, size);
    return slice;
  }
}
