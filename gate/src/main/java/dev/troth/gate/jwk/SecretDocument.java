package dev.troth.gate.jwk;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.SettingsWriter;

/**
 * A document of secrets, read: the bytes of one, or JWKs of kty {@code oct}. What looks like
 * something public (a page, PEM, DER, an OpenSSH key) is no secret: whoever has read it could sign.
 */
public final class SecretDocument {
  /** What the first reading of a file may be; later ones are held to what it was. */
  public enum Form {
    ANY,
    RAW,
    JWK
  }

  private static final int MAX_VALUES = 1024;
  private static final int MAX_DEPTH = 8;
  private static final int MAX_SECRETS = 64;
  private static final byte[] KEYS = Bytes.ascii("keys");
  private static final byte[] K = Bytes.ascii("k");
  private static final byte[] NO_ID = {};
  private static final int HMACS =
      Algorithm.HS256.bit() | Algorithm.HS384.bit() | Algorithm.HS512.bit();

  private final byte[][] ids = new byte[MAX_SECRETS][];
  private final byte[][] secrets = new byte[MAX_SECRETS][];
  private final int[] algorithms = new int[MAX_SECRETS];
  private int count;
  private Form form = Form.RAW;
  private String problem = "";

  private SecretDocument() {}

  /**
   * Reads a document; of raw bytes one line end is not a part.
   *
   * @param bound the only algorithms of a secret, as bits; 0 for HS256, or what a JWK says
   */
  public static SecretDocument read(byte[] text, int bound, Form expected) {
    SecretDocument document = new SecretDocument();
    int start = Texts.start(text);
    boolean json = start < text.length && text[start] == '{' && expected != Form.RAW;
    if (json) {
      document.form = Form.JWK;
      document.jwks(text, start, bound);
    } else if (expected == Form.JWK) {
      document.fail("is not a JWK of kty oct or a set of them, as it was at the start");
    } else {
      document.raw(text, bound);
    }
    return document;
  }

  /** Why none of the document is used, or nothing; it goes on where the document's name ends. */
  public String problem() {
    return problem;
  }

  public Form form() {
    return form;
  }

  /** How many secrets there are; none if there is a problem. */
  public int count() {
    return problem.isEmpty() ? count : 0;
  }

  public byte[] id(int index) {
    return ids[index];
  }

  public byte[] secret(int index) {
    return secrets[index];
  }

  /** What a secret is bound to, bits of {@link Algorithm#bit}. */
  public int algorithms(int index) {
    return algorithms[index];
  }

  /** Writes the secrets into a module's settings. */
  public void writeTo(SettingsWriter settings) {
    for (int i = 0; i < count(); i++) {
      settings.secret(algorithms[i], ids[i], secrets[i]);
    }
  }

  private void fail(String words) {
    if (problem.isEmpty()) {
      problem = words;
    }
  }

  private void raw(byte[] text, int bound) {
    String matter = Texts.publicMatter(text);
    if (!matter.isEmpty() && text.length > 0) {
      fail(matter);
      return;
    }
    int length = text.length;
    if (length > 0 && text[length - 1] == '\n') {
      length--;
    }
    if (length > 0 && text[length - 1] == '\r') {
      length--;
    }
    byte[] secret = new byte[length];
    System.arraycopy(text, 0, secret, 0, length);
    add(NO_ID, bound == 0 ? Algorithm.HS256.bit() : bound, secret);
  }

  private void jwks(byte[] text, int start, int bound) {
    JsonTape tape = new JsonTape(Math.min(MAX_VALUES, text.length), MAX_DEPTH, text.length);
    if (tape.parse(text, start, text.length) != JsonTape.Outcome.OK) {
      fail("begins with { and is not JSON of unique members");
      return;
    }
    int list = tape.member(KEYS);
    if (list < 0) {
      key(new JwkMember(tape, 0), bound);
    }
    for (int key = tape.last(list); key >= 0; key = tape.previous(key)) {
      key(new JwkMember(tape, key), bound);
    }
    if (count == 0) {
      fail("has no JWK of these algorithms");
    }
  }

  private void key(JwkMember jwk, int only) {
    String wrong = jwk.problem();
    int bound = jwk.algorithms(only == 0 ? Algorithm.HS256.bit() : only, HMACS);
    if (!wrong.isEmpty()) {
      fail("has " + wrong);
    } else if (!jwk.isSecret()) {
      fail("has a key that is no secret (kty oct): public keys come by --keys or GATE_KEYS");
    } else if (bound == 0) {
      fail("has a secret whose alg is none of HS256, HS384, HS512");
    } else if (only == 0 || (bound & only) != 0) {
      add(jwk.id(), bound, jwk.bytes(K));
    }
  }

  private void add(byte[] id, int bound, byte[] secret) {
    for (int i = 0; i < 3; i++) {
      Algorithm algorithm = Algorithm.of(i);
      if (algorithm != null
          && (bound & algorithm.bit()) != 0
          && secret.length < algorithm.hashBytes()) {
        fail(tooShort(algorithm, secret.length));
      }
    }
    if ((bound & ~HMACS) != 0) {
      fail("is a secret, which is for HS256, HS384 and HS512 alone");
    }
    for (int i = 0; i < count; i++) {
      if (id.length > 0 && Bytes.equal(id, 0, id.length, ids[i]) && (bound & algorithms[i]) != 0) {
        fail("has two secrets of one kid");
      }
    }
    if (count == MAX_SECRETS) {
      fail("has more than " + MAX_SECRETS + " secrets");
    } else {
      ids[count] = id;
      algorithms[count] = bound;
      secrets[count++] = secret;
    }
  }

  private static String tooShort(Algorithm algorithm, int length) {
    int least = algorithm.hashBytes();
    return "is too short: "
        + length
        + " bytes for "
        + algorithm.name()
        + ", expected at least "
        + least
        + ": make one with openssl rand -base64 "
        + least * 3 / 2;
  }
}
