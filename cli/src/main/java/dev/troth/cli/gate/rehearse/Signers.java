package dev.troth.cli.gate.rehearse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.keys.GateKey;
import dev.troth.gate.keys.JwkWriter;
import dev.troth.gate.keys.Keyring;
import dev.troth.json.Json;
import dev.troth.json.JsonPointer;
import dev.troth.json.JsonReader;
import dev.troth.json.JsonWriter;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which key signed a token, by a print that does not give the key away: the thumbprint of a public
 * key (RFC 7638), and of a secret a part of its HMAC over a fixed text, which says no more about
 * the secret than any token that it signed.
 */
final class Signers {
  private static final byte[] LABEL = "troth gate recording: which secret".getBytes(UTF_8);
  private static final int SECRET_PRINT_BYTES = 16;

  /** A token is tried with so many keys, which is more than usual issuers have. */
  private static final int MOST_TRIED = 64;

  private Signers() {}

  /**
   * Who signed.
   *
   * @param signer a print; empty if none of the keys did
   * @param tried the prints of those that did not
   */
  record Found(String signer, List<String> tried) {}

  /** Looks for the key among all of the algorithm: tomorrow one may have another id. */
  static Found find(byte[] token, TokenParts parts, List<Keyring> rings) {
    List<String> tried = new ArrayList<>();
    Algorithm algorithm = parts.algorithm();
    if (algorithm == null) {
      return new Found("", tried);
    }
    for (Keyring ring : rings) {
      for (int handle = 0; handle < ring.keys().size() && tried.size() < MOST_TRIED; handle++) {
        GateKey key = ring.keys().get(handle);
        if (key.algorithms().contains(algorithm)) {
          if (signed(ring, handle, token, parts, algorithm)) {
            return new Found(print(key), tried);
          }
          tried.add(print(key));
        }
      }
    }
    return new Found("", tried);
  }

  private static boolean signed(
      Keyring ring, int handle, byte[] token, TokenParts parts, Algorithm algorithm) {
    byte[] signature = parts.signature();
    return switch (ring.keys().get(handle)) {
      case GateKey.Secret secret ->
          MessageDigest.isEqual(
              mac(secret, algorithm, Arrays.copyOf(token, parts.signedTo())), signature);
      case GateKey.Public _ ->
          ring.arithmetic()
              .verify(handle, algorithm, token, 0, parts.signedTo(), signature, signature.length);
    };
  }

  /** What names a key. */
  static String print(GateKey key) {
    return switch (key) {
      case GateKey.Secret secret ->
          "mac:"
              + HexFormat.of()
                  .formatHex(mac(secret, Algorithm.HS256, LABEL), 0, SECRET_PRINT_BYTES);
      case GateKey.Public shared ->
          "jkt:" + Base64.getUrlEncoder().withoutPadding().encodeToString(thumbprint(shared));
    };
  }

  /** RFC 7638 §3: the SHA-256 of the required members in the order of their names. */
  private static byte[] thumbprint(GateKey.Public key) {
    Json set = JsonReader.read(JwkWriter.write(new Keyring(List.of(key))));
    Json.Obj jwk = (Json.Obj) JsonPointer.find(set, "/keys/0").orElseThrow();
    TreeMap<String, Json> members = new TreeMap<>(jwk.members());
    members.keySet().retainAll(List.of("crv", "e", "kty", "n", "x", "y"));
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(JsonWriter.compact(new Json.Obj(members)).getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no SHA-256", e);
    }
  }

  /** The bytes of a public key's print. */
  static byte[] bytes(String print) {
    return print.startsWith("jkt:")
        ? Base64.getUrlDecoder().decode(print.substring(4))
        : new byte[0];
  }

  static byte[] mac(GateKey.Secret secret, Algorithm algorithm, byte[] data) {
    String name = "HmacSHA" + 8 * algorithm.hashBytes();
    try {
      Mac mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(secret.secret(), name));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no " + name, e);
    }
  }
}
