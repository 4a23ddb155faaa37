package dev.troth.gate.keys;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.SettingsWriter;
import dev.troth.gate.core.SignatureArithmetic;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A set of keys. Immutable. Refused: no key at all, two keys with one id for one algorithm, and
 * secrets beside public keys, which invites the confusion of a public key with a secret.
 */
public record Keyring(List<GateKey> keys) implements KeySource {
  public Keyring {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new KeyException("there is no usable key, expected at least one");
    }
    // RFC 7517 §4.5: keys of other kinds may have one id.
    Set<String> ids = new HashSet<>();
    boolean secrets = false;
    boolean publics = false;
    for (GateKey key : keys) {
      for (Algorithm algorithm : key.algorithms()) {
        if (!key.id().isEmpty() && !ids.add(algorithm + " " + key.id())) {
          throw new KeyException(
              "two keys have the id %s for %s, expected one".formatted(key.id(), algorithm));
        }
      }
      boolean secret = key instanceof GateKey.Secret;
      secrets |= secret;
      publics |= !secret;
    }
    if (secrets && publics) {
      throw new KeyException("the keys are secrets and public keys, expected one kind");
    }
  }

  /** One HS256 secret without an id. */
  public static Keyring secret(byte[] secret) {
    return new Keyring(List.of(new GateKey.Secret("", EnumSet.of(Algorithm.HS256), secret)));
  }

  @Override
  public Keyring keyring() {
    return this;
  }

  /** Whether both hold the same keys in the same order. */
  public boolean isSameAs(Keyring other) {
    return Arrays.equals(fingerprint(), other.fingerprint());
  }

  private byte[] fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(settings().toBytes());
      for (GateKey key : keys) {
        digest.update(key.material());
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** The keys as the core's settings; public keys by the handle that {@link #arithmetic} knows. */
  public SettingsWriter settings() {
    return settings(0);
  }

  /** The same with handles that begin at a number, for rings beside each other. */
  public SettingsWriter settings(int firstHandle) {
    SettingsWriter settings = new SettingsWriter();
    int handle = firstHandle;
    for (GateKey key : keys) {
      key.writeTo(settings, handle++);
    }
    return settings;
  }

  /** Verifies with the public keys of this ring. */
  public SignatureArithmetic arithmetic() {
    return new JcaArithmetic(keys);
  }

  /** Verifies with the public keys of rings whose handles follow each other. */
  public static SignatureArithmetic arithmetic(List<Keyring> rings) {
    return new JcaArithmetic(rings.stream().flatMap(ring -> ring.keys().stream()).toList());
  }
}
