package dev.troth.server.console.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The content security policy of a built page: its own files, and the inline blocks it was built
 * with, named by their hashes (CSP Level 3, §2.3.1). An inline script that a value smuggles in has
 * another hash and does not run; without one, no string becomes HTML (Trusted Types).
 */
final class ContentPolicy {
  private static final Pattern INLINE =
      Pattern.compile("<(script|style)([^>]*)>(.*?)</\\1>", Pattern.DOTALL);

  private ContentPolicy() {}

  static String of(String html) {
    SortedSet<String> scripts = new TreeSet<>();
    SortedSet<String> styles = new TreeSet<>();
    Matcher block = INLINE.matcher(html);
    while (block.find()) {
      String attributes = block.group(2);
      if (attributes.contains("src=") || attributes.contains("application/json")) {
        continue;
      }
      (block.group(1).equals("script") ? scripts : styles).add(" '" + hash(block.group(3)) + "'");
    }
    return "default-src 'none'; script-src 'self'"
        + String.join("", scripts)
        + "; style-src 'self'"
        + String.join("", styles)
        + "; connect-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none';"
        + " form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script';"
        + " trusted-types svelte-trusted-html";
  }

  private static String hash(String block) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(block.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
