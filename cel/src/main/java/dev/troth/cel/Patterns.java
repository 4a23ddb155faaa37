package dev.troth.cel;

/**
 * How {@code text.matches(pattern)} is decided. Implementations are safe for use by many threads.
 */
@FunctionalInterface
public interface Patterns {
  /**
   * Whether the pattern is found anywhere in the text.
   *
   * @throws EvaluationException when the pattern cannot be read or costs too much
   */
  boolean find(String pattern, String text);
}
