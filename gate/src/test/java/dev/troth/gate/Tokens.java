package dev.troth.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens by the JDK's own cryptography, good and bad ones. */
public final class Tokens {
  public static final byte[] SECRET =
      "a secret of sixty-four bytes, long enough for each of the HMACs.".getBytes(US_ASCII);
  public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  public static final String HS256 = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";

  private Tokens() {}

  public static String hs256(String claims) {
    return signed(HS256, claims, SECRET);
  }

  /** A token whose HMAC is that of its header's {@code alg}, HS256 if that is another. */
  public static String signed(String header, String claims, byte[] secret) {
    String mac =
        header.contains("HS384")
            ? "HmacSHA384"
            : header.contains("HS512") ? "HmacSHA512" : "HmacSHA256";
    String text = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    return text + "." + base64(mac(mac, text, secret));
  }

  public static String signedBytes(byte[] header, byte[] claims) {
    String text = base64(header) + "." + base64(claims);
    return text + "." + base64(mac("HmacSHA256", text, SECRET));
  }

  public static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public static byte[] mac(String algorithm, String text, byte[] secret) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(secret, algorithm));
      return mac.doFinal(text.getBytes(US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
