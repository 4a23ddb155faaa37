package dev.troth.watch.row;

import dev.troth.watch.change.NewChange;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes that are written down together with the place behind them. A transaction of at most 500
 * rows and a few MiB is never cut in two; of a longer one the rows that were taken are counted, and
 * left out when the server sends it again. For one thread.
 */
public final class RowPage {
  private static final int USUAL = 500;
  private static final int MOST = 2 * USUAL;
  private static final long MOST_BYTES = 4L << 20;

  private final TableChanges tables;
  private List<NewChange> changes = new ArrayList<>();
  private long bytes;
  private int transactions;

  /** Where the messages read so far lead. */
  private RowPlace place;

  /** Where what is in the store leads. */
  private RowPlace written;

  private long commit;
  private long rows;
  private boolean known;

  public RowPage(TableChanges tables, RowPlace place) {
    this.tables = tables;
    this.place = place;
    this.written = place;
  }

  /** Takes a message of that many bytes. */
  public void add(RowMessage message, int length) {
    switch (message) {
      case RowMessage.Begun(long at, var _) -> {
        commit = at;
        rows = 0;
        // The server begins again where it was told last, which may be before what is written.
        known = at < place.end();
      }
      case RowMessage.Committed(long end) -> {
        commit = 0;
        if (!known) {
          transactions++;
          place = RowPlace.at(end);
        }
      }
      case RowMessage.Happened happened -> {
        rows++;
        if (!known && !(commit == place.open() && rows <= place.taken())) {
          changes.addAll(tables.changes(happened));
          place = new RowPlace(place.end(), commit, rows);
          bytes += length;
        }
      }
      case RowMessage.Described(Relation relation) -> tables.described(relation);
      case RowMessage.Aside _ -> {
        // It says nothing of rows.
      }
    }
  }

  /** Whether it is to be written before anything else is read. */
  public boolean isFull() {
    return bytes > MOST_BYTES
        || changes.size() >= MOST
        || (commit == 0 && (changes.size() >= USUAL || transactions >= USUAL));
  }

  /** Whether something is to be written once nothing else is there to be read. */
  public boolean isDue() {
    return commit == 0 && !place.equals(written);
  }

  public List<NewChange> changes() {
    return List.copyOf(changes);
  }

  /** The place in the store. */
  public RowPlace from() {
    return written;
  }

  /** The place behind the changes. */
  public RowPlace to() {
    return place;
  }

  /** All of it is written; begins the next. */
  public void written() {
    written = place;
    changes = new ArrayList<>();
    bytes = 0;
    transactions = 0;
  }
}
