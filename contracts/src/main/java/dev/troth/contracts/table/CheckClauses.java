package dev.troth.contracts.table;

import java.util.ArrayList;
import java.util.List;

/** Finds the CHECK constraints in a CREATE TABLE statement, which is all that SQLite keeps. */
public final class CheckClauses {
  private static final String WORD = "CHECK";

  private final String sql;
  private int at;

  private CheckClauses(String sql) {
    this.sql = sql;
  }

  /** Each as {@code CHECK (…)}, as it is written. */
  public static List<String> of(String createTable) {
    return new CheckClauses(createTable).read();
  }

  private List<String> read() {
    List<String> clauses = new ArrayList<>();
    while (at < sql.length()) {
      int start = at;
      if (!isWord(start)) {
        step();
        continue;
      }
      at += WORD.length();
      while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
        at++;
      }
      if (at < sql.length() && sql.charAt(at) == '(') {
        int open = at;
        close();
        clauses.add("CHECK " + sql.substring(open, at));
      }
    }
    return clauses;
  }

  private boolean isWord(int start) {
    return sql.regionMatches(true, start, WORD, 0, WORD.length())
        && (start == 0 || !Character.isJavaIdentifierPart(sql.charAt(start - 1)))
        && (start + WORD.length() == sql.length()
            || !Character.isJavaIdentifierPart(sql.charAt(start + WORD.length())));
  }

  /** Moves behind the bracket that closes the one here. */
  private void close() {
    int depth = 0;
    do {
      char c = sql.charAt(at);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      step();
    } while (depth > 0 && at < sql.length());
  }

  /** Moves over one character, or over a quoted text, a quoted name or a comment. */
  private void step() {
    char c = sql.charAt(at);
    int end =
        switch (c) {
          case '\'', '"', '`' -> sql.indexOf(c, at + 1);
          case '[' -> sql.indexOf(']', at + 1);
          case '-' -> sql.startsWith("--", at) ? sql.indexOf('\n', at) : at;
          case '/' -> sql.startsWith("/*", at) ? sql.indexOf("*/", at) + 1 : at;
          default -> at;
        };
    at = end < at ? sql.length() : end + 1;
  }
}
