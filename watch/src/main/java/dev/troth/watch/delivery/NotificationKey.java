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
  private static final MessageDigest SHA_256 = sha256();

  public static NotificationKey of(Change change, long watchId, String channel) {
    String name =
        change.seq()
            + "\n"
            + change.at().toEpochMilli()
            + "\n"
            + change.subject()
            + "\n"
            + watchId
            + "\n"
            + channel;
    byte[] hash = fresh().digest(name.getBytes(StandardCharsets.UTF_8));
    return new NotificationKey(
        "ntf_" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, BYTES)));
  }

  /** A copy, which is cheaper than a look-up among the providers. */
  private static MessageDigest fresh() {
    try {
      return (MessageDigest) SHA_256.clone();
    } catch (CloneNotSupportedException e) {
      return sha256();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
