package dev.troth.server;

import dev.troth.server.db.Parts;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the database says of its replicas, asked from outside. */
record ReplicaTable(String url) {
  /** The numbers of those that live and tell changes. */
  Set<Long> holders() throws SQLException {
    Set<Long> holders = new HashSet<>();
    query(
            """
            SELECT DISTINCT number FROM replica_lease JOIN replica USING (number)
            WHERE name LIKE 'watch/%' AND lease_until > clock_timestamp()
            """)
        .forEach(number -> holders.add(Long.valueOf(number)));
    return holders;
  }

  /** The title of the one that tells the changes of a subject. */
  String holderOf(String subject) throws SQLException {
    return query(
            """
            SELECT title FROM replica_lease JOIN replica USING (number) WHERE name = 'watch/%d'
            """
                .formatted(Parts.of(subject)))
        .getFirst();
  }

  /** Whether nobody is left to be told of anything. */
  boolean isToldToTheEnd() throws SQLException {
    return query(
            """
            SELECT change_seq FROM fanout
            UNION ALL SELECT change_seq FROM delivery WHERE state = 'pending'
            """)
        .isEmpty();
  }

  private List<String> query(String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        ResultSet rows = connection.createStatement().executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }
}
