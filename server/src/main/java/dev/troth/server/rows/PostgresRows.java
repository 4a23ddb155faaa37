package dev.troth.server.rows;

import dev.troth.server.rows.WatchedTable.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rows of some tables of a database.
 *
 * @param password empty for the one of {@code ~/.pgpass}
 * @param slot the name of the replication slot, and of the publications
 */
public record PostgresRows(
    PostgresAddress address, String password, String slot, List<WatchedTable> tables) {
  public PostgresRows {
    tables = List.copyOf(tables);
  }

  /** Tables whose updates and deletions are told too. */
  List<WatchedTable> whole() {
    return tables.stream().filter(table -> table.identity() != Identity.NONE).toList();
  }

  /**
   * Tables without a replica identity: were their updates published, the server would refuse them
   * to whoever writes.
   */
  List<WatchedTable> insertsOnly() {
    return tables.stream().filter(table -> table.identity() == Identity.NONE).toList();
  }

  String insertions() {
    return slot + "_inserts";
  }

  /** The publications that the stream is of. */
  List<String> publications() {
    List<String> names = new ArrayList<>();
    if (!whole().isEmpty()) {
      names.add(slot);
    }
    if (!insertsOnly().isEmpty()) {
      names.add(insertions());
    }
    return names;
  }

  PostgresRows with(List<WatchedTable> found) {
    return new PostgresRows(address, password, slot, found);
  }

  /** By the tables' names the columns that count. */
  public Map<String, Set<String>> columns() {
    return tables.stream()
        .collect(Collectors.toMap(WatchedTable::name, table -> Set.copyOf(table.columns())));
  }
}
