package dev.troth.slo.math;

import dev.troth.slo.math.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads metric math (Amazon CloudWatch user guide, "Using math expressions").
 *
 * <pre>{@code
 * Expression rate = MathParser.parse("IF(total > 0, bad / total)").expression().orElseThrow();
 * }</pre>
 *
 * <p>A Pratt parser: each operator says by its rank how far its right operand reaches.
 */
public final class MathParser {
  /** Far beyond the 2,048 characters that an alarm takes. */
  private static final int LONGEST = 8_192;

  private static final int DEEPEST = 100;

  private final List<Token> tokens;
  private int at;
  private int depth;

  private MathParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /** The expression, or why the text is none. */
  public record Parsed(Optional<Expression> expression, List<MathProblem> problems) {
    public Parsed {
      problems = List.copyOf(problems);
    }
  }

  private static final class WrongException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient MathProblem problem;

    WrongException(int column, String message) {
      super(message, null, false, false);
      this.problem = new MathProblem(MathProblem.Kind.SYNTAX, column, message, "");
    }
  }

  /** Reads one expression; never throws. */
  public static Parsed parse(String text) {
    try {
      if (text.length() > LONGEST) {
        throw new WrongException(1, "the expression has %,d characters".formatted(text.length()));
      }
      MathParser parser = new MathParser(Lexer.tokens(text));
      Expression expression = parser.expression(0);
      if (parser.peek().kind() != Kind.END) {
        throw parser.unexpected("an operator or the end");
      }
      return new Parsed(Optional.of(expression), List.of());
    } catch (WrongException wrong) {
      return new Parsed(Optional.empty(), List.of(wrong.problem));
    }
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token take() {
    return tokens.get(at++);
  }

  private WrongException unexpected(String expected) {
    Token found = peek();
    String what =
        switch (found.kind()) {
          case END -> "the expression ends";
          case WRONG ->
              found.text().startsWith("\"") || found.text().startsWith("'")
                  ? "a text in quotes does not end"
                  : "found " + found.text();
          case NUMBER, TEXT, NAME, SIGN -> "found " + found.text();
        };
    return new WrongException(found.column(), what + ", expected " + expected);
  }

  private Expression expression(int least) throws WrongException {
    if (++depth > DEEPEST) {
      throw new WrongException(
          peek().column(), "the expression nests deeper than %d levels".formatted(DEEPEST));
    }
    Expression left = operand();
    for (Optional<Operator> next = operator();
        next.isPresent() && next.get().rank() >= least;
        next = operator()) {
      Token sign = take();
      Expression right = expression(next.get().rightRank());
      left = new Expression.Operation(next.get(), left, right, sign.column());
    }
    depth--;
    return left;
  }

  private Optional<Operator> operator() {
    Token token = peek();
    return token.kind() == Kind.SIGN || token.kind() == Kind.NAME
        ? Operator.of(token.text())
        : Optional.empty();
  }

  private Expression operand() throws WrongException {
    Token token = peek();
    switch (token.kind()) {
      case NUMBER -> {
        at++;
        return new Expression.Number(token.text(), token.column());
      }
      case TEXT -> {
        at++;
        return new Expression.Text(token.text(), token.column());
      }
      case NAME -> {
        if (operator().isEmpty()) {
          at++;
          return named(token);
        }
      }
      case SIGN -> {
        if (token.is("-")) {
          at++;
          return new Expression.Minus(expression(Operator.SIGN), token.column());
        }
        if (token.is("(")) {
          at++;
          Expression inner = expression(0);
          close(")");
          return inner;
        }
        if (token.is("[")) {
          at++;
          return new Expression.Array(list("]"), token.column());
        }
      }
      case END, WRONG -> {}
    }
    throw unexpected("a number, an id, a function, '(' or '['");
  }

  private Expression named(Token name) throws WrongException {
    if (peek().is("(")) {
      at++;
      return new Expression.Call(name.text(), list(")"), name.column());
    }
    return Character.isLowerCase(name.text().charAt(0))
        ? new Expression.Id(name.text(), name.column())
        : new Expression.Word(name.text(), name.column());
  }

  private List<Expression> list(String end) throws WrongException {
    List<Expression> items = new ArrayList<>();
    if (!peek().is(end)) {
      items.add(expression(0));
      while (peek().is(",")) {
        at++;
        items.add(expression(0));
      }
    }
    close(end);
    return items;
  }

  private void close(String end) throws WrongException {
    if (!peek().is(end)) {
      throw unexpected("'" + end + "'");
    }
    at++;
  }
}
