package dev.troth.cart;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * The cookie that names a browser's cart: 128 random bits, and a code by which the shop knows that
 * it gave them out. So nobody guesses another's cart, and nobody makes up a cart's name.
 */
final class CartCookie {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Pattern SHAPE = Pattern.compile("([A-Za-z0-9_-]{22})\\.([A-Za-z0-9_-]{22})");
  private static final int BYTES = 16;

  private final SecretKey key;
  private final SecureRandom random;
  private final String name;

  CartCookie(SecretKey key, SecureRandom random) {
    this.key = key;
    this.random = random;
    this.name = "troth_cart_" + HexFormat.of().formatHex(mac("shop"), 0, 4);
  }

  /** Its name. It has the shop's own id, because browsers send a cookie to all ports of a host. */
  String name() {
    return name;
  }

  /** A value for a browser that has none. */
  String issue() {
    byte[] id = new byte[BYTES];
    random.nextBytes(id);
    String text = encoded(id);
    return text + "." + code(text);
  }

  /** The cart that a value names; empty if this shop did not give it out. */
  Optional<String> cart(String value) {
    Matcher cookie = SHAPE.matcher(value);
    if (!cookie.matches()) {
      return Optional.empty();
    }
    byte[] given = cookie.group(2).getBytes(StandardCharsets.US_ASCII);
    byte[] right = code(cookie.group(1)).getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(given, right) ? Optional.of(cookie.group(1)) : Optional.empty();
  }

  private String code(String id) {
    return encoded(Arrays.copyOf(mac(id), BYTES));
  }

  private byte[] mac(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
