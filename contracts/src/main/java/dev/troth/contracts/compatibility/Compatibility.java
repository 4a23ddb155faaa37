package dev.troth.contracts.compatibility;

import dev.troth.contracts.Finding;
import dev.troth.contracts.Finding.Severity;
import dev.troth.contracts.proof.Answer;
import dev.troth.contracts.proof.Containment;
import dev.troth.contracts.proof.Containment.Written;
import dev.troth.contracts.proof.Effort;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges a new version of a schema against earlier ones:
 *
 * <pre>{@code
 * Judgement judgement = Compatibility.of(Mode.BACKWARD).judge(next, List.of(new Version("1.2.0", old)));
 * judgement.outcome(); // PROVED, REFUTED (with a document that shows it) or UNKNOWN
 * }</pre>
 */
public final class Compatibility {
  private final Mode mode;
  private final Layer layer;
  private final Effort effort;

  private Compatibility(Mode mode, Layer layer, Effort effort) {
    this.mode = mode;
    this.layer = layer;
    this.effort = effort;
  }

  /** In the layer {@link Layer#EVOLUTION}, with {@link Effort#NORMAL}. */
  public static Compatibility of(Mode mode) {
    return new Compatibility(mode, Layer.EVOLUTION, Effort.NORMAL);
  }

  public Compatibility in(Layer other) {
    return new Compatibility(mode, other, effort);
  }

  public Compatibility with(Effort other) {
    return new Compatibility(mode, layer, other);
  }

  /** One version of a schema under the name that findings call it by. */
  public record Version(String name, Schema schema) {}

  /**
   * Compares the new version as the mode asks.
   *
   * @param earlier oldest first; a mode that is not transitive looks at the last alone
   */
  public Judgement judge(Schema next, List<Version> earlier) {
    List<Comparison> comparisons = new ArrayList<>();
    List<Version> asked =
        mode.transitive() || earlier.isEmpty() ? earlier : List.of(earlier.getLast());
    for (Version version : asked) {
      for (Direction direction : mode.directions()) {
        boolean backward = direction == Direction.BACKWARD;
        Schema writer = backward ? version.schema() : next;
        Schema reader = backward ? next : version.schema();
        comparisons.add(compare(Written.by(writer), reader, version.name(), direction));
      }
    }
    return new Judgement(comparisons);
  }

  /** What is written against one reader. */
  Comparison compare(Written written, Schema reader, String version, Direction direction) {
    return switch (layer) {
      case STRICT ->
          proof(version, direction, reader, Containment.strict(effort).of(written, reader));
      case EVOLUTION ->
          proof(version, direction, reader, Containment.ofDeclared(effort).of(written, reader));
      case CONFLUENT ->
          ConfluentComparison.of(
              version, direction, written.schema(), reader, Containment.strict(effort));
    };
  }

  private Comparison proof(String version, Direction direction, Schema reader, Answer answer) {
    List<Finding> findings =
        switch (answer) {
          case Answer.Proved _ -> List.of();
          case Answer.Refuted refuted ->
              breaches(reader, refuted.counterexample(), version, direction);
          case Answer.Unknown unknown ->
              List.of(
                  Finding.error(
                      direction + "/unknown",
                      "",
                      "whether version %s is compatible could not be told: %s"
                          .formatted(version, unknown.reason()),
                      "simplify the schema, or waive this finding with a reason"));
        };
    return Comparison.proof(version, direction, layer, answer, findings);
  }

  /** Why a reader refuses a document. */
  static List<Finding> breaches(Schema reader, Json document, String version, Direction direction) {
    String who =
        direction == Direction.BACKWARD
            ? "the new version refuses a document of version " + version
            : "version " + version + " refuses a document of the new version";
    return new Interpreter(reader)
        .violations(document).stream()
            .map(violation ->
                new Finding(
                    direction + "/" + violation.keyword(),
                    Severity.ERROR,
                    violation.schema(),
                    "%s: at %s found %s, expected %s"
                        .formatted(
                            who,
                            violation.pointer().isEmpty() ? "the root" : violation.pointer(),
                            violation.found(),
                            violation.expected()),
                    Cures.of(violation, direction)))
            .toList();
  }
}
