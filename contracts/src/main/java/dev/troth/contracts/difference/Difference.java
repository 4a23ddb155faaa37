package dev.troth.contracts.difference;

import dev.troth.json.Json;
import java.util.Optional;

/**
 * One thing that is not as it was.
 *
 * @param subject what changed, such as {@code property items[].sku} or {@code sla availability}
 * @param words how, such as {@code maxLength 64 → 32 (tighter)}
 * @param pointer where it is in the new contract, or, if it is gone, where it was in the old one;
 *     in another document, behind its URI and {@code #}
 */
public record Difference(
    Kind kind,
    String subject,
    String words,
    String pointer,
    Optional<Json> before,
    Optional<Json> after) {
  /** Ways to differ, and the sign of each. */
  public enum Kind {
    ADDED('+'),
    REMOVED('-'),
    CHANGED('~'),
    /** Gone under one name and there under another: perhaps renamed. */
    RENAMED('>');

    private final char sign;

    Kind(char sign) {
      this.sign = sign;
    }

    public char sign() {
      return sign;
    }
  }

  /** {@code ~ property id: maxLength 64 → 32 (tighter)}. */
  @Override
  public String toString() {
    return kind.sign() + " " + subject + (words.isEmpty() ? "" : ": " + words);
  }
}
