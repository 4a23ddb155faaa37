package dev.troth.contracts.proof;

import dev.troth.contracts.proof.Formula.Is;
import dev.troth.contracts.proof.Formula.Writes;
import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import java.util.List;
import java.util.function.Predicate;

/**
 * Asks whether all documents of one schema are valid under another: {@code
 * Containment.strict(Effort.NORMAL).of(old, next)}.
 */
public final class Containment {
  private final Effort effort;
  private final boolean declaredOnly;

  private Containment(Effort effort, boolean declaredOnly) {
    this.effort = effort;
    this.declaredOnly = declaredOnly;
  }

  /** All valid documents count. */
  public static Containment strict(Effort effort) {
    return new Containment(effort, false);
  }

  /** Only documents without members that the first schema does not declare count. */
  public static Containment ofDeclared(Effort effort) {
    return new Containment(effort, true);
  }

  /** Whether every document of {@code inner} is valid under {@code outer}. */
  public Answer of(Schema inner, Schema outer) {
    Solver solver = new Solver();
    Formula written =
        declaredOnly
            ? new Writes(inner, DynamicScope.EMPTY)
            : new Is(inner, DynamicScope.EMPTY, true);
    Formula refused = new Is(outer, DynamicScope.EMPTY, false);
    Outcome outcome;
    try {
      outcome = Work.within(effort.work(), () -> solver.find(List.of(written, refused)));
    } catch (Work.Exhausted | Language.TooLarge e) {
      return new Answer.Unknown(String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      return new Answer.Unknown("the schemas are nested too deeply to tell");
    }
    if (outcome.found()) {
      Json document = outcome.witnesses().getFirst();
      Interpreter writes = new Interpreter(inner);
      Interpreter reads = new Interpreter(outer);
      Predicate<Json> shows = d -> writes.isValid(d) && !reads.isValid(d);
      return shows.test(document)
          ? new Answer.Refuted(Simplest.of(document, shows))
          : new Answer.Unknown("no document was found that shows a difference, nor a proof");
    }
    return outcome.complete()
        ? new Answer.Proved()
        : new Answer.Unknown("no document was found that shows a difference, nor a proof");
  }
}
