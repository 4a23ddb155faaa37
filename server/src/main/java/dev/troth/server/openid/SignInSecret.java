package dev.troth.server.openid;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * What only the browser that began a sign-in knows until it ends. {@code state}, {@code nonce} and
 * PKCE's verifier are derived of it; it lives in a cookie, with where the user wanted to go.
 */
record SignInSecret(String text) {
  private static final int BYTES = 32;

  SignInSecret {
    if (!text.matches("[A-Za-z0-9_-]{43}")) {
      throw new IllegalArgumentException(
          "secret has %d characters, expected 43 of base64url".formatted(text.length()));
    }
  }

  static SignInSecret fresh(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new SignInSecret(encode(bytes));
  }

  /** The one in a cookie, if it is one. */
  static Optional<SignInSecret> of(String cookie) {
    try {
      return Optional.of(new SignInSecret(cookie.split("\\.", 2)[0]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The cookie that carries it. */
  String cookie(String back) {
    return text + "." + encode(utf8(back));
  }

  /** Where the user of a cookie wanted to go; whoever shows the page checks it once more. */
  static String back(String cookie) {
    String[] parts = cookie.split("\\.", 2);
    try {
      return parts.length < 2
          ? "/"
          : new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "/";
    }
  }

  String state() {
    return derived("state");
  }

  String nonce() {
    return derived("nonce");
  }

  /** RFC 7636 §4.1: 43 characters of the alphabet that is allowed. */
  String verifier() {
    return derived("verifier");
  }

  /** RFC 7636 §4.2, {@code S256}. */
  String challenge() {
    return digest(verifier());
  }

  boolean isOfState(String given) {
    return MessageDigest.isEqual(utf8(given), utf8(state()));
  }

  boolean isOfNonce(String given) {
    return MessageDigest.isEqual(utf8(given), utf8(nonce()));
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "secret of " + state();
  }

  private String derived(String what) {
    return digest(what + " " + text);
  }

  private static String digest(String text) {
    try {
      return encode(MessageDigest.getInstance("SHA-256").digest(utf8(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
