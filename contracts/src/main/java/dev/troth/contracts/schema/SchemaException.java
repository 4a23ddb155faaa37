package dev.troth.contracts.schema;

import java.util.List;

/** A schema that cannot be used: every problem found, each with its place. */
public final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /** What is wrong with a schema, and where. */
  public record Problem(Place place, String reason) {
    @Override
    public String toString() {
      return place + ": " + reason;
    }
  }

  SchemaException(List<Problem> problems) {
    super(String.join("; ", problems.stream().map(Problem::toString).toList()));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
