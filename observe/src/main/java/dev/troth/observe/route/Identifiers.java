package dev.troth.observe.route;

import java.util.Set;

/** Tells names that programmers give from those that programs make. */
final class Identifiers {
  private static final int LONGEST_NAME = 40;

  /** What files that are served are called at their end; all other names with a dot are made. */
  private static final Set<String> FILES =
      Set.of(
          "atom",
          "avif",
          "css",
          "csv",
          "do",
          "eot",
          "gif",
          "gz",
          "htm",
          "html",
          "ico",
          "jpeg",
          "jpg",
          "js",
          "json",
          "jsp",
          "map",
          "md",
          "mjs",
          "mp4",
          "pdf",
          "php",
          "png",
          "rss",
          "svg",
          "ttf",
          "txt",
          "wasm",
          "webmanifest",
          "webp",
          "woff",
          "woff2",
          "xml",
          "yaml",
          "zip");

  private Identifiers() {}

  /**
   * Numbers, UUIDs, tokens, versions, addresses and other made names: with digits among letters,
   * very long, with a dot that ends no file name, or with characters that no programmer puts into a
   * route.
   */
  static boolean isOne(String name) {
    if (name.length() > LONGEST_NAME) {
      return true;
    }
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      return !FILES.contains(name.substring(dot + 1)) || isMade(name.substring(0, dot));
    }
    return isMade(dot == 0 ? name.substring(1) : name);
  }

  private static boolean isMade(String name) {
    int digits = 0;
    int letters = 0;
    int changes = 0;
    boolean wasDigit = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      if (digit) {
        digits++;
      } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        letters++;
      } else if ("-_.~".indexOf(c) < 0) {
        return true;
      }
      if (i > 0 && digit != wasDigit) {
        changes++;
      }
      wasDigit = digit;
    }
    if (digits == 0) {
      return false;
    }
    boolean version = name.charAt(0) == 'v' && digits + 1 == name.length() && digits < 3;
    return !version && (letters == 0 || digits > 2 || changes > 2);
  }
}
