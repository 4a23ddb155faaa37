package dev.troth.contracts.rule;

import dev.troth.contracts.json.Json;
import java.util.Optional;

/**
 * A rule that is ready to be asked: {@code Check.of("size(this.items) > 0").problem(message)}.
 * Immutable; safe for use by many threads.
 */
public final class Check {
  private final String source;
  private final Expression expression;
  private final Functions functions = new Functions();

  private Check(String source, Expression expression) {
    this.source = source;
    this.expression = expression;
  }

  public static Check of(String source) throws RuleException {
    return new Check(source, new RuleParser(source).parse());
  }

  public String source() {
    return source;
  }

  /** Why the message does not keep the rule; empty if it does. */
  public Optional<String> problem(Json message) {
    try {
      Value value = new Evaluator(Value.of(message), functions).evaluate(expression);
      return switch (value) {
        case Value.Bool(boolean held) -> held ? Optional.empty() : Optional.of("false");
        default -> Optional.of("a " + value.type() + ", not true or false");
      };
    } catch (UndecidedException e) {
      return Optional.of("no answer: " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return source;
  }
}
