package dev.troth.gate.jwk;

import dev.troth.gate.core.Bytes;

/** What a text looks like. It decides only what to tell a person: nothing is taken up by it. */
final class Texts {
  private static final byte[] BEGIN = Bytes.ascii("-----BEGIN ");
  private static final byte[] SSH = Bytes.ascii("ssh-");
  private static final byte[] ECDSA = Bytes.ascii("ecdsa-sha2-");

  private Texts() {}

  /** Behind a byte order mark and white space. */
  static int start(byte[] text) {
    int at = hasMark(text) ? 3 : 0;
    while (at < text.length && text[at] >= 0 && text[at] <= ' ') {
      at++;
    }
    return at;
  }

  static boolean hasMark(byte[] text) {
    return text.length >= 3
        && text[0] == (byte) 0xEF
        && text[1] == (byte) 0xBB
        && text[2] == (byte) 0xBF;
  }

  /** Where the next PEM block begins, or -1. */
  static int pem(byte[] text, int from) {
    return find(text, from, BEGIN);
  }

  static int find(byte[] text, int from, byte[] wanted) {
    for (int at = from; at + wanted.length <= text.length; at++) {
      if (Bytes.equal(text, at, at + wanted.length, wanted)) {
        return at;
      }
    }
    return -1;
  }

  /** What a text is that is no secret, with the cure; empty if it may be one. */
  static String publicMatter(byte[] text) {
    int at = start(text);
    if (hasMark(text)) {
      return "begins with a byte order mark, expected a secret alone";
    }
    if (pem(text, 0) >= 0) {
      return "is PEM: public keys come by --keys or GATE_KEYS";
    }
    String other = otherMatter(text, at);
    return other.isEmpty() && at < text.length && text[at] == '{'
        ? "begins with { and is not a JWK of kty oct or a set of them"
        : other;
  }

  /** What a text is that is neither a JWK nor PEM, with the cure; empty if nobody can say. */
  static String otherMatter(byte[] text, int at) {
    if (at == text.length) {
      return "is empty";
    }
    if (text[at] == '<') {
      return "is markup, as an HTML page is";
    }
    if (text[at] == '[') {
      return "is a JSON array, expected {\"keys\":[...]}";
    }
    if (startsWith(text, at, SSH) || startsWith(text, at, ECDSA)) {
      return "is an OpenSSH key: ssh-keygen -e -m PKCS8 -f FILE makes PEM of it";
    }
    Der der = new Der(text, 0, text.length);
    return der.enter(Der.SEQUENCE) && der.to() == text.length
        ? "is DER: openssl pkey -pubin -inform DER -in FILE makes PEM of it"
        : "";
  }

  private static boolean startsWith(byte[] text, int at, byte[] start) {
    return at + start.length <= text.length && Bytes.equal(text, at, at + start.length, start);
  }
}
