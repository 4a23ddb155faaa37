package dev.troth.contracts.rule;

import static dev.troth.contracts.rule.Fragments.all;
import static dev.troth.contracts.rule.Fragments.any;
import static dev.troth.contracts.rule.Fragments.constant;
import static dev.troth.contracts.rule.Fragments.keyword;
import static dev.troth.contracts.rule.Fragments.not;
import static dev.troth.contracts.rule.Fragments.type;

import dev.troth.cel.Expression;
import dev.troth.cel.Value;
import dev.troth.contracts.schema.Schema;
import dev.troth.contracts.schema.SchemaException;
import dev.troth.contracts.schema.SchemaLoader;
import dev.troth.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A quality rule as a JSON Schema: valid are the messages for which the rule is true. Rules that
 * compare parts of a message with constants, and quantify over its lists, have one; arithmetic,
 * times and comparisons of two parts do not.
 *
 * <p>A rule may have no answer, for example if a field is missing. So each expression has two
 * schemas: of the values for which it is true, and for which it is false.
 */
public final class RuleSchema {
  private static final int FARTHEST_ITEM = 100;

  /** Says that there is no such schema. */
  private static final class Unsaid extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final String root;

  private RuleSchema(String root) {
    this.root = root;
  }

  /**
   * The schema of an expression that is a rule or part of one; none if JSON Schema cannot say it.
   */
  public static Optional<Schema> of(Expression rule) {
    try {
      Json schema = new RuleSchema("this").when(rule, true);
      return Optional.of(
          new SchemaLoader(SchemaLoader.Options.DEFAULT).load(schema, "troth:/rule"));
    } catch (Unsaid | SchemaException unsaid) {
      return Optional.empty();
    }
  }

  /** Values for which an expression is true, or false. */
  private Json when(Expression expression, boolean truth) throws Unsaid {
    return switch (expression) {
      case Expression.Literal(Value.Bool(boolean value)) ->
          value == truth ? Fragments.ANY : Fragments.NONE;
      case Expression.And(Expression left, Expression right) ->
          truth
              ? all(when(left, true), when(right, true))
              : any(when(left, false), when(right, false));
      case Expression.Or(Expression left, Expression right) ->
          truth
              ? any(when(left, true), when(right, true))
              : all(when(left, false), when(right, false));
      case Expression.Conditional(Expression test, Expression then, Expression otherwise) ->
          any(
              all(when(test, true), when(then, truth)),
              all(when(test, false), when(otherwise, truth)));
      case Expression.Has(Expression.Select(Expression operand, String field)) -> {
        Json present = keyword("required", new Json.Arr(List.of(new Json.Str(field))));
        yield at(operand, all(type("object"), truth ? present : not(present)));
      }
      case Expression.Call(String function, List<Expression> arguments) ->
          call(function, arguments, truth);
      case Expression.Macro macro -> macro(macro, truth);
      case Expression.Select _, Expression.Index _ -> at(expression, flag(truth));
      case Expression.Variable _ -> at(expression, flag(truth));
      case Expression.Literal _, Expression.ListOf _ -> throw new Unsaid();
    };
  }

  private static Json flag(boolean truth) {
    return constant(truth ? Json.Bool.TRUE : Json.Bool.FALSE);
  }

  /** Messages in which a part is there and keeps a schema. */
  private Json at(Expression part, Json schema) throws Unsaid {
    return path(part).apply(schema);
  }

  private UnaryOperator<Json> path(Expression part) throws Unsaid {
    return switch (part) {
      case Expression.Variable(String name) when isRoot(name) -> schema -> schema;
      case Expression.Select(Expression operand, String field) -> {
        UnaryOperator<Json> outer = path(operand);
        yield schema -> outer.apply(Fragments.member(field, schema));
      }
      case Expression.Index(Expression operand, Expression.Literal(Value.Text(String field))) -> {
        UnaryOperator<Json> outer = path(operand);
        yield schema -> outer.apply(Fragments.member(field, schema));
      }
      case Expression.Index(Expression operand, Expression.Literal(Value.Int(long position)))
          when position >= 0 && position <= FARTHEST_ITEM -> {
        UnaryOperator<Json> outer = path(operand);
        yield schema -> outer.apply(Fragments.item((int) position, schema));
      }
      default -> throw new Unsaid();
    };
  }

  private boolean isRoot(String name) {
    return name.equals(root) || (root.equals("this") && name.equals("message"));
  }

  private Json call(String function, List<Expression> arguments, boolean truth) throws Unsaid {
    Expression first = arguments.getFirst();
    if (function.equals("!")) {
      return when(first, !truth);
    }
    if (arguments.size() != 2) {
      throw new Unsaid();
    }
    Expression second = arguments.get(1);
    return switch (function) {
      case "==", "!=", "<", "<=", ">", ">=" -> {
        Optional<Value> right = literal(second);
        if (right.isPresent()) {
          yield compare(function, first, right.get(), truth);
        }
        Value left = literal(first).orElseThrow(Unsaid::new);
        yield compare(flipped(function), second, left, truth);
      }
      case "in" -> in(first, second, truth);
      case "matches", "startsWith", "endsWith", "contains" -> {
        if (!(literal(second).orElse(null) instanceof Value.Text(String text))) {
          throw new Unsaid();
        }
        Json pattern = keyword("pattern", new Json.Str(pattern(function, text)));
        yield at(first, all(type("string"), truth ? pattern : not(pattern)));
      }
      default -> throw new Unsaid();
    };
  }

  private static String pattern(String function, String text) {
    if (function.equals("matches")) {
      return text;
    }
    String quoted = text.replaceAll("[\\\\^$.|?*+()\\[\\]{}/]", "\\\\$0");
    return switch (function) {
      case "startsWith" -> "^" + quoted;
      case "endsWith" -> quoted + "$";
      default -> quoted;
    };
  }

  private static Optional<Value> literal(Expression expression) {
    return switch (expression) {
      case Expression.Literal(Value value) -> Optional.of(value);
      case Expression.Call(String function, List<Expression> arguments)
          when function.equals("negate") && literal(arguments.getFirst()).isPresent() ->
          switch (literal(arguments.getFirst()).get()) {
            case Value.Int(long number) when number != Long.MIN_VALUE ->
                Optional.of(new Value.Int(-number));
            case Value.Real(double number) -> Optional.of(new Value.Real(-number));
            default -> Optional.empty();
          };
      default -> Optional.empty();
    };
  }

  private Json compare(String operator, Expression part, Value value, boolean truth) throws Unsaid {
    String wanted = truth ? operator : opposite(operator);
    if (part instanceof Expression.Call(String function, List<Expression> arguments)
        && function.equals("size")) {
      return at(arguments.getFirst(), Sizes.of(wanted, number(value)));
    }
    if (wanted.equals("==")) {
      return at(part, equal(value));
    }
    if (wanted.equals("!=")) {
      // Values of two types are unequal, not without an answer.
      return at(part, not(equal(value)));
    }
    return at(part, Thresholds.numbers(wanted, number(value)).orElseThrow(Unsaid::new));
  }

  /** The same comparison with its sides exchanged. */
  private static String flipped(String operator) {
    return switch (operator) {
      case "<" -> ">";
      case "<=" -> ">=";
      case ">" -> "<";
      case ">=" -> "<=";
      default -> operator;
    };
  }

  private static String opposite(String operator) {
    return switch (operator) {
      case "<" -> ">=";
      case "<=" -> ">";
      case ">" -> "<=";
      case ">=" -> "<";
      case "==" -> "!=";
      default -> "==";
    };
  }

  private static double number(Value value) throws Unsaid {
    return switch (value) {
      case Value.Int(long number) when Math.abs(number) < 1L << 52 -> number;
      case Value.Real(double number) -> number;
      default -> throw new Unsaid();
    };
  }

  private static Json equal(Value value) throws Unsaid {
    return switch (value) {
      case Value.Null _ -> constant(Json.Null.NULL);
      case Value.Bool(boolean held) -> flag(held);
      case Value.Text(String text) -> constant(new Json.Str(text));
      case Value.Int _, Value.Real _ ->
          Thresholds.numbers("==", number(value)).orElseThrow(Unsaid::new);
      default -> throw new Unsaid();
    };
  }

  private Json in(Expression value, Expression container, boolean truth) throws Unsaid {
    if (container instanceof Expression.ListOf(List<Expression> items)) {
      Json among = Fragments.NONE;
      for (Expression item : items) {
        among = any(among, equal(literal(item).orElseThrow(Unsaid::new)));
      }
      return at(value, truth ? among : not(among));
    }
    Value wanted = literal(value).orElseThrow(Unsaid::new);
    Json item = keyword("contains", equal(wanted));
    Json key =
        wanted instanceof Value.Text(String name)
            ? keyword("required", new Json.Arr(List.of(new Json.Str(name))))
            : Fragments.NONE;
    return at(
        container,
        any(
            all(type("array"), truth ? item : not(item)),
            all(type("object"), truth ? key : not(key))));
  }

  /** Over a list its items, over an object its names. */
  private Json macro(Expression.Macro macro, boolean truth) throws Unsaid {
    boolean every =
        switch (macro.kind()) {
          case ALL -> truth;
          case EXISTS -> !truth;
          case EXISTS_ONE, FILTER, MAP -> throw new Unsaid();
        };
    if (macro.variable().equals("this") || macro.variable().equals("message")) {
      throw new Unsaid();
    }
    Json body = new RuleSchema(macro.variable()).when(macro.body(), truth);
    Json items = every ? keyword("items", body) : keyword("contains", body);
    Json names = every ? keyword("propertyNames", body) : not(keyword("propertyNames", not(body)));
    return at(macro.range(), any(all(type("array"), items), all(type("object"), names)));
  }
}
