package dev.troth.watch.filter;

import dev.troth.watch.filter.Condition.Literal;
import dev.troth.watch.filter.Condition.Operator;
import dev.troth.watch.filter.FormerToken.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a filter of the former spelling by recursive descent.
 *
 * <pre>
 * filter     = and { "or" and }
 * and        = not { "and" not }
 * not        = "not" not | "(" filter ")" | "changed" "(" field { "," field } ")" | comparison
 * comparison = field ( operator value | "in" "(" value { "," value } ")" )
 * operator   = "=" | "==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "contains"
 * value      = number | 'text' | "text" | "true" | "false" | "null"
 * </pre>
 */
final class FormerParser {
  private static final int LONGEST = 2_000;
  private static final int DEEPEST = 50;
  private static final String CONDITION =
      "a condition such as price < 10, changed(price) or not (...)";
  private static final String VALUE = "a number, a text in quotes, true, false or null";

  private final String text;
  private final List<FormerToken> tokens;
  private int next;
  private int depth;

  private FormerParser(String text) {
    this.text = text;
    this.tokens = FormerToken.all(text);
  }

  static Condition parse(String text) {
    if (text.length() > LONGEST) {
      throw new FilterException("too long");
    }
    FormerParser parser = new FormerParser(text);
    Condition condition = parser.or();
    if (parser.peek().kind() != Kind.END) {
      throw parser.unexpected("and, or, or the end");
    }
    return condition;
  }

  private Condition or() {
    List<Condition> parts = new ArrayList<>(List.of(and()));
    while (takeWord("or")) {
      parts.add(and());
    }
    return parts.size() == 1 ? parts.getFirst() : new Condition.Some(List.copyOf(parts));
  }

  private Condition and() {
    List<Condition> parts = new ArrayList<>(List.of(not()));
    while (takeWord("and")) {
      parts.add(not());
    }
    return parts.size() == 1 ? parts.getFirst() : new Condition.All(List.copyOf(parts));
  }

  private Condition not() {
    if (++depth > DEEPEST) {
      throw unexpected("at most " + DEEPEST + " conditions within one another");
    }
    try {
      if (takeWord("not")) {
        return new Condition.Not(not());
      }
      if (takeSign("(")) {
        Condition inner = or();
        require(")");
        return inner;
      }
      return comparison();
    } finally {
      depth--;
    }
  }

  private Condition comparison() {
    if (peek().kind() != Kind.WORD) {
      throw unexpected(CONDITION);
    }
    String field = tokens.get(next++).text();
    if (field.equals("changed") && peek().is("(")) {
      return new Condition.Changed(fields());
    }
    if (takeWord("in")) {
      return new Condition.In(field, values());
    }
    return new Condition.Compare(field, operator(), value());
  }

  private List<String> fields() {
    require("(");
    List<String> fields = new ArrayList<>();
    do {
      if (peek().kind() != Kind.WORD) {
        throw unexpected("the name of a field");
      }
      fields.add(tokens.get(next++).text());
    } while (takeSign(","));
    require(")");
    return List.copyOf(fields);
  }

  private List<Literal> values() {
    require("(");
    List<Literal> values = new ArrayList<>();
    do {
      values.add(value());
    } while (takeSign(","));
    require(")");
    return List.copyOf(values);
  }

  private Operator operator() {
    Operator operator =
        switch (peek().text()) {
          case "=", "==" -> Operator.EQUAL;
          case "!=" -> Operator.DIFFERENT;
          case "<" -> Operator.BELOW;
          case "<=" -> Operator.AT_MOST;
          case ">" -> Operator.ABOVE;
          case ">=" -> Operator.AT_LEAST;
          case "contains" -> Operator.CONTAINS;
          default -> throw unexpected("=, !=, <, <=, >, >=, contains or in");
        };
    next++;
    return operator;
  }

  private Literal value() {
    FormerToken token = peek();
    Literal value =
        switch (token.kind()) {
          case NUMBER -> new Literal(new BigDecimal(token.text()));
          case TEXT -> new Literal(token.text());
          case WORD ->
              switch (token.text()) {
                case "true" -> new Literal(true);
                case "false" -> new Literal(false);
                case "null" -> new Literal(null);
                default -> throw unexpected(VALUE);
              };
          case SIGN, END -> throw unexpected(VALUE);
        };
    next++;
    return value;
  }

  private FormerToken peek() {
    return tokens.get(next);
  }

  private boolean takeWord(String word) {
    boolean found = peek().kind() == Kind.WORD && peek().text().equals(word);
    next += found ? 1 : 0;
    return found;
  }

  private boolean takeSign(String sign) {
    boolean found = peek().is(sign);
    next += found ? 1 : 0;
    return found;
  }

  private void require(String sign) {
    if (!takeSign(sign)) {
      throw unexpected("'" + sign + "'");
    }
  }

  private FilterException unexpected(String expected) {
    FormerToken token = peek();
    String found = token.kind() == Kind.END ? "its end" : "'" + token.text() + "'";
    return new FilterException("%s at %d, expected %s".formatted(found, token.at(), expected));
  }
}
