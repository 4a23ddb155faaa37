package dev.troth.watch.filter;

import dev.troth.cel.Environment;
import dev.troth.cel.Expression;
import dev.troth.cel.Value;
import dev.troth.json.Json;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What CEL means in a filter. A bare name is a field after the change: {@code price} is {@code
 * after.price}. {@code before.price} is the field before it, {@code change.type} and {@code
 * change.actor} are the change's own. Numbers are exact decimals, a field's text that is a number
 * counts as one beside a number, and nothing that is absent makes a filter fail.
 *
 * <p>A path of fields becomes one variable with dots in its name, so that a field whose own name
 * has a dot is found as well, and so that only the fields that a filter reads are converted.
 */
final class FilterEnvironment implements Environment {
  static final FilterEnvironment FILTERS = new FilterEnvironment();
  static final String CHANGED = "changed";
  static final String BEFORE = "before";
  static final String AFTER = "after";
  static final String CHANGE = "change";

  /** The shape of a text that counts as a number: bounded, so that no text can cost much. */
  private static final Pattern NUMERIC =
      Pattern.compile("\\s*[-+]?\\d{1,40}(\\.\\d{1,40})?([eE][-+]?\\d{1,3})?\\s*");

  private FilterEnvironment() {}

  @Override
  public boolean hasVariable(String name) {
    return true;
  }

  @Override
  public Set<String> functions() {
    return Set.of(CHANGED);
  }

  @Override
  public Manner manner() {
    return Manner.LENIENT;
  }

  @Override
  public Value number(String digits) {
    if (!NUMERIC.matcher(digits).matches()) {
      throw new NumberFormatException("expected at most 40 digits and an exponent of 3");
    }
    return new Value.Decimal(new BigDecimal(digits));
  }

  @Override
  public Value value(Json json) {
    return switch (json) {
      case Json.Num(BigDecimal number) -> new Value.Decimal(number);
      case Json.Str(String text) -> text(text);
      case Json.Arr(List<Json> items) -> new Value.Items(items.stream().map(this::value).toList());
      case Json.Null _, Json.Bool _, Json.Obj _ -> Value.of(json);
    };
  }

  static Value text(String text) {
    return NUMERIC.matcher(text).matches()
        ? new Value.NumericText(text, new BigDecimal(text.strip()))
        : new Value.Text(text);
  }

  @Override
  public Expression prepare(Expression expression) {
    return new Preparation().prepare(expression);
  }

  /** Makes variables of paths, texts of what {@code changed} asks, and refuses slips. */
  private static final class Preparation {
    private final Deque<String> bound = new ArrayDeque<>();

    private Expression prepare(Expression expression) {
      Optional<String> path = path(expression);
      if (path.isPresent()) {
        return new Expression.Variable(path.get());
      }
      return switch (expression) {
        case Expression.Literal literal -> literal;
        case Expression.Variable variable -> variable;
        case Expression.Select(Expression operand, String field) ->
            new Expression.Select(prepare(operand), field);
        case Expression.Has(Expression.Select select) ->
            new Expression.Call(
                "!=", List.of(prepare(select), new Expression.Literal(new Value.Null())));
        case Expression.Index(Expression operand, Expression index) ->
            new Expression.Index(prepare(operand), prepare(index));
        case Expression.And(Expression left, Expression right) ->
            new Expression.And(prepare(left), prepare(right));
        case Expression.Or(Expression left, Expression right) ->
            new Expression.Or(prepare(left), prepare(right));
        case Expression.Conditional(Expression test, Expression then, Expression otherwise) ->
            new Expression.Conditional(prepare(test), prepare(then), prepare(otherwise));
        case Expression.ListOf(List<Expression> items) -> new Expression.ListOf(all(items));
        case Expression.Call(String function, List<Expression> arguments) ->
            call(function, arguments);
        case Expression.Macro macro -> {
          Expression range = prepare(macro.range());
          bound.push(macro.variable());
          Expression body = prepare(macro.body());
          bound.pop();
          yield new Expression.Macro(macro.kind(), range, macro.variable(), body);
        }
      };
    }

    private Expression call(String function, List<Expression> arguments) {
      if (function.equals(CHANGED)) {
        return new Expression.Call(function, arguments.stream().map(this::changed).toList());
      }
      if (function.equals("in")
          && (arguments.get(1) instanceof Expression.Literal
              || arguments.get(1) instanceof Expression.Call)) {
        throw new IllegalArgumentException("has 'in' without a list, expected x in [1, 2]");
      }
      return new Expression.Call(function, all(arguments));
    }

    private Expression changed(Expression argument) {
      String path =
          path(argument)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "asks changed() of a value, expected the name of a field"));
      if (path.equals(AFTER) || path.equals(BEFORE) || path.startsWith(BEFORE + ".")) {
        throw new IllegalArgumentException(
            "asks changed(%s), expected the name of a field as in changed(price)".formatted(path));
      }
      String field = path.startsWith(AFTER + ".") ? path.substring(AFTER.length() + 1) : path;
      return new Expression.Literal(new Value.Text(field));
    }

    private List<Expression> all(List<Expression> expressions) {
      return expressions.stream().map(this::prepare).toList();
    }

    /** {@code a.b} and {@code a["b"]} as {@code a.b}, unless a macro binds the {@code a}. */
    private Optional<String> path(Expression expression) {
      return switch (expression) {
        case Expression.Variable(String name) when !bound.contains(name) -> Optional.of(name);
        case Expression.Select(Expression operand, String field) ->
            path(operand).map(path -> path + "." + field);
        case Expression.Index(Expression operand, Expression.Literal(Value.Text(String field))) ->
            path(operand).map(path -> path + "." + field);
        default -> Optional.empty();
      };
    }
  }
}
