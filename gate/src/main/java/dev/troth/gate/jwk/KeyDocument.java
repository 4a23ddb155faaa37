package dev.troth.gate.jwk;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.Bytes;
import dev.troth.gate.core.TokenValidator;
import java.util.ArrayList;
import java.util.List;

/**
 * A document of public keys, read: a JWK, a set of them, or PEM. It never holds a secret: what is
 * not recognised is a {@link #problem}.
 */
public final class KeyDocument {
  public static final int MAX_BYTES = 512 * 1024;
  public static final int MAX_KEYS = 256;

  private final List<PublicKeyData> keys = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();
  private String problem = "";

  private KeyDocument() {}

  /**
   * Reads a document.
   *
   * @param rsaAlgorithms what an RSA key in PEM is bound to, as bits; 0 for RS256
   */
  public static KeyDocument read(byte[] text, int rsaAlgorithms) {
    KeyDocument document = new KeyDocument();
    int start = Texts.start(text);
    if (text.length > MAX_BYTES) {
      document.fail("has " + text.length + " bytes, expected at most " + MAX_BYTES);
    } else if (start < text.length && text[start] == '{') {
      new JwkKeys(document).read(text, start);
    } else if (Texts.pem(text, start) >= 0) {
      new PemKeys(document, rsaAlgorithms).read(text);
    } else {
      String other = Texts.otherMatter(text, start);
      document.fail(
          other.isEmpty()
              ? "is neither JWK nor PEM; a secret comes by --secret-file or JWT_SECRET_FILE"
              : other + "; expected JWK or PEM");
    }
    if (document.problem.isEmpty() && document.keys.isEmpty()) {
      document.fail(
          document.ignored.isEmpty()
              ? "has no key"
              : "has no usable key: " + String.join("; ", document.ignored));
    }
    return document;
  }

  /** Why none of the document is used, or nothing; it goes on where the document's name ends. */
  public String problem() {
    return problem;
  }

  /** The keys in their order; none if there is a problem. */
  public List<PublicKeyData> keys() {
    return problem.isEmpty() ? keys : List.of();
  }

  /** Why single keys of a set are not used. */
  public List<String> ignored() {
    return ignored;
  }

  void fail(String words) {
    if (problem.isEmpty()) {
      problem = words;
    }
  }

  void ignore(String words) {
    ignored.add(words);
  }

  void add(PublicKeyData key) {
    int alike = 0;
    for (PublicKeyData other : keys) {
      boolean sameId = Bytes.equal(key.id(), 0, key.id().length, other.id());
      if (sameId && (key.algorithms() & other.algorithms()) != 0) {
        if (isSame(key, other)) {
          return;
        }
        alike++;
      }
    }
    if (alike > 0 && key.id().length > 0) {
      fail("has two keys of one kid for one algorithm: which of them a token means is not known");
    } else if (alike >= TokenValidator.MAX_ATTEMPTS) {
      fail(
          "has more than "
              + TokenValidator.MAX_ATTEMPTS
              + " keys without kid for one algorithm: give them one each");
    } else if (keys.size() == MAX_KEYS) {
      fail("has more than " + MAX_KEYS + " keys");
    } else {
      keys.add(key);
    }
  }

  private static boolean isSame(PublicKeyData key, PublicKeyData other) {
    return key.kind() == other.kind()
        && Bytes.equal(key.first(), 0, key.first().length, other.first())
        && Bytes.equal(key.second(), 0, key.second().length, other.second());
  }

  /** The names of a set of algorithm bits, for messages. */
  public static String names(int algorithms) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < Integer.SIZE; i++) {
      Algorithm algorithm = Algorithm.of(i);
      if (algorithm != null && (algorithms & algorithm.bit()) != 0) {
        names.append(names.length() == 0 ? "" : ", ").append(algorithm.name());
      }
    }
    return names.toString();
  }
}
