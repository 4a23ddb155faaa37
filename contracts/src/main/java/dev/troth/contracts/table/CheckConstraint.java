package dev.troth.contracts.table;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads CHECK constraints as PostgreSQL prints them or people write them for SQLite, as far as they
 * are conjunctions of comparisons of a column, or of its length, with constants: {@code CHECK
 * (((price > (0)::numeric) AND (char_length(code) = 3)))}.
 */
final class CheckConstraint {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:('(?:[^']|'')*')|(\"(?:[^\"]|\"\")*\"|[A-Za-z_][A-Za-z0-9_$]*)"
              + "|(-?\\d+(?:\\.\\d+)?)|(::|<=|>=|<>|!=|[<>=(),\\[\\]~+*/-]|\\S))");

  private static final Set<String> LENGTHS = Set.of("char_length", "character_length", "length");
  private static final Set<String> TYPE_WORDS =
      Set.of("varying", "precision", "with", "without", "time", "zone");

  /** Comparisons seen from the other side. */
  private static final Map<String, String> TURNED =
      Map.of("<", ">", "<=", ">=", ">", "<", ">=", "<=", "=", "=");

  private final List<String> tokens;
  private int at;

  private CheckConstraint(List<String> tokens) {
    this.tokens = tokens;
  }

  /**
   * What one comparison demands.
   *
   * @param length whether it is about the length of the column's text
   * @param operator one of {@code < <= > >= =}
   * @param values one constant, or for {@code =} several of which one must be
   */
  record Demand(String column, boolean length, String operator, List<Constant> values) {}

  /** A constant; in quotes it may still be meant as a number. */
  record Constant(String text) {
    Optional<BigDecimal> number() {
      return text.matches("-?\\d{1,40}(\\.\\d{1,40})?")
          ? Optional.of(new BigDecimal(text))
          : Optional.empty();
    }
  }

  /** Thrown at anything that is not simple. */
  private static final class NotSimple extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** A part of an expression. */
  private sealed interface Part {
    record Named(String column, boolean length) implements Part {}

    record Constants(List<Constant> values) implements Part {}

    record Demands(List<Demand> all) implements Part {}
  }

  /** The demands, all of which must hold; empty if the constraint is not simple. */
  static Optional<List<Demand>> read(String definition) {
    String text =
        definition.replaceFirst("^CHECK\\s*", "").replaceFirst("\\s+(NOT VALID|NO INHERIT)$", "");
    CheckConstraint check = new CheckConstraint(withoutCasts(tokens(text)));
    try {
      Part whole = check.conjunction();
      return check.at == check.tokens.size() && whole instanceof Part.Demands(List<Demand> all)
          ? Optional.of(all)
          : Optional.empty();
    } catch (NotSimple e) {
      return Optional.empty();
    }
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(text);
    while (matcher.lookingAt()) {
      tokens.add(matcher.group().strip());
      matcher.region(matcher.end(), text.length());
    }
    return tokens;
  }

  private static List<String> withoutCasts(List<String> tokens) {
    List<String> kept = new ArrayList<>();
    int i = 0;
    while (i < tokens.size()) {
      if (tokens.get(i).equals("::")) {
        i = afterType(tokens, i + 1);
      } else {
        kept.add(tokens.get(i++));
      }
    }
    return kept;
  }

  /** The index behind a type such as {@code character varying(12)[]}. */
  private static int afterType(List<String> tokens, int start) {
    int i = start + 1;
    while (i < tokens.size() && TYPE_WORDS.contains(tokens.get(i))) {
      i++;
    }
    if (i < tokens.size() && tokens.get(i).equals("(")) {
      int close = tokens.subList(i, tokens.size()).indexOf(")");
      i = close < 0 ? tokens.size() : i + close + 1;
    }
    while (i + 1 < tokens.size() && tokens.get(i).equals("[") && tokens.get(i + 1).equals("]")) {
      i += 2;
    }
    return i;
  }

  private @Nullable String peek() {
    return at < tokens.size() ? tokens.get(at) : null;
  }

  private boolean skip(String token) {
    if (token.equalsIgnoreCase(peek())) {
      at++;
      return true;
    }
    return false;
  }

  private void need(String token) throws NotSimple {
    if (!skip(token)) {
      throw new NotSimple();
    }
  }

  private Part conjunction() throws NotSimple {
    Part first = comparison();
    if (peek() == null || !"AND".equalsIgnoreCase(peek())) {
      return first;
    }
    List<Demand> all = new ArrayList<>();
    add(first, all);
    while (skip("AND")) {
      add(comparison(), all);
    }
    return new Part.Demands(all);
  }

  private static void add(Part part, List<Demand> all) throws NotSimple {
    if (!(part instanceof Part.Demands(List<Demand> demands))) {
      throw new NotSimple();
    }
    all.addAll(demands);
  }

  private Part comparison() throws NotSimple {
    Part left = operand();
    if (left instanceof Part.Named named && skip("IN")) {
      need("(");
      List<Constant> values = constants();
      need(")");
      return new Part.Demands(List.of(new Demand(named.column(), named.length(), "=", values)));
    }
    if (left instanceof Part.Named named && skip("BETWEEN")) {
      Demand least = new Demand(named.column(), named.length(), ">=", constant());
      need("AND");
      Demand most = new Demand(named.column(), named.length(), "<=", constant());
      return new Part.Demands(List.of(least, most));
    }
    String operator = peek();
    if (operator == null || !TURNED.containsKey(operator)) {
      return left;
    }
    at++;
    boolean any = operator.equals("=") && skip("ANY");
    Part right = operand();
    if (left instanceof Part.Named(String column, boolean length)
        && right instanceof Part.Constants(List<Constant> values)
        && (any || values.size() == 1)) {
      return new Part.Demands(List.of(new Demand(column, length, operator, values)));
    }
    if (right instanceof Part.Named(String column, boolean length)
        && left instanceof Part.Constants(List<Constant> values)
        && values.size() == 1) {
      return new Part.Demands(
          List.of(new Demand(column, length, TURNED.getOrDefault(operator, operator), values)));
    }
    throw new NotSimple();
  }

  private Part operand() throws NotSimple {
    if (skip("(")) {
      Part inner = conjunction();
      need(")");
      return inner;
    }
    if (skip("ARRAY")) {
      need("[");
      List<Constant> values = constants();
      need("]");
      return new Part.Constants(values);
    }
    String token = peek();
    if (token == null) {
      throw new NotSimple();
    }
    at++;
    if (token.startsWith("'")) {
      return constant(token.substring(1, token.length() - 1).replace("''", "'"));
    }
    if (token.matches("-?\\d.*")) {
      return constant(token);
    }
    if (LENGTHS.contains(token.toLowerCase(Locale.ROOT)) && skip("(")) {
      Part inner = operand();
      need(")");
      if (inner instanceof Part.Named(String column, boolean length) && !length) {
        return new Part.Named(column, true);
      }
      throw new NotSimple();
    }
    if (token.startsWith("\"")) {
      return new Part.Named(token.substring(1, token.length() - 1).replace("\"\"", "\""), false);
    }
    if (token.matches("[A-Za-z_].*")) {
      return new Part.Named(token, false);
    }
    throw new NotSimple();
  }

  /** One or more constants with commas between them. */
  private List<Constant> constants() throws NotSimple {
    List<Constant> values = new ArrayList<>();
    do {
      values.addAll(constant());
    } while (skip(","));
    return values;
  }

  private List<Constant> constant() throws NotSimple {
    if (operand() instanceof Part.Constants(List<Constant> one) && one.size() == 1) {
      return one;
    }
    throw new NotSimple();
  }

  private static Part constant(String text) {
    return new Part.Constants(List.of(new Constant(text)));
  }
}
