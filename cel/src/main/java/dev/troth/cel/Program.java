package dev.troth.cel;

import dev.troth.json.Json;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * An expression that is ready to be asked: {@code Program.of("size(this.items) > 0",
 * patterns).problem(message)}. Immutable; safe for use by many threads.
 */
public final class Program {
  private static final int STEPS = 1_000_000;

  private final String source;
  private final Expression expression;
  private final Environment environment;

  private Program(String source, Expression expression, Environment environment) {
    this.source = source;
    this.expression = expression;
    this.environment = environment;
  }

  /**
   * Reads an expression.
   *
   * @param patterns decides {@code matches}
   */
  public static Program of(String source, Patterns patterns) throws SyntaxException {
    return of(source, new MessageEnvironment(patterns));
  }

  /** Reads an expression over the names and functions of an environment. */
  public static Program of(String source, Environment environment) throws SyntaxException {
    Expression expression = new Parser(source, environment).parse();
    try {
      return new Program(source, environment.prepare(expression), environment);
    } catch (IllegalArgumentException refused) {
      throw new SyntaxException("'" + source + "' " + refused.getMessage());
    }
  }

  /** The syntax tree, as the environment prepared it. */
  public Expression expression() {
    return expression;
  }

  /**
   * The value of the expression.
   *
   * @throws EvaluationException if it has none, or takes more than that number of steps
   */
  public Value evaluate(Environment.Scope scope, int mostSteps) {
    return new Evaluator(environment, scope, mostSteps).evaluate(expression);
  }

  /** The members of a message that the rule reads; none if it may read any. */
  public Optional<Set<String>> members() {
    Set<String> names = new HashSet<>();
    return reads(expression, names) ? Optional.of(Set.copyOf(names)) : Optional.empty();
  }

  /** Collects members of the message; false if the whole message is used as a value. */
  private static boolean reads(Expression expression, Set<String> names) {
    return switch (expression) {
      case Expression.Literal _ -> true;
      case Expression.Variable variable -> !isMessage(variable);
      case Expression.Select(Expression.Variable variable, String field)
          when isMessage(variable) -> {
        names.add(field);
        yield true;
      }
      case Expression.Select select -> reads(select.operand(), names);
      case Expression.Has has -> reads(has.select(), names);
      case Expression.Index index -> reads(index.operand(), names) && reads(index.index(), names);
      case Expression.And and -> reads(and.left(), names) && reads(and.right(), names);
      case Expression.Or or -> reads(or.left(), names) && reads(or.right(), names);
      case Expression.Conditional choice ->
          reads(choice.test(), names)
              && reads(choice.then(), names)
              && reads(choice.otherwise(), names);
      case Expression.ListOf list -> list.items().stream().allMatch(item -> reads(item, names));
      case Expression.Call call ->
          call.arguments().stream().allMatch(argument -> reads(argument, names));
      case Expression.Macro macro -> reads(macro.range(), names) && reads(macro.body(), names);
    };
  }

  private static boolean isMessage(Expression.Variable variable) {
    return variable.name().equals("this") || variable.name().equals("message");
  }

  public String source() {
    return source;
  }

  /** Why the message does not keep the rule; empty if it does. */
  public Optional<String> problem(Json message) {
    try {
      Value whole = environment.value(message);
      Value value = evaluate(_ -> whole, STEPS);
      return switch (value) {
        case Value.Bool(boolean held) -> held ? Optional.empty() : Optional.of("false");
        default -> Optional.of("a " + value.type() + ", not true or false");
      };
    } catch (EvaluationException e) {
      return Optional.of("no answer: " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return source;
  }
}
