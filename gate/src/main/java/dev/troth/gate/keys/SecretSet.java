package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.jwk.SecretDocument;
import dev.troth.gate.jwk.SecretDocument.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Secrets out of a document: the bytes of one, or JWKs of kty {@code oct}. What looks public is
 * refused.
 *
 * @param form what the document was; a file keeps it
 */
public record SecretSet(Keyring keys, Form form) {
  /** One secret as a text, under the name by which it was given. */
  public static SecretSet ofText(String name, String text, Set<Algorithm> algorithms) {
    try {
      return parse(text.getBytes(UTF_8), algorithms, Form.RAW);
    } catch (KeyException e) {
      throw new KeyException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a document of a form; a {@link KeyException} says why none of it is usable.
   *
   * @param algorithms what a raw secret is bound to; empty for HS256
   */
  public static SecretSet parse(byte[] text, Set<Algorithm> algorithms, Form expected) {
    int bits = algorithms.stream().mapToInt(Algorithm::bit).sum();
    SecretDocument document = SecretDocument.read(text, bits, expected);
    if (!document.problem().isEmpty()) {
      throw new KeyException("the secret " + document.problem());
    }
    List<GateKey> keys = new ArrayList<>();
    for (int i = 0; i < document.count(); i++) {
      keys.add(
          new GateKey.Secret(
              new String(document.id(i), UTF_8),
              PublicKeySet.algorithms(document.algorithms(i)),
              document.secret(i)));
    }
    return new SecretSet(new Keyring(keys), document.form());
  }
}
