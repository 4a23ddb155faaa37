package dev.troth.observe.route;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Hides the segments of a path that look like secrets: tokens, keys with a well-known beginning,
 * long random text, mail addresses, and what follows a segment such as {@code reset-password}.
 */
final class Secrets {
  private static final String HIDDEN = "***";
  private static final int SHORTEST = 8;
  private static final int LONG_TEXT = 24;
  private static final List<String> BEGINNINGS =
      List.of(
          "eyj",
          "sk_live_",
          "sk_test_",
          "sk-",
          "rk_live_",
          "ghp_",
          "gho_",
          "ghs_",
          "ghu_",
          "github_pat_",
          "glpat-",
          "xoxb-",
          "xoxp-",
          "xapp-",
          "akia",
          "asia",
          "aiza",
          "ya29.",
          "npm_",
          "bearer",
          "whsec_");
  private static final Set<String> BEFORE =
      Set.of(
          "token",
          "tokens",
          "reset",
          "reset-password",
          "password-reset",
          "password",
          "secret",
          "apikey",
          "api-key",
          "api_key",
          "activate",
          "activation",
          "magic-link",
          "unsubscribe",
          "invite",
          "otp");

  private Secrets() {}

  static String hide(String path) {
    StringBuilder hidden = null;
    int from = path.startsWith("/") ? 1 : 0;
    String before = "";
    int kept = 0;
    while (from <= path.length()) {
      int end = path.indexOf('/', from);
      int to = end < 0 ? path.length() : end;
      String segment = path.substring(from, to);
      if (isSecret(segment, before)) {
        hidden = hidden == null ? new StringBuilder(path.length()) : hidden;
        hidden.append(path, kept, from).append(HIDDEN);
        kept = to;
      }
      before = segment;
      from = to + 1;
    }
    return hidden == null ? path : hidden.append(path, kept, path.length()).toString();
  }

  private static boolean isSecret(String segment, String before) {
    if (segment.length() < SHORTEST) {
      return false;
    }
    if (segment.indexOf('@') > 0 || segment.contains("%40")) {
      return true;
    }
    if (BEFORE.contains(before.toLowerCase(Locale.ROOT))) {
      return Identifiers.isOne(segment) || segment.length() >= LONG_TEXT;
    }
    String lower = segment.substring(0, Math.min(12, segment.length())).toLowerCase(Locale.ROOT);
    for (String beginning : BEGINNINGS) {
      if (lower.startsWith(beginning) && segment.length() >= 2 * SHORTEST) {
        return true;
      }
    }
    return segment.length() >= LONG_TEXT && isRandom(segment);
  }

  /** Capital and small letters and digits, all three, and nothing but these and {@code -_.~=}. */
  private static boolean isRandom(String segment) {
    boolean small = false;
    boolean capital = false;
    boolean digit = false;
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c >= 'a' && c <= 'z') {
        small = true;
      } else if (c >= 'A' && c <= 'Z') {
        capital = true;
      } else if (c >= '0' && c <= '9') {
        digit = true;
      } else if ("-_.~=".indexOf(c) < 0) {
        return false;
      }
    }
    return small && capital && digit;
  }
}
