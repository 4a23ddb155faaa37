package dev.troth.contracts.compile;

import dev.troth.contracts.pattern.CostException;
import dev.troth.contracts.schema.Schema;
import dev.troth.json.Json;
import dev.troth.json.JsonLimits;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * A schema as JVM bytecode: from the bytes of a document to yes or no. Safe for use by many
 * threads.
 */
public final class CompiledSchema {
  private static final int TAPES = 16;

  private final Program program;
  private final JsonLimits limits;

  /** Tapes at rest; a thread takes one and brings it back. */
  private final AtomicReferenceArray<Tape> tapes = new AtomicReferenceArray<>(TAPES);

  private CompiledSchema(Program program, JsonLimits limits) {
    this.program = program;
    this.limits = limits;
  }

  /** What the generated class implements. */
  interface Program {
    boolean valid(byte[] document, int[] tape);
  }

  /** The compiled schema; none if it is too large for one class of the JVM. */
  public static Optional<CompiledSchema> of(Schema schema, JsonLimits limits) {
    return Compiler.compile(schema).map(program -> new CompiledSchema(program, limits));
  }

  /** Whether the bytes are a JSON document that the schema accepts. */
  public boolean isValid(byte[] document) {
    return ask(document, _ -> true, false);
  }

  /**
   * An accepted document, as far as it is an object with no other members than these; empty if the
   * schema does not accept the bytes.
   *
   * @param members all, if empty
   */
  public Optional<Json> read(byte[] document, Optional<Set<String>> members) {
    return ask(
        document,
        tape ->
            Optional.of(
                members
                    .map(names -> Values.part(document, tape, names))
                    .orElseGet(() -> Values.json(document, tape, 0))),
        Optional.empty());
  }

  /** Allocates nothing beside what the answer does. */
  private <T> T ask(byte[] document, Function<int[], T> answer, T refused) {
    int slot = (int) Thread.currentThread().threadId() & (TAPES - 1);
    Tape tape = tapes.getAndSet(slot, null);
    if (tape == null) {
      tape = new Tape(limits);
    }
    try {
      int[] values = tape.scan(document);
      return program.valid(document, values) ? answer.apply(values) : refused;
    } catch (MalformedException | CostException | StackOverflowError _) {
      // Generated code changes nothing but its own marks, so an overflow leaves nothing half done.
      return refused;
    } finally {
      if (!tape.isLarge()) {
        tapes.setRelease(slot, tape);
      }
    }
  }
}
