package dev.troth.observe.sql;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Reads SQL word by word, as far as names and literals go. A literal that does not end hides the
 * rest, so that what was cut off shows nothing.
 */
final class Scanner {
  private static final int LONGEST_TEXT = 1_000;
  private static final int LONGEST_NAME = 63;
  private static final Set<String> BEFORE_TABLE =
      Set.of("FROM", "INTO", "JOIN", "UPDATE", "TABLE", "COPY", "TRUNCATE");
  private static final Set<String> SKIPPED = Set.of("ONLY", "IF", "NOT", "EXISTS", "TABLE");
  private static final Set<String> MAIN = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE");

  private final String sql;
  private final StringBuilder text = new StringBuilder();
  private final Set<String> tables = new LinkedHashSet<>();
  private String operation = "";
  private String before = "";
  private boolean tableNext;
  private boolean nested;
  private int depth;
  private int at;

  Scanner(String sql) {
    this.sql = sql;
  }

  Statement statement() {
    while (at < sql.length() && text.length() < LONGEST_TEXT) {
      step();
    }
    String table = tables.size() == 1 && !nested ? tables.iterator().next() : "";
    return new Statement(operation, table, lists(text.toString().strip()));
  }

  /** Lists of literals of any length look alike. */
  private static String lists(String plain) {
    return plain.replaceAll("\\?(, ?\\?)+", "?");
  }

  private void step() {
    char c = sql.charAt(at);
    if (Character.isWhitespace(c)) {
      at++;
      space();
    } else if (sql.startsWith("--", at)) {
      at = endOf("\n", at);
      space();
    } else if (sql.startsWith("/*", at)) {
      at = endOf("*/", at + 2);
      space();
    } else if (c == '\'') {
      quoted('\'', false);
      literal();
    } else if (c == '"' || c == '`') {
      int from = at;
      quoted(c, false);
      name(sql.substring(Math.min(from + 1, at), Math.max(from + 1, at - 1)));
      text.append(sql, from, at);
    } else if (c == '$') {
      dollar();
    } else if (Character.isDigit(c)) {
      while (at < sql.length() && isNumberPart(sql.charAt(at))) {
        at++;
      }
      literal();
    } else if (Character.isLetter(c) || c == '_') {
      word();
    } else {
      sign(c);
    }
  }

  private void sign(char c) {
    at++;
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (tableNext && c == '(') {
      nested = true; // a query stands where a table could
    }
    tableNext &= c == '.';
    text.append(c);
  }

  private void word() {
    int from = at;
    while (at < sql.length() && isNamePart(sql.charAt(at))) {
      at++;
    }
    String word = sql.substring(from, at);
    if (at < sql.length()
        && sql.charAt(at) == '\''
        && word.length() == 1
        && "eEbBxXnN".contains(word)) {
      quoted('\'', word.equalsIgnoreCase("e"));
      literal();
      return;
    }
    text.append(word);
    String upper = word.toUpperCase(Locale.ROOT);
    if (operation.isEmpty() || (operation.equals("WITH") && depth == 0 && MAIN.contains(upper))) {
      operation = upper.length() <= LONGEST_NAME ? upper : "";
    }
    if (tableNext && SKIPPED.contains(upper)) {
      return;
    }
    if (tableNext) {
      name(word);
    } else {
      before = upper;
      tableNext =
          BEFORE_TABLE.contains(upper) && !(upper.equals("FROM") && (isFunction() || isSource()));
    }
  }

  /** Whether the word stands within the brackets of a function, as in {@code extract(x from y)}. */
  private boolean isFunction() {
    return depth > 0 && !nested && operation.equals("SELECT") && tables.isEmpty();
  }

  /** Whether it says where a copy comes from: a file, a program or the client. */
  private boolean isSource() {
    return depth == 0 && operation.equals("COPY");
  }

  private void name(String name) {
    if (!tableNext) {
      return;
    }
    if (at < sql.length() && sql.charAt(at) == '.') {
      return; // a schema; the table follows
    }
    tableNext = false;
    boolean called =
        (before.equals("FROM") || before.equals("JOIN"))
            && at < sql.length()
            && sql.charAt(at) == '(';
    nested |= called; // what a function gives is no table
    if (!called && !name.isEmpty() && name.length() <= LONGEST_NAME) {
      tables.add(name);
    }
  }

  private void dollar() {
    int end = at + 1;
    while (end < sql.length() && isNamePart(sql.charAt(end))) {
      end++;
    }
    boolean number = end > at + 1 && Character.isDigit(sql.charAt(at + 1));
    if (number || end >= sql.length() || sql.charAt(end) != '$') {
      text.append(sql, at, end); // a parameter
      at = end;
      return;
    }
    String tag = sql.substring(at, end + 1);
    at = endOf(tag, end + 1);
    literal();
  }

  private void quoted(char quote, boolean backslash) {
    at++;
    while (at < sql.length()) {
      char c = sql.charAt(at++);
      if (backslash && c == '\\') {
        at++;
      } else if (c == quote) {
        if (at < sql.length() && sql.charAt(at) == quote) {
          at++;
        } else {
          return;
        }
      }
    }
    at = sql.length();
  }

  private void literal() {
    tableNext = false;
    text.append('?');
  }

  private void space() {
    if (!text.isEmpty() && text.charAt(text.length() - 1) != ' ') {
      text.append(' ');
    }
  }

  private int endOf(String mark, int from) {
    int found = sql.indexOf(mark, from);
    return found < 0 ? sql.length() : found + mark.length();
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static boolean isNumberPart(char c) {
    return Character.isLetterOrDigit(c) || c == '.';
  }
}
