package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * A set of keys. Immutable. Refused: no key at all, two keys with one id, and secrets beside public
 * keys, which invites the confusion of a public key with a secret.
 */
public record Keyring(List<GateKey> keys) implements KeySource {
  public Keyring {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new KeyException("there is no usable key, expected at least one");
    }
    Set<String> ids = new HashSet<>();
    boolean secrets = false;
    boolean publics = false;
    for (GateKey key : keys) {
      if (!key.id().isEmpty() && !ids.add(key.id())) {
        throw new KeyException("two keys have the id %s, expected one".formatted(key.id()));
      }
      switch (key) {
        case GateKey.Secret secret -> secrets = true;
        case GateKey.Public shared -> publics = true;
      }
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

  private byte[][] parts() {
    return keys.stream()
        .map(key ->
            switch (key) {
              case GateKey.Secret secret -> secret.secret();
              case GateKey.Public shared -> shared.key().getEncoded();
            })
        .toArray(byte[][]::new);
  }

  private byte[] fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(settings().toBytes());
      for (byte[] part : parts()) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** The keys as the core's settings; public keys by the handle that {@link #arithmetic} knows. */
  public SettingsWriter settings() {
    SettingsWriter settings = new SettingsWriter();
    int handle = 0;
    for (GateKey key : keys) {
      byte[] id = key.id().getBytes(UTF_8);
      switch (key) {
        case GateKey.Secret secret -> settings.secret(key.algorithmBits(), id, secret.secret());
        case GateKey.Public shared -> settings.hostKey(key.algorithmBits(), id, handle);
      }
      handle++;
    }
    return settings;
  }

  /** Verifies with the public keys of this ring. */
  public SignatureArithmetic arithmetic() {
    return new JcaArithmetic(keys);
  }
}
