package dev.troth.gate.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.troth.gate.core.Algorithm;
import dev.troth.gate.http.Output;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Writes a keyring as a JWK set (RFC 7517 §5). */
public final class JwkWriter {
  private JwkWriter() {}

  public static String write(Keyring keys) {
    List<String> members = new ArrayList<>();
    for (GateKey key : keys.keys()) {
      members.add(
          switch (key) {
            case GateKey.Secret secret ->
                object(key, "oct", "\"k\":\"" + base64(secret.secret()) + "\"");
            case GateKey.Public shared -> shared(shared);
          });
    }
    return "{\"keys\":[" + String.join(",", members) + "]}\n";
  }

  private static String shared(GateKey.Public key) {
    return switch (key.key()) {
      case RSAPublicKey rsa ->
          object(
              key,
              "RSA",
              "\"n\":\"%s\",\"e\":\"%s\""
                  .formatted(
                      base64(unsigned(rsa.getModulus(), 0)),
                      base64(unsigned(rsa.getPublicExponent(), 0))));
      case ECPublicKey ec -> {
        int bits = ec.getParams().getCurve().getField().getFieldSize();
        int bytes = (bits + 7) / 8;
        yield object(
            key,
            "EC",
            "\"crv\":\"P-%d\",\"x\":\"%s\",\"y\":\"%s\""
                .formatted(
                    bits,
                    base64(unsigned(ec.getW().getAffineX(), bytes)),
                    base64(unsigned(ec.getW().getAffineY(), bytes))));
      }
      case EdECPublicKey ed -> {
        byte[] encoded = ed.getEncoded();
        int bytes = encoded.length > 44 ? 57 : 32;
        yield object(
            key,
            "OKP",
            "\"crv\":\"%s\",\"x\":\"%s\""
                .formatted(
                    bytes == 32 ? "Ed25519" : "Ed448",
                    base64(Arrays.copyOfRange(encoded, encoded.length - bytes, encoded.length))));
      }
      default -> throw new KeyException("a " + key.key().getAlgorithm() + " key has no JWK here");
    };
  }

  private static String object(GateKey key, String type, String members) {
    Output id = new Output(32);
    byte[] text = key.id().getBytes(UTF_8);
    id.json(text, 0, text.length);
    Algorithm algorithm = key.algorithms().iterator().next();
    return "{\"kty\":\"%s\",\"use\":\"sig\",\"alg\":\"%s\",%s%s}"
        .formatted(
            type,
            algorithm.name(),
            text.length == 0
                ? ""
                : "\"kid\":" + new String(id.bytes(), 0, id.length(), UTF_8) + ",",
            members);
  }

  private static byte[] unsigned(BigInteger number, int size) {
    byte[] bytes = number.toByteArray();
    int zeros = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
    int length = Math.max(size, bytes.length - zeros);
    byte[] result = new byte[length];
    System.arraycopy(bytes, zeros, result, length - (bytes.length - zeros), bytes.length - zeros);
    return result;
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
