package dev.troth.watch.row;

import java.util.List;

/**
 * A table, as the stream describes it before the first of its rows and after each of its
 * alterations.
 *
 * @param identity what an update or a deletion says of the row as it was
 */
public record Relation(
    int oid, String schema, String table, Identity identity, List<Column> columns) {

  /** {@code REPLICA IDENTITY}. */
  public enum Identity {
    /** The primary key, where there is one. */
    DEFAULT,
    /** Nothing: the server lets nobody update or delete published rows. */
    NOTHING,
    /** All columns. */
    FULL,
    /** The columns of an index. */
    INDEX;

    static Identity of(char letter) {
      return switch (letter) {
        case 'd' -> DEFAULT;
        case 'n' -> NOTHING;
        case 'f' -> FULL;
        case 'i' -> INDEX;
        default ->
            throw new IllegalArgumentException(
                "replica identity is '%s', expected d, n, f or i".formatted(letter));
      };
    }
  }

  /**
   * A column.
   *
   * @param type the object id of its type in the server's catalogue
   * @param identifies whether it is part of the replica identity
   */
  public record Column(String name, int type, boolean identifies) {}

  public Relation {
    columns = List.copyOf(columns);
  }

  /** {@code schema.table}. */
  public String name() {
    return schema + "." + table;
  }
}
