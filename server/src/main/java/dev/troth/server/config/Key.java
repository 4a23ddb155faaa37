package dev.troth.server.config;

import java.util.Locale;

/**
 * One thing that can be configured.
 *
 * @param name as {@code troth.yaml} nests it: {@code http.listen}
 * @param type how its text is read
 * @param fallback the text that holds when nobody gives one
 * @param meaning one line for people
 * @param secret whether its value is masked wherever it is shown
 */
public record Key<T>(
    String name, ValueType<T> type, String fallback, String meaning, boolean secret) {

  /** A key whose value may be shown. */
  static <T> Key<T> of(String name, ValueType<T> type, String fallback, String meaning) {
    return new Key<>(name, type, fallback, meaning, false);
  }

  /** A key whose value is masked wherever it is shown. */
  static <T> Key<T> secret(String name, ValueType<T> type, String fallback, String meaning) {
    return new Key<>(name, type, fallback, meaning, true);
  }

  /** The command line's name for it: {@code --http-listen}. */
  public String flag() {
    return "--" + name.replace('.', '-');
  }

  /** The environment's name for it: {@code TROTH_HTTP_LISTEN}. */
  public String variable() {
    return "TROTH_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
