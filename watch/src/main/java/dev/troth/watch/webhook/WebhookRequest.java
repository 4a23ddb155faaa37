package dev.troth.watch.webhook;

import dev.troth.watch.delivery.NotificationKey;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One attempt of a webhook, ready to be sent: its headers and its body. */
public record WebhookRequest(SequencedMap<String, String> headers, String body) {
  private static final String ALGORITHM = "HmacSHA256";

  /**
   * Signs a body after Standard Webhooks 1.0: {@code v1,base64(HMAC-SHA256(id.timestamp.body))}.
   *
   * @param key the same at each attempt
   * @param now the time of this attempt
   * @param secrets one, or the old and the new one while a receiver changes over
   */
  public static WebhookRequest signed(
      NotificationKey key, Instant now, String body, List<WebhookSecret> secrets) {
    String timestamp = Long.toString(now.getEpochSecond());
    SequencedMap<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/json");
    headers.put("webhook-id", key.text());
    headers.put("webhook-timestamp", timestamp);
    headers.put(
        "webhook-signature",
        secrets.stream()
            .map(secret -> "v1," + sign(secret, key.text() + "." + timestamp + "." + body))
            .collect(Collectors.joining(" ")));
    return new WebhookRequest(headers, body);
  }

  private static String sign(WebhookSecret secret, String signed) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.key(), ALGORITHM));
      byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every Java platform has HMAC-SHA256", e);
    }
  }
}
