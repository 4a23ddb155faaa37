package dev.troth.contracts.validate;

import java.util.List;

/**
 * One thing wrong with a document.
 *
 * @param pointer the JSON Pointer to the value
 * @param keyword the keyword that it breaks, such as {@code minimum}
 * @param schema where the keyword is written: document URI, {@code #}, JSON Pointer
 * @param expected what would be right, such as {@code at least 0}
 * @param found what is there, such as {@code -5}
 * @param causes for {@code anyOf} and {@code oneOf}: what the nearest branch finds wrong
 */
public record Violation(
    String pointer,
    String keyword,
    String schema,
    String expected,
    String found,
    List<Violation> causes) {
  /** Of a text that cannot be read: what was found then says what was expected there. */
  private static final String NO_JSON = "json";

  public Violation {
    causes = List.copyOf(causes);
  }

  /** {@code /items/0/price: found -5, expected at least 0 (minimum)}. */
  @Override
  public String toString() {
    String place = pointer.isEmpty() ? "the document" : pointer;
    String line =
        keyword.equals(NO_JSON)
            ? "%s is not JSON: %s (%s)".formatted(place, found, keyword)
            : "%s: found %s, expected %s (%s)".formatted(place, found, expected, keyword);
    return causes.isEmpty()
        ? line
        : line + "; nearest: " + String.join("; ", causes.stream().map(Object::toString).toList());
  }
}
