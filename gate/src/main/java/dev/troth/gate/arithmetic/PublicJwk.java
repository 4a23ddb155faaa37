package dev.troth.gate.arithmetic;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Base64Url;
import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;
import org.jspecify.annotations.Nullable;

/** One JWK (RFC 7517) of a public key: RSA and EC by RFC 7518 §6, Ed25519 by RFC 8037. */
final class PublicJwk {
  private static final byte[] KTY = Bytes.ascii("kty");
  private static final byte[] CRV = Bytes.ascii("crv");
  private static final byte[] ALG = Bytes.ascii("alg");
  private static final byte[] D = Bytes.ascii("d");
  private static final byte[] N = Bytes.ascii("n");
  private static final byte[] E = Bytes.ascii("e");
  private static final byte[] X = Bytes.ascii("x");
  private static final byte[] Y = Bytes.ascii("y");
  private static final byte[] RSA = Bytes.ascii("RSA");
  private static final byte[] EC = Bytes.ascii("EC");
  private static final byte[] OKP = Bytes.ascii("OKP");
  private static final byte[] P256 = Bytes.ascii("P-256");
  private static final byte[] P384 = Bytes.ascii("P-384");
  private static final byte[] P521 = Bytes.ascii("P-521");
  private static final byte[] ED25519 = Bytes.ascii("Ed25519");

  private final JsonTape tape;
  private final int jwk;
  private Algorithm algorithm = Algorithm.RS256;
  private String problem = "";

  PublicJwk(JsonTape tape, int jwk) {
    this.tape = tape;
    this.jwk = jwk;
  }

  /** The key, or null: then {@link #problem} says why. */
  @Nullable Verifier read() {
    if (tape.member(jwk, D) >= 0) {
      return fail("a key contains its private part (d): give gate the public key alone");
    }
    if (is(KTY, RSA)) {
      return rsa();
    }
    if (is(KTY, EC)) {
      return ec();
    }
    if (is(KTY, OKP)) {
      return okp();
    }
    return fail("a key's kty is none of oct, RSA, EC and OKP");
  }

  /** What {@link #read} found the key bound to. */
  Algorithm algorithm() {
    return algorithm;
  }

  String problem() {
    return problem;
  }

  private @Nullable Verifier rsa() {
    byte[] n = bytes(N);
    byte[] e = bytes(E);
    if (n == null || e == null) {
      return fail("an RSA key's n or e is missing or not base64url");
    }
    Verifier verifier = RsaVerifier.of(n, e);
    if (verifier == null) {
      return fail(
          "an RSA key is weak: expected 2048 to 8192 bits, an odd exponent of 3 or more, and no"
              + " generator with the flaw CVE-2017-15361");
    }
    return bound(Algorithm.RS256, Algorithm.RS256.bit() * 63) ? verifier : null;
  }

  private @Nullable Verifier ec() {
    Algorithm ofCurve;
    if (is(CRV, P256)) {
      ofCurve = Algorithm.ES256;
    } else if (is(CRV, P384)) {
      ofCurve = Algorithm.ES384;
    } else if (is(CRV, P521)) {
      ofCurve = Algorithm.ES512;
    } else {
      return fail("an EC key's crv is none of P-256, P-384 and P-521");
    }
    byte[] x = bytes(X);
    byte[] y = bytes(Y);
    Verifier verifier = x == null || y == null ? null : EcdsaVerifier.of(ofCurve, x, y);
    if (verifier == null) {
      return fail("an EC key's x and y are not the whole coordinates of a point on its curve");
    }
    return bound(ofCurve, ofCurve.bit()) ? verifier : null;
  }

  private @Nullable Verifier okp() {
    if (!is(CRV, ED25519)) {
      return fail("an OKP key's crv is not Ed25519: Ed448 is verified by the JVM hosts alone");
    }
    byte[] x = bytes(X);
    Verifier verifier = x == null ? null : Ed25519Verifier.of(x);
    if (verifier == null) {
      return fail("an Ed25519 key's x is not the encoding of a point");
    }
    return bound(Algorithm.EdDSA, Algorithm.EdDSA.bit()) ? verifier : null;
  }

  /** Binds the key to the algorithm that it names, or to the usual one of its kind. */
  private boolean bound(Algorithm usual, int allowed) {
    int alg = tape.member(jwk, ALG);
    Algorithm named =
        alg < 0
            ? usual
            : tape.kind(alg) == JsonTape.STRING
                ? Algorithm.named(tape.text(), tape.start(alg), tape.end(alg))
                : null;
    if (named == null || (named.bit() & allowed) == 0) {
      problem = "a key's alg does not fit its kind";
      return false;
    }
    algorithm = named;
    return true;
  }

  private boolean is(byte[] member, byte[] text) {
    return tape.isString(tape.member(jwk, member), text);
  }

  private byte @Nullable [] bytes(byte[] member) {
    int value = tape.member(jwk, member);
    if (tape.kind(value) != JsonTape.STRING) {
      return null;
    }
    byte[] decoded = new byte[tape.end(value) - tape.start(value)];
    int length = Base64Url.decode(tape.text(), tape.start(value), tape.end(value), decoded);
    if (length <= 0) {
      return null;
    }
    byte[] exact = new byte[length];
    System.arraycopy(decoded, 0, exact, 0, length);
    return exact;
  }

  private @Nullable Verifier fail(String words) {
    problem = words;
    return null;
  }
}
