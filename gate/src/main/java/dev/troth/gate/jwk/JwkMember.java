package dev.troth.gate.jwk;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Base64Url;
import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;

/** One JSON Web Key (RFC 7517 §4) of a parsed document. A member that is null is not there. */
final class JwkMember {
  private static final byte[] KTY = Bytes.ascii("kty");
  private static final byte[] USE = Bytes.ascii("use");
  private static final byte[] SIG = Bytes.ascii("sig");
  private static final byte[] ALG = Bytes.ascii("alg");
  private static final byte[] KID = Bytes.ascii("kid");
  private static final byte[] OCT = Bytes.ascii("oct");
  private static final byte[] KEY_OPS = Bytes.ascii("key_ops");
  private static final byte[] VERIFY = Bytes.ascii("verify");

  final JsonTape tape;
  final int object;

  JwkMember(JsonTape tape, int object) {
    this.tape = tape;
    this.object = object;
  }

  /** Where a member is, or -1. */
  int member(byte[] name) {
    int value = tape.member(object, name);
    return tape.kind(value) == JsonTape.NULL ? -1 : value;
  }

  boolean is(byte[] name, byte[] text) {
    return tape.isString(member(name), text);
  }

  boolean isSecret() {
    return is(KTY, OCT);
  }

  /** The {@code kid}; empty without one. */
  byte[] id() {
    int kid = member(KID);
    return tape.kind(kid) == JsonTape.STRING ? text(kid) : new byte[0];
  }

  /** How messages call the key. */
  String name() {
    byte[] id = id();
    if (id.length == 0) {
      return "a key without kid";
    }
    StringBuilder name = new StringBuilder("key ");
    for (byte b : id) {
      name.append(b > ' ' && b < 0x7F ? (char) b : '?');
    }
    return name.toString();
  }

  /** Why the key is not one for verifying signatures, or nothing. */
  String problem() {
    if (tape.kind(object) != JsonTape.OBJECT) {
      return "an element of keys is not an object";
    }
    int kid = member(KID);
    int use = member(USE);
    if (kid >= 0 && tape.kind(kid) != JsonTape.STRING) {
      return "a key's kid is not a string";
    }
    if (use >= 0 && !tape.isString(use, SIG)) {
      return name() + ": use is not sig";
    }
    int operations = member(KEY_OPS);
    if (operations < 0) {
      return "";
    }
    for (int one = tape.last(operations); one >= 0; one = tape.previous(one)) {
      if (tape.isString(one, VERIFY)) {
        return "";
      }
    }
    return name() + ": key_ops has no verify";
  }

  /** The algorithms that the key is bound to, of those possible; 0 if it names another. */
  int algorithms(int usual, int possible) {
    int alg = member(ALG);
    if (alg < 0) {
      return usual;
    }
    Algorithm named =
        tape.kind(alg) == JsonTape.STRING
            ? Algorithm.named(tape.text(), tape.start(alg), tape.end(alg))
            : null;
    if (named == null || (named.bit() & possible) == 0) {
      return 0;
    }
    return named.isEdwards() ? possible : named.bit();
  }

  /** The bytes of a base64url member; none if it is missing or not strict. */
  byte[] bytes(byte[] name) {
    int value = member(name);
    if (tape.kind(value) != JsonTape.STRING) {
      return new byte[0];
    }
    byte[] decoded = new byte[tape.end(value) - tape.start(value)];
    int length = Base64Url.decode(tape.text(), tape.start(value), tape.end(value), decoded);
    byte[] exact = new byte[Math.max(0, length)];
    System.arraycopy(decoded, 0, exact, 0, exact.length);
    return exact;
  }

  private byte[] text(int value) {
    byte[] text = new byte[tape.end(value) - tape.start(value)];
    System.arraycopy(tape.text(), tape.start(value), text, 0, text.length);
    return text;
  }
}
