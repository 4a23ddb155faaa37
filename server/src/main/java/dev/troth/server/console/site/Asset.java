package dev.troth.server.console.site;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * A file of the site that is the same for everybody.
 *
 * @param type its media type
 * @param forms its bytes by content coding: {@code identity}, {@code gzip}, {@code br}
 * @param etag a strong entity tag, quoted
 * @param immutable whether the name changes with the content, so that it may be kept for a year
 */
public record Asset(String type, Map<String, byte[]> forms, String etag, boolean immutable) {

  static Asset of(String path, Map<String, byte[]> forms) {
    byte[] plain = forms.getOrDefault("identity", new byte[0]);
    return new Asset(typeOf(path), Map.copyOf(forms), tag(plain), path.startsWith("_astro/"));
  }

  /**
   * The content coding to answer with: the densest that the client names, without a weight of 0.
   */
  String coding(String acceptEncoding) {
    for (String coding : new String[] {"br", "gzip"}) {
      if (forms.containsKey(coding) && accepts(acceptEncoding, coding)) {
        return coding;
      }
    }
    return "identity";
  }

  private static boolean accepts(String header, String coding) {
    for (String offer : header.split(",")) {
      String[] parts = offer.strip().split("\\s*;\\s*", 2);
      if (parts[0].equalsIgnoreCase(coding)) {
        return parts.length < 2 || !parts[1].matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  private static String typeOf(String path) {
    return switch (path.substring(path.lastIndexOf('.') + 1)) {
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "woff2" -> "font/woff2";
      case "png" -> "image/png";
      default -> "application/octet-stream";
    };
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
