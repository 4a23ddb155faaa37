package dev.troth.cel;

import dev.troth.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the names, numbers and functions of a program mean, and what becomes of an operation without
 * an answer. Implementations are immutable and safe for use by many threads.
 */
public interface Environment {
  /** Whether a program may use the name as a variable. */
  boolean hasVariable(String name);

  /** What to write instead of a name that is not known. */
  default String expectedInsteadOf(String name) {
    return "a known name";
  }

  /** Functions beyond those of the language; they take one argument or more. */
  default Set<String> functions() {
    return Set.of();
  }

  /** Decides {@code matches}; a program cannot use it if there are none. */
  default Optional<Patterns> patterns() {
    return Optional.empty();
  }

  /** How wrong operands are met. */
  default Manner manner() {
    return Manner.STRICT;
  }

  /**
   * The value of a number in the program.
   *
   * @throws NumberFormatException saying what was expected
   */
  default Value number(String digits) {
    if (!digits.matches("-?\\d+")) {
      return new Value.Real(Double.parseDouble(digits));
    }
    try {
      return new Value.Int(Long.parseLong(digits));
    } catch (NumberFormatException tooLong) {
      throw new NumberFormatException("expected at most 64 bits");
    }
  }

  /** The value of a part of the data. */
  default Value value(Json json) {
    return Value.of(json);
  }

  /**
   * The last look at a program that was read: it may be changed, or refused.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  default Expression prepare(Expression expression) {
    return expression;
  }

  /** How an operation answers for operands that it does not take. */
  enum Manner {
    /** Not at all, as in CEL: the program has no answer unless the other side decides. */
    STRICT,
    /**
     * Always: an absent field is null, a comparison of different kinds is false, and so is anything
     * that is not {@code true} where true or false is expected. {@code contains} ignores case and
     * asks lists as well.
     */
    LENIENT
  }

  /** The data of one evaluation. */
  interface Scope {
    /** The value of a variable that the environment has. */
    Value variable(String name);

    /** The answer of one of the environment's own functions. */
    default Value call(String function, List<Value> arguments) {
      throw new IllegalArgumentException("unknown function " + function);
    }
  }
}
