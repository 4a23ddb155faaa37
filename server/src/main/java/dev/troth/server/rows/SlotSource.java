package dev.troth.server.rows;

import dev.troth.server.rows.PostgresSource.Session;
import dev.troth.server.rows.WatchedTable.Identity;
import dev.troth.watch.row.RowPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The replication slot of a source and its publications, which commands alone make and drop: a slot
 * that nobody reads makes its server keep its log for ever.
 */
public final class SlotSource {
  private static final int PATIENCE = 20;
  private static final long PAUSE_MILLIS = 250;
  private static final int LEAST_VERSION = 130_000;

  private static final String SLOT =
      """
      SELECT plugin, active, coalesce(active_pid, 0), coalesce(wal_status, ''),
        CASE WHEN pg_is_in_recovery() THEN 0
             ELSE coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn), 0)::bigint END
      FROM pg_replication_slots WHERE slot_name = ?\
      """;

  private static final String TABLE =
      """
      SELECT c.relkind, c.relreplident,
        EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary),
        EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?\
      """;

  private static final String COLUMNS =
      """
      SELECT a.attname FROM pg_attribute a
      JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped\
      """;

  private static final String PRIMARY_KEY =
      """
      SELECT a.attname FROM pg_index i
      JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE n.nspname = ? AND c.relname = ? AND i.indisprimary
      ORDER BY array_position(i.indkey::smallint[], a.attnum)\
      """;

  private static final String OTHERS =
      """
      SELECT slot_name FROM pg_replication_slots
      WHERE database = current_database() AND NOT active
        AND slot_name LIKE 'troth\\_%' AND slot_name <> ?
      ORDER BY slot_name\
      """;

  private final PostgresSource databases;

  public SlotSource(PostgresSource databases) {
    this.databases = databases;
  }

  /**
   * What was made.
   *
   * @param rows with what the server says of each table's former rows
   * @param system the server's own name
   * @param place where the stream begins
   */
  public record Made(PostgresRows rows, String system, RowPlace place) {}

  /**
   * A slot as it stands.
   *
   * @param state {@code streaming}, {@code idle}, {@code missing}, or {@code lost} once the server
   *     has removed what it should have kept
   * @param behind bytes of the server's log that nobody has confirmed
   * @param leftOver other slots with Troth's names that nobody reads
   */
  public record Slot(String state, long behind, List<String> leftOver) {}

  /**
   * Makes publications and slot.
   *
   * @throws StreamFailure when something is not as it has to be; then nothing was made
   */
  public Made make(PostgresRows rows) {
    try (Session session = databases.open(rows)) {
      requireLogical(session);
      List<WatchedTable> found = new ArrayList<>();
      rows.tables().forEach(table -> found.add(found(session, table)));
      PostgresRows known = rows.with(found);
      requireNothingLeft(session, known);
      String system = system(session);
      publish(session, known);
      try {
        String place =
            session
                .ask(
                    "SELECT lsn::text FROM pg_create_logical_replication_slot(?, 'pgoutput')",
                    known.slot())
                .getFirst()
                .getFirst();
        return new Made(known, system, RowPlace.parse(place));
      } catch (StreamFailure e) {
        unpublish(session, known);
        throw new StreamFailure(
            "slot %s cannot be made: %s; a transaction that stays open keeps it from beginning"
                .formatted(known.slot(), e.detail()));
      }
    }
  }

  private static void requireLogical(Session session) {
    List<String> server =
        session
            .ask(
                "SELECT current_setting('wal_level'), current_setting('server_version_num'),"
                    + " (SELECT rolsuper OR rolreplication FROM pg_roles"
                    + " WHERE rolname = current_user), current_user")
            .getFirst();
    if (!server.get(0).equals("logical")) {
      throw new StreamFailure(
          "wal_level is %s, expected logical: ALTER SYSTEM SET wal_level = logical, then restart the server"
              .formatted(server.get(0)));
    }
    if (Integer.parseInt(server.get(1)) < LEAST_VERSION) {
      throw new StreamFailure(
          "the server's version is %s, expected 13 or newer".formatted(server.get(1)));
    }
    if (!server.get(2).equals("t")) {
      throw new StreamFailure(
          "user %s may not replicate, expected ALTER ROLE … REPLICATION".formatted(server.get(3)));
    }
  }

  private static WatchedTable found(Session session, WatchedTable table) {
    List<List<String>> rows = session.ask(TABLE, table.schema(), table.table());
    if (rows.isEmpty() || !"rp".contains(rows.getFirst().getFirst())) {
      throw new StreamFailure(
          "table %s is not there, expected a table with its schema".formatted(table.name()));
    }
    List<String> columns =
        session.ask(COLUMNS, table.schema(), table.table()).stream().map(List::getFirst).toList();
    for (String column : table.columns()) {
      if (!columns.contains(column)) {
        throw new StreamFailure(
            "table %s has no column %s, expected of %s".formatted(table.name(), column, columns));
      }
    }
    List<String> row = rows.getFirst();
    return table.with(
        switch (row.get(1)) {
          case "f" -> Identity.FULL;
          case "d" -> row.get(2).equals("t") ? Identity.KEY : Identity.NONE;
          case "i" -> row.get(3).equals("t") ? Identity.KEY : Identity.NONE;
          default -> Identity.NONE;
        });
  }

  private static void requireNothingLeft(Session session, PostgresRows rows) {
    List<List<String>> slots = session.ask(SLOT, rows.slot());
    if (!slots.isEmpty()) {
      throw new StreamFailure(
          "slot %s is there already and %s, with %s bytes of log behind it: choose another name, or drop it"
              .formatted(
                  rows.slot(),
                  slots.getFirst().get(1).equals("t") ? "is being read" : "nobody reads it",
                  slots.getFirst().get(4)));
    }
    for (String publication : List.of(rows.slot(), rows.insertions())) {
      if (!session.ask("SELECT 1 FROM pg_publication WHERE pubname = ?", publication).isEmpty()) {
        throw new StreamFailure(
            "publication %s is there already: choose another name for the slot, or drop it"
                .formatted(publication));
      }
    }
  }

  private static void publish(Session session, PostgresRows rows) {
    StringBuilder sql = new StringBuilder("BEGIN;");
    if (!rows.whole().isEmpty()) {
      sql.append(publication(rows.slot(), rows.whole(), "insert, update, delete, truncate"));
    }
    if (!rows.insertsOnly().isEmpty()) {
      sql.append(publication(rows.insertions(), rows.insertsOnly(), "insert, truncate"));
    }
    session.execute(sql.append("COMMIT").toString());
  }

  private static String publication(String name, List<WatchedTable> tables, String what) {
    return "CREATE PUBLICATION %s FOR TABLE %s WITH (publish = '%s', publish_via_partition_root = true);"
        .formatted(
            name,
            tables.stream().map(WatchedTable::quoted).collect(Collectors.joining(", ")),
            what);
  }

  private static void unpublish(Session session, PostgresRows rows) {
    session.execute("DROP PUBLICATION IF EXISTS %s".formatted(rows.slot()));
    session.execute("DROP PUBLICATION IF EXISTS %s".formatted(rows.insertions()));
  }

  static String system(Session session) {
    return session
        .ask("SELECT system_identifier::text FROM pg_control_system()")
        .getFirst()
        .getFirst();
  }

  /** How the slot stands. */
  public Slot look(PostgresRows rows) {
    try (Session session = databases.open(rows)) {
      List<String> others = session.ask(OTHERS, rows.slot()).stream().map(List::getFirst).toList();
      List<List<String>> slots = session.ask(SLOT, rows.slot());
      if (slots.isEmpty()) {
        return new Slot("missing", 0, others);
      }
      List<String> slot = slots.getFirst();
      String state =
          slot.get(3).equals("lost") ? "lost" : slot.get(1).equals("t") ? "streaming" : "idle";
      return new Slot(state, Long.parseLong(slot.get(4)), others);
    }
  }

  /** The names of a table's primary key. */
  List<String> primaryKey(PostgresRows rows, String schema, String table) {
    try (Session session = databases.open(rows)) {
      return session.ask(PRIMARY_KEY, schema, table).stream().map(List::getFirst).toList();
    }
  }

  /**
   * Drops slot and publications, whoever reads them.
   *
   * @throws StreamFailure when they are, or may be, still there
   */
  public void drop(PostgresRows rows) {
    try (Session session = databases.open(rows)) {
      for (int attempt = 1; !session.ask(SLOT, rows.slot()).isEmpty(); attempt++) {
        try {
          var _ =
              session.ask(
                  "SELECT pg_terminate_backend(active_pid)::text FROM pg_replication_slots"
                      + " WHERE slot_name = ? AND active_pid IS NOT NULL",
                  rows.slot());
          var _ = session.ask("SELECT pg_drop_replication_slot(?)::text", rows.slot());
        } catch (StreamFailure e) {
          if (attempt == PATIENCE) {
            throw e;
          }
          pause();
        }
      }
      unpublish(session, rows);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamFailure("the platform is stopping");
    }
  }
}
