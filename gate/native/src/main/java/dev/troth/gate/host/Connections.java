package dev.troth.gate.host;

import org.jspecify.annotations.Nullable;

/**
 * The open connections by their sockets, and in the order in which something last came of their
 * clients or went to them: the first is the one whose place a new client may take.
 */
final class Connections {
  @Nullable Connection[] bySocket = new @Nullable Connection[64];
  private @Nullable Connection oldest;
  private @Nullable Connection newest;
  private int open;

  int open() {
    return open;
  }

  @Nullable Connection oldest() {
    return oldest;
  }

  @Nullable Connection of(int socket) {
    return socket < bySocket.length ? bySocket[socket] : null;
  }

  void add(Connection connection, long nowMillis) {
    int socket = connection.socket;
    if (socket >= bySocket.length) {
      @Nullable Connection[] more =
          new @Nullable Connection[Math.max(socket + 1, 2 * bySocket.length)];
      System.arraycopy(bySocket, 0, more, 0, bySocket.length);
      bySocket = more;
    }
    bySocket[socket] = connection;
    open++;
    append(connection, nowMillis);
  }

  /** Something came or went: the connection is the newest. */
  void touch(Connection connection, long nowMillis) {
    if (newest != connection) {
      unlink(connection);
      append(connection, nowMillis);
    }
    connection.activeMillis = nowMillis;
  }

  void remove(Connection connection) {
    bySocket[connection.socket] = null;
    open--;
    unlink(connection);
  }

  private void append(Connection connection, long nowMillis) {
    Connection last = newest;
    connection.older = last;
    connection.newer = null;
    connection.activeMillis = nowMillis;
    if (last == null) {
      oldest = connection;
    } else {
      last.newer = connection;
    }
    newest = connection;
  }

  private void unlink(Connection connection) {
    Connection before = connection.older;
    Connection behind = connection.newer;
    if (before == null) {
      oldest = behind;
    } else {
      before.newer = behind;
    }
    if (behind == null) {
      newest = before;
    } else {
      behind.older = before;
    }
    connection.older = null;
    connection.newer = null;
  }
}
