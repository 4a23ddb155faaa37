package dev.troth.watch.webhook;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

/**
 * The key that a webhook is signed with, written {@code whsec_} and base64 (Standard Webhooks 1.0).
 */
public final class WebhookSecret {
  private static final String PREFIX = "whsec_";
  private static final int LEAST = 24;
  private static final int MOST = 64;

  private final byte[] key;

  private WebhookSecret(byte[] key) {
    this.key = key;
  }

  public static WebhookSecret parse(String text) {
    try {
      byte[] key =
          text.startsWith(PREFIX)
              ? Base64.getDecoder().decode(text.substring(PREFIX.length()))
              : new byte[0];
      if (key.length >= LEAST && key.length <= MOST) {
        return new WebhookSecret(key);
      }
    } catch (IllegalArgumentException e) {
      // Answered below, without the text: it may be most of a secret.
    }
    throw new IllegalArgumentException(
        "secret has %d characters, expected whsec_ and the base64 of %d to %d bytes"
            .formatted(text.length(), LEAST, MOST));
  }

  public static WebhookSecret generate(SecureRandom random) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return new WebhookSecret(key);
  }

  byte[] key() {
    return key.clone();
  }

  /** The written form, to be shown once to its owner. */
  public String reveal() {
    return PREFIX + Base64.getEncoder().encodeToString(key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WebhookSecret secret && Arrays.equals(key, secret.key);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(key);
  }

  /** Says that it is one, and not which. */
  @Override
  public String toString() {
    return PREFIX + "…";
  }
}
