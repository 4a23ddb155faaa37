package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.core.SettingsWriter;
import java.security.PublicKey;
import java.util.EnumSet;
import java.util.Set;

/** One key, bound to the algorithms it may be used with. */
public sealed interface GateKey {
  /** The {@code kid}; empty if the key has none. */
  String id();

  Set<Algorithm> algorithms();

  /** What tells this key from another of the same id and algorithms. */
  byte[] material();

  /** Writes the key into the core's settings, a public one by its handle. */
  void writeTo(SettingsWriter settings, int handle);

  default int algorithmBits() {
    int bits = 0;
    for (Algorithm algorithm : algorithms()) {
      bits |= algorithm.bit();
    }
    return bits;
  }

  /** A shared secret; it never appears in text. */
  @SuppressWarnings("ArrayRecordComponent") // copied on its way in and out, never compared
  record Secret(String id, Set<Algorithm> algorithms, byte[] secret) implements GateKey {
    public Secret {
      algorithms = EnumSet.copyOf(algorithms);
      secret = secret.clone();
      for (Algorithm algorithm : algorithms) {
        if (!algorithm.isHmac()) {
          throw new KeyException("%s is not an algorithm for a secret".formatted(algorithm));
        }
        if (secret.length < algorithm.hashBytes()) {
          throw new KeyException(
              "the %s secret%s is %d bytes long, expected at least %d: make one with openssl rand -base64 %d"
                  .formatted(
                      algorithm,
                      id.isEmpty() ? "" : " " + id,
                      secret.length,
                      algorithm.hashBytes(),
                      algorithm.hashBytes() * 3 / 2));
        }
      }
    }

    @Override
    public byte[] secret() {
      return secret.clone();
    }

    @Override
    public byte[] material() {
      return secret();
    }

    @Override
    public void writeTo(SettingsWriter settings, int handle) {
      settings.secret(algorithmBits(), id.getBytes(UTF_8), secret);
    }

    @Override
    public String toString() {
      return "Secret[id=%s, algorithms=%s, secret=***]".formatted(id, algorithms);
    }
  }

  /** A public key that the host verifies with. */
  record Public(String id, Set<Algorithm> algorithms, PublicKey key) implements GateKey {
    public Public {
      algorithms = EnumSet.copyOf(algorithms);
      KeyStrength.check(id, algorithms, key);
    }

    @Override
    public byte[] material() {
      return key.getEncoded();
    }

    @Override
    public void writeTo(SettingsWriter settings, int handle) {
      settings.hostKey(algorithmBits(), id.getBytes(UTF_8), handle);
    }
  }
}
