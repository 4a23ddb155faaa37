package dev.troth.cel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads a program by the grammar of CEL, and refuses what the subset does not have. */
final class Parser {
  private static final int DEEPEST = 100;

  /** Functions and methods by name, with their number of arguments (a method's target counts). */
  private static final Map<String, Integer> FUNCTIONS =
      Map.of("size", 1, "timestamp", 1, "duration", 1, "int", 1, "double", 1, "string", 1);

  private static final Map<String, Integer> METHODS =
      Map.of("size", 1, "matches", 2, "startsWith", 2, "endsWith", 2, "contains", 2);

  private static final Map<String, Expression.Kind> MACROS =
      Map.of(
          "all", Expression.Kind.ALL,
          "exists", Expression.Kind.EXISTS,
          "exists_one", Expression.Kind.EXISTS_ONE,
          "filter", Expression.Kind.FILTER,
          "map", Expression.Kind.MAP);

  private final String source;
  private final List<Token> tokens;
  private final Environment environment;
  private final Deque<String> variables = new ArrayDeque<>();
  private int at;
  private int depth;

  Parser(String source, Environment environment) throws SyntaxException {
    this.source = source;
    this.environment = environment;
    this.tokens = Token.all(source);
  }

  Expression parse() throws SyntaxException {
    Expression expression = conditional();
    if (peek().kind() != Token.Kind.END) {
      throw wrong("unexpected '" + peek().text() + "'");
    }
    return expression;
  }

  private Expression conditional() throws SyntaxException {
    if (++depth > DEEPEST) {
      throw wrong("it nests deeper than %d levels".formatted(DEEPEST));
    }
    Expression test = or();
    if (take("?")) {
      Expression then = or();
      expect(":");
      test = new Expression.Conditional(test, then, conditional());
    }
    depth--;
    return test;
  }

  private Expression or() throws SyntaxException {
    Expression left = and();
    while (take("||")) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() throws SyntaxException {
    Expression left = relation();
    while (take("&&")) {
      left = new Expression.And(left, relation());
    }
    return left;
  }

  private Expression relation() throws SyntaxException {
    Expression left = sum();
    while (isRelation(peek())) {
      String operator = next().text();
      left = new Expression.Call(operator, List.of(left, sum()));
    }
    return left;
  }

  private static boolean isRelation(Token token) {
    return (token.kind() == Token.Kind.SYMBOL
            && List.of("==", "!=", "<", "<=", ">", ">=").contains(token.text()))
        || (token.kind() == Token.Kind.NAME && token.text().equals("in"));
  }

  private Expression sum() throws SyntaxException {
    Expression left = product();
    while (isSymbol("+") || isSymbol("-")) {
      String operator = next().text();
      left = new Expression.Call(operator, List.of(left, product()));
    }
    return left;
  }

  private Expression product() throws SyntaxException {
    Expression left = unary();
    while (isSymbol("*") || isSymbol("/") || isSymbol("%")) {
      String operator = next().text();
      left = new Expression.Call(operator, List.of(left, unary()));
    }
    return left;
  }

  private Expression unary() throws SyntaxException {
    int nots = 0;
    while (take("!")) {
      nots++;
    }
    if (nots > 0) {
      Expression operand = member();
      return nots % 2 == 1 ? new Expression.Call("!", List.of(operand)) : operand;
    }
    if (isSymbol("-")) {
      next();
      Token token = peek();
      if (token.kind() == Token.Kind.INT) {
        next();
        return number("-" + token.text());
      }
      return new Expression.Call("negate", List.of(unary()));
    }
    return member();
  }

  private Expression member() throws SyntaxException {
    Expression operand = primary();
    while (true) {
      if (take(".")) {
        String name = name();
        operand = take("(") ? method(operand, name) : new Expression.Select(operand, name);
      } else if (take("[")) {
        operand = new Expression.Index(operand, conditional());
        expect("]");
      } else {
        return operand;
      }
    }
  }

  private Expression method(Expression target, String name) throws SyntaxException {
    Expression.Kind macro = MACROS.get(name);
    if (macro != null) {
      String variable = name();
      expect(",");
      variables.push(variable);
      Expression body = conditional();
      variables.pop();
      expect(")");
      return new Expression.Macro(macro, target, variable, body);
    }
    List<Expression> arguments = new ArrayList<>(List.of(target));
    arguments.addAll(arguments());
    return call(name, METHODS, arguments, "method");
  }

  private Expression call(
      String name, Map<String, Integer> known, List<Expression> arguments, String kind)
      throws SyntaxException {
    Integer count = known.get(name);
    boolean unmatched = name.equals("matches") && environment.patterns().isEmpty();
    if (count == null || unmatched) {
      Set<String> names = new TreeSet<>(known.keySet());
      if (known.equals(FUNCTIONS)) {
        names.addAll(environment.functions());
      } else if (unmatched) {
        names.remove(name);
      }
      throw wrong("the %s '%s' is not supported, expected one of %s".formatted(kind, name, names));
    }
    if (count != arguments.size()) {
      throw wrong("'%s' has the wrong number of arguments".formatted(name));
    }
    return new Expression.Call(name, arguments);
  }

  private List<Expression> arguments() throws SyntaxException {
    List<Expression> arguments = new ArrayList<>();
    if (take(")")) {
      return arguments;
    }
    do {
      arguments.add(conditional());
    } while (take(","));
    expect(")");
    return arguments;
  }

  private Expression primary() throws SyntaxException {
    Token token = next();
    return switch (token.kind()) {
      case INT, REAL -> number(token.text());
      case TEXT -> new Expression.Literal(new Value.Text(token.text()));
      case NAME -> named(token);
      case SYMBOL -> {
        if (token.text().equals("(")) {
          Expression inner = conditional();
          expect(")");
          yield inner;
        }
        if (token.text().equals("[")) {
          yield list();
        }
        at--;
        throw wrong("unexpected '" + token.text() + "'");
      }
      case END -> {
        at--;
        throw wrong("it ends too early");
      }
    };
  }

  private Expression list() throws SyntaxException {
    List<Expression> items = new ArrayList<>();
    while (!take("]")) {
      items.add(conditional());
      if (!take(",") && !isSymbol("]")) {
        throw wrong("expected ',' or ']'");
      }
    }
    return new Expression.ListOf(items);
  }

  private Expression named(Token token) throws SyntaxException {
    switch (token.text()) {
      case "true", "false" -> {
        return new Expression.Literal(new Value.Bool(token.text().equals("true")));
      }
      case "null" -> {
        return new Expression.Literal(new Value.Null());
      }
      default -> {}
    }
    if (take("(")) {
      List<Expression> arguments = arguments();
      if (token.text().equals("has")) {
        if (arguments.size() == 1 && arguments.getFirst() instanceof Expression.Select select) {
          return new Expression.Has(select);
        }
        throw wrong("expected has(some.field)");
      }
      if (environment.functions().contains(token.text()) && !arguments.isEmpty()) {
        return new Expression.Call(token.text(), arguments);
      }
      return call(token.text(), FUNCTIONS, arguments, "function");
    }
    if (!variables.contains(token.text()) && !environment.hasVariable(token.text())) {
      at--;
      throw wrong(
          "unknown name '%s', expected %s"
              .formatted(token.text(), environment.expectedInsteadOf(token.text())));
    }
    return new Expression.Variable(token.text());
  }

  private Expression number(String digits) throws SyntaxException {
    try {
      return new Expression.Literal(environment.number(digits));
    } catch (NumberFormatException e) {
      throw wrong(digits + " is out of range, " + e.getMessage());
    }
  }

  private String name() throws SyntaxException {
    if (peek().kind() != Token.Kind.NAME) {
      throw wrong("expected a name");
    }
    return next().text();
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token next() {
    return tokens.get(at++);
  }

  private boolean isSymbol(String symbol) {
    return peek().kind() == Token.Kind.SYMBOL && peek().text().equals(symbol);
  }

  private boolean take(String symbol) {
    if (!isSymbol(symbol)) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(String symbol) throws SyntaxException {
    if (!take(symbol)) {
      throw wrong("expected '" + symbol + "'");
    }
  }

  private SyntaxException wrong(String reason) {
    return new SyntaxException(source, peek().at(), reason);
  }
}
