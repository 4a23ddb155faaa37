package dev.troth.server.config;

/**
 * The value that a key has, and who said so.
 *
 * @param text as it was written
 * @param source {@code --http-listen}, {@code TROTH_HTTP_LISTEN}, {@code troth.yaml:3} or {@code
 *     default}
 */
public record Setting<T>(Key<T> key, String text, T value, String source) {

  /** The text for people: a secret that somebody has set shows as {@code ***}. */
  public String shown() {
    return key.secret() && !text.isEmpty() && !text.equals(key.fallback()) ? "***" : text;
  }
}
