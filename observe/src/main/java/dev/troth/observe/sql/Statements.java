package dev.troth.observe.sql;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The statements that were read last: connections of a pool prepare the same ones, and keep one
 * copy. Not thread-safe.
 */
public final class Statements {
  private static final int MOST = 400;

  private final Map<Statement, Statement> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Statement, Statement> eldest) {
          return size() > MOST;
        }
      };

  public Statement read(String sql) {
    Statement statement = Statement.of(sql);
    Statement same = kept.putIfAbsent(statement, statement);
    return same == null ? statement : same;
  }
}
