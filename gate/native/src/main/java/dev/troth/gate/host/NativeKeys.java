package dev.troth.gate.host;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Base64Url;
import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.SettingsWriter;

/** Reads a key file: a JWK, a set of them, or the bytes of one secret. */
final class NativeKeys {
  private static final byte[] KEYS = Bytes.ascii("keys");
  private static final byte[] KTY = Bytes.ascii("kty");
  private static final byte[] OCT = Bytes.ascii("oct");
  private static final byte[] USE = Bytes.ascii("use");
  private static final byte[] SIG = Bytes.ascii("sig");
  private static final byte[] ALG = Bytes.ascii("alg");
  private static final byte[] KID = Bytes.ascii("kid");
  private static final byte[] K = Bytes.ascii("k");
  private static final byte[] KEY_OPS = Bytes.ascii("key_ops");
  private static final byte[] VERIFY = Bytes.ascii("verify");
  static final int MAX_KEYS = 64;

  private final PublicKeys publicKeys;
  private int secrets;
  private int count;

  NativeKeys(PublicKeys publicKeys) {
    this.publicKeys = publicKeys;
  }

  /** Writes the keys; what is wrong with them, or nothing. */
  String write(byte[] text, SettingsWriter settings) {
    secrets = 0;
    count = 0;
    int at = 0;
    while (at < text.length && text[at] <= ' ') {
      at++;
    }
    return at < text.length && text[at] == '{'
        ? writeSet(text, settings)
        : writeSecret(text, settings);
  }

  String writeSecret(byte[] text, SettingsWriter settings) {
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

  private String writeSet(byte[] json, SettingsWriter settings) {
    JsonTape tape = new JsonTape(1024, 8, json.length);
    if (tape.parse(json, 0, json.length) != JsonTape.Outcome.OK) {
      return "the JWK set is not a JSON object of unique members";
    }
    int list = tape.member(KEYS);
    if (list < 0) {
      return writeKey(tape, 0, settings);
    }
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
    }
    if (secrets > 0 && secrets < count) {
      return "the keys are secrets and public keys, expected one kind";
    }
    return count == 0 ? "the JWK set has no keys" : "";
  }

  private String writeKey(JsonTape tape, int key, SettingsWriter settings) {
    int use = tape.member(key, USE);
    if (use >= 0 && !tape.isString(use, SIG)) {
      return "a key's use is not sig";
    }
    if (!verifies(tape, tape.member(key, KEY_OPS))) {
      return "a key's key_ops has no verify";
    }
    int kid = tape.member(key, KID);
    if (kid >= 0 && tape.kind(kid) != JsonTape.STRING) {
      return "a key's kid is not a string";
    }
    if (++count > MAX_KEYS) {
      return "the JWK set has more than " + MAX_KEYS + " keys";
    }
    byte[] id = new byte[kid < 0 ? 0 : tape.end(kid) - tape.start(kid)];
    if (kid >= 0) {
      System.arraycopy(tape.text(), tape.start(kid), id, 0, id.length);
    }
    return tape.isString(tape.member(key, KTY), OCT)
        ? writeSecret(tape, key, id, settings)
        : publicKeys.write(tape, key, id, settings);
  }

  private static boolean verifies(JsonTape tape, int operations) {
    boolean found = operations < 0;
    for (int one = tape.last(operations); one >= 0; one = tape.previous(one)) {
      found |= tape.isString(one, VERIFY);
    }
    return found;
  }

  private String writeSecret(JsonTape tape, int key, byte[] id, SettingsWriter settings) {
    int alg = tape.member(key, ALG);
    Algorithm algorithm =
        alg < 0
            ? Algorithm.HS256
            : tape.kind(alg) == JsonTape.STRING
                ? Algorithm.named(tape.text(), tape.start(alg), tape.end(alg))
                : null;
    if (algorithm == null || !algorithm.isHmac()) {
      return "a secret's alg is none of HS256, HS384, HS512";
    }
    int k = tape.member(key, K);
    if (tape.kind(k) != JsonTape.STRING) {
      return "a secret has no k";
    }
    byte[] text = new byte[tape.end(k) - tape.start(k)];
    System.arraycopy(tape.text(), tape.start(k), text, 0, text.length);
    byte[] secret = decode(text);
    secrets++;
    return secret.length == 0
        ? "a secret's k is empty or not base64url"
        : write(algorithm, id, secret, settings);
  }

  /** The bytes of a base64url text; none if it is not strict. */
  static byte[] decode(byte[] text) {
    byte[] decoded = new byte[text.length];
    int length = Math.max(0, Base64Url.decode(text, 0, text.length, decoded));
    byte[] exact = new byte[length];
    System.arraycopy(decoded, 0, exact, 0, length);
    return exact;
  }

  private String write(Algorithm algorithm, byte[] id, byte[] secret, SettingsWriter settings) {
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
