package dev.troth.watch.delivery;

import dev.troth.watch.change.Change;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The name of one change for one watch on one channel. It is the same at every attempt, so a
 * receiver that has seen it may drop the repetition.
 *
 * @param text {@code ntf_} and 24 characters of base64url (RFC 4648 §5): 144 bits of SHA-256
 */
public record NotificationKey(String text) {
  private static final int BYTES = 18;

  public static NotificationKey of(Change change, long watchId, String channel) {
    String name =
        "%d\n%d\n%s\n%d\n%s"
            .formatted(
                change.seq(), change.at().toEpochMilli(), change.subject(), watchId, channel);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return new NotificationKey(
          "ntf_" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, BYTES)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
