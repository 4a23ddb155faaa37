package dev.troth.contracts.confluent;

import dev.troth.contracts.schema.Schema;
import java.util.List;

/**
 * What Confluent Schema Registry answers, with its default policy, when asked whether one JSON
 * schema may follow another: {@code Ruling.of(old, next).compatible()}.
 *
 * <p>The registry compares how schemas are written, by rules such as "a property may be added to a
 * closed object only". So a ruling is no proof: it may be "incompatible" although no document
 * breaks, and "compatible" although one does.
 *
 * @param differences all that has a consequence; those that the rules forbid make the schemas
 *     incompatible
 */
public record Ruling(List<Difference> differences) {
  public Ruling {
    differences = List.copyOf(differences);
  }

  /**
   * Whether {@code next} may read what was written under {@code old}.
   *
   * @throws TooLargeException if the comparison does not end within its bounds
   */
  public static Ruling of(Schema old, Schema next) {
    ShapeReader reader = new ShapeReader();
    return new Ruling(PairComparison.differences(reader.node(old), reader.node(next)));
  }

  public boolean compatible() {
    return forbidden().isEmpty();
  }

  /** The differences that the rules forbid. */
  public List<Difference> forbidden() {
    return differences.stream().filter(difference -> !difference.rule().allowed()).toList();
  }

  /** The schemas are too large to compare. */
  public static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
      super(message);
    }
  }
}
