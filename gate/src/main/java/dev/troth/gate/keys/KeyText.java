package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Algorithm;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Keys as people hand them over: a JWK or a set of them, PEM, or the bytes of a secret. */
public final class KeyText {
  private KeyText() {}

  /**
   * Reads keys by what they look like: <code>{</code> begins JSON, {@code -----BEGIN} PEM, and
   * anything else is a secret, of which one line end is not a part.
   *
   * @param algorithms what a secret or an RSA key in PEM is bound to; empty for HS256 or RS256
   */
  public static Keyring parse(byte[] text, Set<Algorithm> algorithms) {
    String start = new String(text, 0, Math.min(text.length, 64), UTF_8).stripLeading();
    if (start.startsWith("{")) {
      return JwkSet.parse(text).keys();
    }
    if (start.startsWith("-----BEGIN")) {
      return Pem.parse(new String(text, UTF_8), algorithms);
    }
    int length = text.length;
    if (length > 0 && text[length - 1] == '\n') {
      length--;
    }
    if (length > 0 && text[length - 1] == '\r') {
      length--;
    }
    return secret(Arrays.copyOf(text, length), algorithms);
  }

  /** One secret, bound to the algorithms or, if there are none, to HS256. */
  public static Keyring secret(byte[] secret, Set<Algorithm> algorithms) {
    Set<Algorithm> bound = algorithms.isEmpty() ? EnumSet.of(Algorithm.HS256) : algorithms;
    return new Keyring(List.of(new GateKey.Secret("", bound, secret)));
  }
}
