package dev.troth.contracts.proof;

import dev.troth.contracts.proof.Formula.Is;
import dev.troth.contracts.proof.Formula.Writes;
import dev.troth.contracts.schema.DynamicScope;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.validate.Interpreter;
import dev.troth.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /**
   * Which documents somebody writes.
   *
   * @param schema of all of them
   * @param rules further schemas that all of them keep
   * @param members names at the top that the rules know, besides those that the schema declares;
   *     none if the rules may know any
   * @param kept whether a document is among them, as far as the schemas do not say
   */
  public record Written(
      Schema schema, List<Schema> rules, Optional<Set<String>> members, Predicate<Json> kept) {
    public Written {
      rules = List.copyOf(rules);
      members = members.map(Set::copyOf);
    }

    /** All that are valid under a schema. */
    public static Written by(Schema schema) {
      return new Written(schema, List.of(), Optional.of(Set.of()), _ -> true);
    }
  }

  /** Whether every document of {@code inner} is valid under {@code outer}. */
  public Answer of(Schema inner, Schema outer) {
    return of(Written.by(inner), outer);
  }

  /** Whether every document that is written is valid under {@code outer}. */
  public Answer of(Written written, Schema outer) {
    Schema inner = written.schema();
    Solver solver = new Solver(Optional.of(written));
    List<Formula> demands = new ArrayList<>();
    demands.add(
        declaredOnly
            ? new Writes(inner, DynamicScope.EMPTY)
            : new Is(inner, DynamicScope.EMPTY, true));
    written.rules().forEach(rule -> demands.add(new Is(rule, DynamicScope.EMPTY, true)));
    demands.add(new Is(outer, DynamicScope.EMPTY, false));
    Outcome outcome;
    try {
      outcome = Work.within(effort.work(), () -> solver.find(demands));
    } catch (Work.Exhausted | Language.TooLarge e) {
      return new Answer.Unknown(String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      return new Answer.Unknown("the schemas are nested too deeply to tell");
    }
    if (outcome.found()) {
      Json document = outcome.witnesses().getFirst();
      Interpreter writes = new Interpreter(inner);
      Interpreter reads = new Interpreter(outer);
      Predicate<Json> shows = d -> writes.isValid(d) && !reads.isValid(d) && written.kept().test(d);
      return shows.test(document)
          ? new Answer.Refuted(Simplest.of(document, shows))
          : new Answer.Unknown("no document was found that shows a difference, nor a proof");
    }
    return outcome.complete()
        ? new Answer.Proved()
        : new Answer.Unknown("no document was found that shows a difference, nor a proof");
  }
}
