package dev.troth.watch.webhook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Whether a webhook that comes in was signed by whoever shares its secret. */
public final class SignatureCheck {
  /** How old or new a message of Standard Webhooks may say that it is. */
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final String GITHUB = "sha256=";
  private static final String STANDARD = "v1,";

  private SignatureCheck() {}

  /**
   * GitHub's {@code X-Hub-Signature-256}: HMAC-SHA256 of the body, in hexadecimal.
   *
   * @param signature the header; empty without
   */
  public static boolean isGithubs(String secret, byte[] body, String signature) {
    if (!signature.startsWith(GITHUB)) {
      return false;
    }
    String expected = HexFormat.of().formatHex(hmac(secret.getBytes(StandardCharsets.UTF_8), body));
    return same(expected, signature.substring(GITHUB.length()));
  }

  /**
   * A message of Standard Webhooks 1.0, as its headers say.
   *
   * @param id {@code webhook-id}
   * @param timestamp {@code webhook-timestamp}, seconds since 1970
   * @param signatures {@code webhook-signature}: several while the secret is being changed
   */
  public record Message(String id, String timestamp, String signatures) {}

  /** Whether one of a message's signatures is right, and its time is about now. */
  public static boolean isStandard(
      WebhookSecret secret, Message message, byte[] body, Instant now) {
    if (message.id().isEmpty() || !message.timestamp().matches("\\d{1,12}")) {
      return false;
    }
    Instant at = Instant.ofEpochSecond(Long.parseLong(message.timestamp()));
    if (Duration.between(at, now).abs().compareTo(TOLERANCE) > 0) {
      return false;
    }
    byte[] head = (message.id() + "." + message.timestamp() + ".").getBytes(StandardCharsets.UTF_8);
    byte[] signed = new byte[head.length + body.length];
    System.arraycopy(head, 0, signed, 0, head.length);
    System.arraycopy(body, 0, signed, head.length, body.length);
    String expected = Base64.getEncoder().encodeToString(hmac(secret.key(), signed));
    boolean genuine = false;
    for (String signature : message.signatures().split(" ", 16)) {
      genuine |=
          signature.startsWith(STANDARD) && same(expected, signature.substring(STANDARD.length()));
    }
    return genuine;
  }

  /** Takes as long for a nearly right text as for a wrong one. */
  private static boolean same(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] hmac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every Java platform has HMAC-SHA256", e);
    }
  }
}
