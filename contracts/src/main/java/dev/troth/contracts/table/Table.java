package dev.troth.contracts.table;

import java.util.List;
import java.util.Optional;

/**
 * A table or view as a database describes it.
 *
 * @param name as the database knows it
 * @param checks its CHECK constraints, as PostgreSQL prints them
 * @param enforced whether the database holds its columns to their types; SQLite does not, unless a
 *     table is STRICT
 */
public record Table(
    String name,
    Optional<String> comment,
    List<Column> columns,
    List<String> checks,
    boolean enforced) {
  public Table {
    columns = List.copyOf(columns);
    checks = List.copyOf(checks);
  }
}
