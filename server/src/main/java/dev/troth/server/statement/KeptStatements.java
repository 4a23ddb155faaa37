package dev.troth.server.statement;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jdbi.v3.core.config.JdbiConfig;

/**
 * The statements that each connection of a pool keeps prepared. It is the same in all handles of a
 * pool. Safe for use by many threads; what belongs to one connection is used by who has that.
 */
public final class KeptStatements implements JdbiConfig<KeptStatements> {
  private Map<Connection, OfConnection> connections = new HashMap<>();

  /** There is one for all handles, not a copy for each. */
  @Override
  public KeptStatements createCopy() {
    return this;
  }

  /** Keeps the same ones as another pool that gives the same connections. */
  public void shareWith(KeptStatements other) {
    connections = other.connections;
  }

  OfConnection of(Connection connection) throws SQLException {
    synchronized (connections) {
      return known(connection);
    }
  }

  private OfConnection known(Connection connection) throws SQLException {
    OfConnection known = connections.get(connection);
    if (known == null) {
      // The pool opens another only after it closed one, which took its statements along.
      for (Connection one : connections.keySet().toArray(Connection[]::new)) {
        if (one.isClosed()) {
          connections.remove(one);
        }
      }
      known = new OfConnection(connection);
      connections.put(connection, known);
    }
    return known;
  }

  /** Those of one connection. */
  static final class OfConnection {
    /**
     * More texts than the program has; should one be made from values, it does not grow for ever.
     */
    private static final int MOST = 256;

    private final Connection connection;
    private final SequencedMap<String, PreparedStatement> prepared = new LinkedHashMap<>();

    OfConnection(Connection connection) {
      this.connection = connection;
    }

    PreparedStatement prepared(String sql) throws SQLException {
      PreparedStatement known = prepared.get(sql);
      if (known != null) {
        return known;
      }
      if (prepared.size() >= MOST) {
        prepared.pollFirstEntry().getValue().close();
      }
      PreparedStatement statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
      return statement;
    }
  }
}
