package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.jwk.KeyDocument;
import dev.troth.gate.jwk.PublicKeyData;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Public keys out of a document: a JWK, a set of them (RFC 7517 §5), or PEM. A secret is never
 * among them.
 *
 * @param keys those that can verify signatures
 * @param ignored why the others cannot: sets may hold keys for other purposes
 */
public record PublicKeySet(Keyring keys, List<String> ignored) {
  public PublicKeySet {
    ignored = List.copyOf(ignored);
  }

  /** Reads a document; a {@link KeyException} says why none of it is usable. */
  public static PublicKeySet parse(byte[] text) {
    return parse(text, Set.of());
  }

  /**
   * Reads a document.
   *
   * @param algorithms the only ones that the keys may be used with, and what an RSA key in PEM is
   *     bound to; empty for all that they fit, and RS256
   */
  public static PublicKeySet parse(byte[] text, Set<Algorithm> algorithms) {
    int bits =
        algorithms.stream()
            .filter(
                algorithm -> !algorithm.isHmac() && algorithm.number() < Algorithm.ES256.number())
            .mapToInt(Algorithm::bit)
            .sum();
    KeyDocument document = KeyDocument.read(text, bits);
    if (!document.problem().isEmpty()) {
      throw new KeyException("the key document " + document.problem());
    }
    List<GateKey> keys = new ArrayList<>();
    List<String> ignored = new ArrayList<>(document.ignored());
    for (PublicKeyData key : document.keys()) {
      try {
        keys.add(key(key));
      } catch (KeyException weak) {
        ignored.add(String.valueOf(weak.getMessage()));
      }
    }
    if (keys.isEmpty()) {
      throw new KeyException("the key document has no usable key: " + String.join("; ", ignored));
    }
    return new PublicKeySet(new Keyring(keys), ignored).restrictedTo(algorithms);
  }

  /** The keys with these algorithms alone; with none given, as they are. */
  public PublicKeySet restrictedTo(Set<Algorithm> algorithms) {
    if (algorithms.isEmpty()) {
      return this;
    }
    List<GateKey> left = new ArrayList<>();
    for (GateKey key : keys.keys()) {
      Set<Algorithm> bound = EnumSet.copyOf(key.algorithms());
      bound.retainAll(algorithms);
      if (!bound.isEmpty() && key instanceof GateKey.Public open) {
        left.add(new GateKey.Public(open.id(), bound, open.key()));
      }
    }
    if (left.isEmpty()) {
      throw new KeyException("none of the keys fits an algorithm of " + algorithms);
    }
    return new PublicKeySet(new Keyring(left), ignored);
  }

  private static GateKey key(PublicKeyData key) {
    String id = new String(key.id(), UTF_8);
    try {
      return new GateKey.Public(id, algorithms(key.algorithms()), JcaKeys.of(key));
    } catch (GeneralSecurityException e) {
      throw new KeyException(
          "%s: %s".formatted(id.isEmpty() ? "key" : "key " + id, e.getMessage()), e);
    }
  }

  static Set<Algorithm> algorithms(int bits) {
    EnumSet<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
    for (Algorithm algorithm : Algorithm.values()) {
      if ((bits & algorithm.bit()) != 0) {
        algorithms.add(algorithm);
      }
    }
    return algorithms;
  }
}
