package dev.troth.slo.promql;

import dev.troth.slo.promql.Query.Call;
import dev.troth.slo.promql.Query.Labels;
import dev.troth.slo.promql.Query.Literal;
import dev.troth.slo.promql.Query.Matcher;
import dev.troth.slo.promql.Query.Matching;
import dev.troth.slo.promql.Query.Operation;
import dev.troth.slo.promql.Query.Selector;
import dev.troth.slo.promql.Query.Shift;
import dev.troth.slo.promql.Query.Sign;
import dev.troth.slo.promql.Query.Subquery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads PromQL (Prometheus documentation, "Querying"); a Pratt parser over tokens that a pattern
 * cuts.
 */
public final class QueryParser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*+(?:#[^\\n]*+\\s*+)*+"
              + "(\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|`[^`]*+`"
              + "|[a-zA-Z_:][a-zA-Z0-9_:]*+"
              + "|(?:\\d++(?:ms|[smhdwy]))++"
              + "|0[xX][0-9a-fA-F]++|(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][+-]?+\\d++)?+"
              + "|==|!=|=~|!~|>=|<=|[-+*/%^<>=(){}\\[\\],:@])");
  private static final Map<String, Integer> RANKS =
      Map.ofEntries(
          Map.entry("or", 1),
          Map.entry("and", 2),
          Map.entry("unless", 2),
          Map.entry("==", 3),
          Map.entry("!=", 3),
          Map.entry(">", 3),
          Map.entry("<", 3),
          Map.entry(">=", 3),
          Map.entry("<=", 3),
          Map.entry("+", 4),
          Map.entry("-", 4),
          Map.entry("*", 5),
          Map.entry("/", 5),
          Map.entry("%", 5),
          Map.entry("atan2", 5),
          Map.entry("^", 6));
  private static final Set<String> MATCHING =
      Set.of("on", "ignoring", "group_left", "group_right", "by", "without");
  private static final Set<String> WORDS =
      Set.of("offset", "bool", "inf", "nan", "sum", "avg", "min", "max", "count");
  private static final Pattern ESCAPE = Pattern.compile("\\\\([\\\\\"'])");
  private static final int DEEPEST = 100;
  private static final int LONGEST = 20_000;

  private final List<String> tokens;
  private int at;
  private int depth;

  private QueryParser(List<String> tokens) {
    this.tokens = tokens;
  }

  /** The expression, or why the text is none that is read here. */
  public record Parsed(Optional<Query> query, String wrong) {}

  private static final class WrongException extends Exception {
    private static final long serialVersionUID = 1L;

    WrongException(String message) {
      super(message, null, false, false);
    }
  }

  /** Reads one expression; never throws. */
  public static Parsed parse(String text) {
    try {
      if (text.length() > LONGEST) {
        throw new WrongException("the expression has %,d characters".formatted(text.length()));
      }
      QueryParser parser = new QueryParser(tokens(text));
      Query query = parser.expression(0);
      if (!parser.peek().isEmpty()) {
        throw parser.unexpected("an operator or the end");
      }
      return new Parsed(Optional.of(query), "");
    } catch (WrongException wrong) {
      return new Parsed(Optional.empty(), String.valueOf(wrong.getMessage()));
    }
  }

  private static List<String> tokens(String text) throws WrongException {
    List<String> tokens = new ArrayList<>();
    var matcher = TOKEN.matcher(text);
    int at = 0;
    while (matcher.region(at, text.length()).lookingAt()) {
      String token = matcher.group(1);
      String small = token.toLowerCase(Locale.ROOT);
      // Words of the language may be written in capitals.
      boolean word = RANKS.containsKey(small) || MATCHING.contains(small) || WORDS.contains(small);
      tokens.add(word ? small : token);
      at = matcher.end();
    }
    String left = text.substring(at).replaceAll("#[^\\n]*", "").strip();
    if (!left.isEmpty()) {
      throw new WrongException("found '" + left.substring(0, Math.min(20, left.length())) + "'");
    }
    tokens.add("");
    return tokens;
  }

  private String peek() {
    return tokens.get(at);
  }

  private String take(String expected) throws WrongException {
    if (peek().isEmpty()) {
      throw unexpected(expected);
    }
    return tokens.get(at++);
  }

  private String quoted() throws WrongException {
    if (peek().isEmpty() || "\"'`".indexOf(peek().charAt(0)) < 0) {
      throw unexpected("a value in quotes");
    }
    return tokens.get(at++);
  }

  private boolean takes(String token) {
    if (peek().equals(token)) {
      at++;
      return true;
    }
    return false;
  }

  private void need(String token) throws WrongException {
    if (!takes(token)) {
      throw unexpected("'" + token + "'");
    }
  }

  private WrongException unexpected(String expected) {
    return new WrongException(
        (peek().isEmpty() ? "the expression ends" : "found '" + peek() + "'")
            + ", expected "
            + expected);
  }

  private static boolean isName(String token) {
    return !token.isEmpty()
        && (Character.isLetter(token.charAt(0)) || "_:".indexOf(token.charAt(0)) >= 0);
  }

  private Query expression(int least) throws WrongException {
    if (++depth > DEEPEST) {
      throw new WrongException("the expression nests deeper than %d levels".formatted(DEEPEST));
    }
    Query left = suffixed(operand());
    for (Integer rank = RANKS.get(peek());
        rank != null && rank >= least;
        rank = RANKS.get(peek())) {
      String operator = tokens.get(at++);
      boolean bool = takes("bool");
      Labels labels = labels("on", "ignoring");
      Matching matching = new Matching(bool, labels, labels("group_left", "group_right"));
      Query right = expression(operator.equals("^") ? rank : rank + 1);
      left = new Operation(operator, left, right, matching);
    }
    depth--;
    return left;
  }

  /** {@code on(a, b)}, {@code group_left(c)}, {@code by (a)}; without parentheses no labels. */
  private Labels labels(String... words) throws WrongException {
    String word = peek();
    if (!List.of(words).contains(word)) {
      return Labels.NONE;
    }
    at++;
    List<String> names = new ArrayList<>();
    if (takes("(")) {
      while (!takes(")")) {
        names.add(unquoted(take("a label or ')'")));
        if (!takes(",") && !peek().equals(")")) {
          throw unexpected("',' or ')'");
        }
      }
    }
    return new Labels(word, names);
  }

  private Query operand() throws WrongException {
    String token = peek();
    if (takes("(")) {
      Query inner = expression(0);
      need(")");
      return inner;
    }
    if (takes("-")) {
      return new Sign(expression(6));
    }
    if (takes("+")) {
      return expression(6);
    }
    if (token.equals("{")) {
      return selector("");
    }
    if (token.isEmpty() || ")]},:@=".contains(token) || RANKS.containsKey(token)) {
      throw unexpected("a number, a metric, a function or '('");
    }
    at++;
    if (!isName(token)) {
      return new Literal(token);
    }
    if (peek().equals("(") || MATCHING.contains(peek())) {
      Labels groups = labels("by", "without");
      need("(");
      List<Query> arguments = new ArrayList<>();
      while (!takes(")")) {
        arguments.add(expression(0));
        if (!takes(",") && !peek().equals(")")) {
          throw unexpected("',' or ')'");
        }
      }
      if (groups.word().isEmpty()) {
        groups = labels("by", "without");
      }
      return new Call(token, arguments, groups);
    }
    return token.equals("inf") || token.equals("nan") ? new Literal(token) : selector(token);
  }

  private Query selector(String name) throws WrongException {
    List<Matcher> labels = new ArrayList<>();
    if (takes("{")) {
      while (!takes("}")) {
        String label = take("a label");
        if (peek().equals(",") || peek().equals("}")) {
          // A name in quotes among the labels.
          labels.add(new Matcher("__name__", "=", unquoted(label)));
        } else {
          String operator = take("=, !=, =~ or !~");
          labels.add(new Matcher(unquoted(label), operator, unquoted(quoted())));
        }
        if (!takes(",") && !peek().equals("}")) {
          throw unexpected("',' or '}'");
        }
      }
    }
    return new Selector(name, labels, "", Shift.NONE);
  }

  private static String unquoted(String token) {
    if (token.length() < 2 || "\"'`".indexOf(token.charAt(0)) < 0) {
      return token;
    }
    String inner = token.substring(1, token.length() - 1);
    // Raw strings keep their backslashes; of other escapes only these stand in values of labels.
    return token.charAt(0) == '`' ? inner : ESCAPE.matcher(inner).replaceAll("$1");
  }

  /** Ranges, subqueries, {@code offset} and {@code @}. */
  private Query suffixed(Query operand) throws WrongException {
    Query query = operand;
    while (true) {
      if (takes("[")) {
        String range = take("a duration");
        StringBuilder rest = new StringBuilder();
        while (!takes("]")) {
          rest.append(take("']'"));
        }
        query =
            query instanceof Selector selector && rest.isEmpty()
                ? new Selector(selector.name(), selector.labels(), range, selector.shift())
                : new Subquery(query, range, rest.toString().replace(":", ""), Shift.NONE);
      } else if (takes("offset")) {
        String sign = takes("-") ? "-" : "";
        query = shifted(query, sign + take("a duration"), "");
      } else if (takes("@")) {
        String sign = takes("-") ? "-" : "";
        String time = take("a time");
        if (isName(time)) {
          need("(");
          need(")");
        }
        query = shifted(query, "", sign + time);
      } else {
        return query;
      }
    }
  }

  /** Only series and subqueries have a time of their own. */
  private static Query shifted(Query query, String offset, String time) throws WrongException {
    return switch (query) {
      case Selector selector ->
          new Selector(
              selector.name(),
              selector.labels(),
              selector.range(),
              both(selector.shift(), offset, time));
      case Subquery subquery ->
          new Subquery(
              subquery.query(),
              subquery.range(),
              subquery.step(),
              both(subquery.shift(), offset, time));
      case Literal _, Call _, Operation _, Sign _ ->
          throw new WrongException("offset and @ stand behind a series or a range, not elsewhere");
    };
  }

  private static Shift both(Shift before, String offset, String time) {
    return new Shift(
        offset.isEmpty() ? before.offset() : offset, time.isEmpty() ? before.at() : time);
  }
}
