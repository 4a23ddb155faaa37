package dev.troth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * A database of PostgreSQL as files: the steps of its schema, and the rows of each table as COPY
 * writes them.
 */
final class UpgradeRows {
  private static final Path STEPS = Path.of("src/main/resources/db/postgresql");
  private static final String HISTORY =
      """
      CREATE TABLE schema_history (
        version INTEGER PRIMARY KEY,
        what TEXT NOT NULL,
        checksum TEXT NOT NULL,
        at TEXT NOT NULL);
      """;
  private static final String END = "\\.\n";

  private UpgradeRows() {}

  /** Writes {@code schema.sql} and {@code rows.copy}. */
  static void dump(String url, Path folder) throws Exception {
    StringBuilder schema = new StringBuilder(HISTORY);
    try (Stream<Path> files = Files.list(STEPS)) {
      for (Path step : files.sorted(Comparator.comparingInt(UpgradeRows::version)).toList()) {
        schema.append(Files.readString(step)).append('\n');
      }
    }
    Files.writeString(folder.resolve("schema.sql"), schema);
    StringBuilder rows = new StringBuilder();
    try (Connection connection = DriverManager.getConnection(url)) {
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      for (String table : tables(connection)) {
        String head =
            "COPY %s (%s)"
                .formatted(
                    table,
                    String.join(
                        ", ",
                        list(
                            connection,
                            "SELECT column_name FROM information_schema.columns"
                                + " WHERE table_schema = 'public' AND table_name = '"
                                + table
                                + "' ORDER BY ordinal_position")));
        StringWriter text = new StringWriter();
        copy.copyOut(head + " TO STDOUT", text);
        rows.append(head).append('\n').append(text).append(END);
      }
      for (String sequence :
          list(
              connection,
              "SELECT sequencename || ' ' || last_value FROM pg_sequences"
                  + " WHERE schemaname = 'public' AND last_value > 0 ORDER BY 1")) {
        rows.append("SEQUENCE ").append(sequence).append('\n');
      }
    }
    Files.writeString(folder.resolve("rows.copy"), rows);
  }

  /** Fills an empty database with what {@link #dump} wrote. */
  static void load(Path folder, String url) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(Files.readString(folder.resolve("schema.sql")));
      statement.execute("SET session_replication_role = replica");
      List<String> known = tables(connection);
      statement.execute("TRUNCATE " + String.join(", ", known));
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      String rows = Files.readString(folder.resolve("rows.copy"));
      int at = 0;
      while (rows.startsWith("COPY", at)) {
        int begin = rows.indexOf('\n', at) + 1;
        int end = rows.startsWith(END, begin) ? begin : rows.indexOf("\n" + END, begin) + 1;
        String head = rows.substring(at, begin - 1);
        // Those of replicas are made by the platform itself, and were of a process that is gone.
        if (known.contains(head.split(" ", 3)[1])) {
          var _ = copy.copyIn(head + " FROM STDIN", new StringReader(rows.substring(begin, end)));
        }
        at = end + END.length();
      }
      for (String line : rows.substring(at).lines().toList()) {
        String[] words = line.split(" ");
        assertThat(words).hasSize(3).startsWith("SEQUENCE");
        statement.execute(
            "SELECT setval(to_regclass('%s'), %s) WHERE to_regclass('%s') IS NOT NULL"
                .formatted(words[1], words[2], words[1]));
      }
    }
  }

  private static int version(Path step) {
    return Integer.parseInt(step.getFileName().toString().replaceAll("V(\\d+)__.*", "$1"));
  }

  private static List<String> tables(Connection connection) throws SQLException {
    return list(
        connection,
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1");
  }

  private static List<String> list(Connection connection, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = connection.createStatement().executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }
}
