package dev.troth.gate.host;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Base64Url;
import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.SettingsWriter;

/** Reads the secrets of a key file: a JWK, a set of them, or the bytes of one secret. */
final class NativeKeys {
  private static final byte[] KEYS = Bytes.ascii("keys");
  private static final byte[] KTY = Bytes.ascii("kty");
  private static final byte[] OCT = Bytes.ascii("oct");
  private static final byte[] USE = Bytes.ascii("use");
  private static final byte[] SIG = Bytes.ascii("sig");
  private static final byte[] ALG = Bytes.ascii("alg");
  private static final byte[] KID = Bytes.ascii("kid");
  private static final byte[] K = Bytes.ascii("k");
  private static final int MAX_KEYS = 64;

  private NativeKeys() {}

  /** Writes the keys; what is wrong with them, or nothing. */
  static String write(byte[] text, SettingsWriter settings) {
    int at = 0;
    while (at < text.length && text[at] <= ' ') {
      at++;
    }
    return at < text.length && text[at] == '{'
        ? writeSet(text, settings)
        : writeSecret(text, settings);
  }

  static String writeSecret(byte[] text, SettingsWriter settings) {
    int length = text.length;
    if (length > 0 && text[length - 1] == '\n') {
      length--;
    }
    if (length > 0 && text[length - 1] == '\r') {
      length--;
    }
    byte[] secret = new byte[length];
    System.arraycopy(text, 0, secret, 0, length);
    return write(Algorithm.HS256, new byte[0], secret, settings);
  }

  private static String writeSet(byte[] json, SettingsWriter settings) {
    JsonTape tape = new JsonTape(1024, 8, json.length);
    if (tape.parse(json, 0, json.length) != JsonTape.Outcome.OK) {
      return "the JWK set is not a JSON object of unique members";
    }
    int list = tape.member(KEYS);
    if (list < 0) {
      return writeKey(tape, 0, settings);
    }
    int count = 0;
    for (int key = tape.last(list); key >= 0; key = tape.previous(key)) {
      for (int other = tape.previous(key); other >= 0; other = tape.previous(other)) {
        if (hasSameId(tape, key, other)) {
          return "the JWK set has two keys of one id";
        }
      }
      String problem = writeKey(tape, key, settings);
      if (!problem.isEmpty()) {
        return problem;
      }
      count++;
    }
    return count == 0 || count > MAX_KEYS ? "the JWK set has " + count + " keys" : "";
  }

  private static String writeKey(JsonTape tape, int key, SettingsWriter settings) {
    int use = tape.member(key, USE);
    if (!tape.isString(tape.member(key, KTY), OCT)) {
      return "a key is not of kty oct: this host verifies HS256, HS384 and HS512 alone";
    }
    if (use >= 0 && !tape.isString(use, SIG)) {
      return "a key's use is not sig";
    }
    int alg = tape.member(key, ALG);
    Algorithm algorithm =
        alg < 0
            ? Algorithm.HS256
            : tape.kind(alg) == JsonTape.STRING
                ? Algorithm.named(tape.text(), tape.start(alg), tape.end(alg))
                : null;
    if (algorithm == null || !algorithm.isHmac()) {
      return "a key's alg is none of HS256, HS384, HS512";
    }
    int k = tape.member(key, K);
    int kid = tape.member(key, KID);
    if (tape.kind(k) != JsonTape.STRING || kid >= 0 && tape.kind(kid) != JsonTape.STRING) {
      return "a key has no k, or its kid is not a string";
    }
    byte[] secret = new byte[tape.end(k) - tape.start(k)];
    int length = Base64Url.decode(tape.text(), tape.start(k), tape.end(k), secret);
    if (length < 0) {
      return "a key's k is not base64url";
    }
    byte[] exact = new byte[length];
    System.arraycopy(secret, 0, exact, 0, length);
    byte[] id = new byte[kid < 0 ? 0 : tape.end(kid) - tape.start(kid)];
    if (kid >= 0) {
      System.arraycopy(tape.text(), tape.start(kid), id, 0, id.length);
    }
    return write(algorithm, id, exact, settings);
  }

  private static String write(
      Algorithm algorithm, byte[] id, byte[] secret, SettingsWriter settings) {
    int least = algorithm.hashBytes();
    if (secret.length < least) {
      return "the secret is "
          + secret.length
          + " bytes long, expected at least "
          + least
          + ": make one with openssl rand -base64 "
          + least * 3 / 2;
    }
    settings.secret(algorithm.bit(), id, secret);
    return "";
  }

  private static boolean hasSameId(JsonTape tape, int key, int other) {
    int one = tape.member(key, KID);
    int two = tape.member(other, KID);
    return tape.kind(one) == JsonTape.STRING
        && tape.kind(two) == JsonTape.STRING
        && Bytes.equal(
            tape.text(),
            tape.start(one),
            tape.end(one),
            tape.text(),
            tape.start(two),
            tape.end(two));
  }
}
