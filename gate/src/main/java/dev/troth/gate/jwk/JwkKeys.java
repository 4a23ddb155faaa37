package dev.troth.gate.jwk;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.jwk.PublicKeyData.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Public keys as a JWK or a set of them (RFC 7517, RFC 7518 §6, RFC 8037). A key that cannot verify
 * signatures is ignored alone, with the reason (§5); a secret among them refuses them all.
 */
final class JwkKeys {
  private static final int MAX_VALUES = 8192;
  private static final int MAX_DEPTH = 8;
  private static final byte[] KEYS = Bytes.ascii("keys");
  private static final byte[] KTY = Bytes.ascii("kty");
  private static final byte[] CRV = Bytes.ascii("crv");
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
  private static final byte[] ED448 = Bytes.ascii("Ed448");

  private final KeyDocument document;

  JwkKeys(KeyDocument document) {
    this.document = document;
  }

  void read(byte[] text, int from) {
    JsonTape tape = new JsonTape(Math.min(MAX_VALUES, text.length), MAX_DEPTH, text.length);
    switch (tape.parse(text, from, text.length)) {
      case OK -> {}
      case NOT_JSON -> document.fail("is not a JSON object");
      case DUPLICATE_MEMBER -> document.fail("has an object with two members of one name");
      case TOO_LARGE ->
          document.fail(
              "is deeper than " + MAX_DEPTH + " or has more than " + MAX_VALUES + " values");
    }
    if (!document.problem().isEmpty()) {
      return;
    }
    int list = tape.member(KEYS);
    if (list < 0) {
      key(new JwkMember(tape, 0));
    } else if (tape.kind(list) != JsonTape.ARRAY) {
      document.fail("has keys that are not an array of JWKs");
    } else {
      // The tape leads from the last to the first.
      int count = 0;
      for (int key = tape.last(list); key >= 0; key = tape.previous(key)) {
        count++;
      }
      int[] members = new int[count];
      for (int key = tape.last(list); key >= 0; key = tape.previous(key)) {
        members[--count] = key;
      }
      for (int member : members) {
        key(new JwkMember(tape, member));
      }
    }
  }

  private void key(JwkMember jwk) {
    if (jwk.isSecret()) {
      document.fail(
          "has a secret (kty oct), "
              + jwk.name()
              + ": secrets come by --secret-file or"
              + " JWT_SECRET_FILE");
      return;
    }
    String problem = jwk.problem();
    if (!problem.isEmpty()) {
      document.ignore(problem);
      return;
    }
    if (jwk.member(D) >= 0) {
      document.ignore(
          jwk.name() + " contains its private part (d): give gate the public key alone");
      return;
    }
    Kind kind = kind(jwk);
    if (kind == null) {
      document.ignore(jwk.name() + ": kty and crv are of no key that gate knows");
      return;
    }
    int algorithms = jwk.algorithms(kind.usual(), kind.possible());
    if (algorithms == 0) {
      document.ignore(jwk.name() + ": alg does not fit its kind of key");
      return;
    }
    byte[] first = jwk.bytes(kind == Kind.RSA ? N : X);
    byte[] second = jwk.bytes(kind == Kind.RSA ? E : Y);
    boolean edwards = kind == Kind.ED25519 || kind == Kind.ED448;
    int size = kind.coordinateBytes();
    if (first.length == 0 || (second.length == 0 && !edwards)) {
      document.ignore(jwk.name() + " lacks a member of its key, or it is not base64url");
    } else if (size > 0 && (first.length != size || (second.length != size && !edwards))) {
      document.ignore(jwk.name() + ": x or y has not " + size + " bytes, as its curve wants");
    } else {
      document.add(
          new PublicKeyData(kind, jwk.id(), algorithms, first, edwards ? new byte[0] : second));
    }
  }

  private static @Nullable Kind kind(JwkMember jwk) {
    if (jwk.is(KTY, RSA)) {
      return Kind.RSA;
    }
    if (jwk.is(KTY, EC)) {
      return jwk.is(CRV, P256)
          ? Kind.P256
          : jwk.is(CRV, P384) ? Kind.P384 : jwk.is(CRV, P521) ? Kind.P521 : null;
    }
    if (jwk.is(KTY, OKP)) {
      return jwk.is(CRV, ED25519) ? Kind.ED25519 : jwk.is(CRV, ED448) ? Kind.ED448 : null;
    }
    return null;
  }
}
