package dev.troth.contracts.rule;

import dev.troth.cel.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How a rule is written, without what does not matter: order, sides, names of variables. */
public final class RuleForm {
  private static final Map<String, String> FLIPPED =
      Map.of(">", "<", ">=", "<=", "==", "==", "!=", "!=");

  private RuleForm() {}

  /** The parts of a rule that must all hold. */
  public static List<Expression> parts(Expression rule) {
    List<Expression> parts = new ArrayList<>();
    parts(rule, parts);
    return parts;
  }

  private static void parts(Expression rule, List<Expression> to) {
    if (rule instanceof Expression.And(Expression left, Expression right)) {
      parts(left, to);
      parts(right, to);
    } else {
      to.add(rule);
    }
  }

  /** The same text for rules that only differ in the order of their parts. */
  public static String of(Expression rule) {
    return of(rule, Map.of());
  }

  private static String of(Expression rule, Map<String, String> variables) {
    return switch (rule) {
      case Expression.Literal literal -> literal.value().toString();
      case Expression.Variable(String name) ->
          variables.getOrDefault(name, name.equals("message") ? "this" : name);
      case Expression.Select(Expression operand, String field) ->
          of(operand, variables) + "." + field;
      case Expression.Has(Expression.Select select) -> "has(" + of(select, variables) + ")";
      case Expression.Index(Expression operand, Expression index) ->
          of(operand, variables) + "[" + of(index, variables) + "]";
      case Expression.And _ -> "(" + joined(RuleForm.parts(rule), " && ", variables) + ")";
      case Expression.Or _ -> "(" + joined(alternatives(rule), " || ", variables) + ")";
      case Expression.Conditional(Expression test, Expression then, Expression otherwise) ->
          "(%s ? %s : %s)"
              .formatted(of(test, variables), of(then, variables), of(otherwise, variables));
      case Expression.ListOf(List<Expression> items) ->
          items.stream().map(item -> of(item, variables)).toList().toString();
      case Expression.Call(String function, List<Expression> arguments) ->
          call(function, arguments.stream().map(a -> of(a, variables)).toList());
      case Expression.Macro macro -> {
        Map<String, String> inner = new HashMap<>(variables);
        inner.put(macro.variable(), "$" + variables.size());
        yield "%s.%s($%d, %s)"
            .formatted(
                of(macro.range(), variables),
                macro.kind(),
                variables.size(),
                of(macro.body(), inner));
      }
    };
  }

  private static String call(String function, List<String> arguments) {
    String flipped = FLIPPED.get(function);
    boolean turn =
        flipped != null
            && (!flipped.equals(function)
                || arguments.getFirst().compareTo(arguments.getLast()) > 0);
    return turn
        ? "%s(%s, %s)".formatted(flipped, arguments.getLast(), arguments.getFirst())
        : function + arguments.stream().collect(Collectors.joining(", ", "(", ")"));
  }

  private static List<Expression> alternatives(Expression rule) {
    List<Expression> alternatives = new ArrayList<>();
    alternatives(rule, alternatives);
    return alternatives;
  }

  private static void alternatives(Expression rule, List<Expression> to) {
    if (rule instanceof Expression.Or(Expression left, Expression right)) {
      alternatives(left, to);
      alternatives(right, to);
    } else {
      to.add(rule);
    }
  }

  /** Which side is asked first does not matter: either may decide, even if the other cannot. */
  private static String joined(List<Expression> parts, String by, Map<String, String> variables) {
    return parts.stream()
        .map(part -> of(part, variables))
        .sorted()
        .distinct()
        .collect(Collectors.joining(by));
  }
}
