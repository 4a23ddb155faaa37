package dev.troth.watch.row;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One message of the logical replication protocol, version 1. */
public sealed interface RowMessage {
  /** What happened to rows or tables; counted, so that a part of a transaction is told once. */
  sealed interface Happened extends RowMessage permits Inserted, Updated, Deleted, Truncated {}

  /**
   * A transaction begins.
   *
   * @param commit where in the log its commit stands
   */
  record Begun(long commit, Instant at) implements RowMessage {}

  /**
   * A transaction ends.
   *
   * @param end the place in the log behind it
   */
  record Committed(long end) implements RowMessage {}

  /** The table of the messages that follow. */
  record Described(Relation relation) implements RowMessage {}

  /** A row is new. */
  record Inserted(Relation relation, List<Cell> row) implements Happened {
    public Inserted {
      row = List.copyOf(row);
    }
  }

  /**
   * A row as it was.
   *
   * @param whole whether all of its columns are known, or those alone that identify it
   */
  record Former(boolean whole, List<Cell> row) {
    public Former {
      row = List.copyOf(row);
    }
  }

  /**
   * A row has other values.
   *
   * @param former empty if the table's replica identity neither is the whole row nor changed
   */
  record Updated(Relation relation, Optional<Former> former, List<Cell> row) implements Happened {
    public Updated {
      row = List.copyOf(row);
    }
  }

  /** A row is gone. */
  record Deleted(Relation relation, Former former) implements Happened {}

  /** All rows of these tables are gone. */
  record Truncated(List<Relation> relations) implements Happened {
    public Truncated {
      relations = List.copyOf(relations);
    }
  }

  /** What says nothing of rows: a type's name, an origin, a program's own message. */
  record Aside(char kind) implements RowMessage {}
}
