package dev.troth.gate.host;

import dev.troth.gate.http.RequestHead;

/**
 * The bytes of requests: one buffer in which they are answered, and what is kept for each
 * connection until its rest comes or its client takes an answer, bounded over all of them.
 */
final class Requests {
  /** The largest request. */
  static final int MAX_BYTES = RequestHead.MAX_HEAD_BYTES + RequestHead.MAX_BODY_BYTES + 4;

  private static final int MAX_WAITING_BYTES = 16 * 1024 * 1024;
  private static final int FIRST_BUFFER_BYTES = 8 * 1024;
  private static final int MIN_READ_BYTES = 4 * 1024;
  private static final int SMALLEST_BYTES = 1024;

  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int waitingBytes;

  byte[] bytes() {
    return buffer;
  }

  /** Puts what waits of the connection's requests at the start of the buffer; its length. */
  int restore(Connection connection) {
    byte[] waiting = connection.request;
    int wanted = Math.min(MAX_BYTES, connection.requestLength + MIN_READ_BYTES);
    if (buffer.length < wanted) {
      // Idle hosts hold a small one; after a large request the next ones find it large.
      buffer = new byte[Math.min(MAX_BYTES, Math.max(wanted, 2 * buffer.length))];
    }
    if (waiting != null) {
      System.arraycopy(waiting, 0, buffer, 0, connection.requestLength);
    }
    return connection.requestLength;
  }

  /** Keeps the buffer from an index on, nothing of a connection that closes; false without room. */
  boolean keep(Connection connection, int from, int length) {
    byte[] waiting = connection.request;
    int rest = connection.closing ? 0 : length - from;
    boolean room = true;
    if (rest == 0) {
      release(connection);
    } else {
      if (waiting == null || waiting.length < rest) {
        release(connection);
        int size = Math.min(MAX_BYTES, Math.max(SMALLEST_BYTES, 2 * rest));
        room = waitingBytes + size <= MAX_WAITING_BYTES;
        if (room) {
          connection.request = waiting = new byte[size];
          waitingBytes += size;
        }
      }
      if (room && waiting != null) {
        System.arraycopy(buffer, from, waiting, 0, rest);
        connection.requestLength = rest;
      }
    }
    wipe(length);
    return room;
  }

  /** A token does not outlive its request. */
  void wipe(int length) {
    for (int i = 0; i < length; i++) {
      buffer[i] = 0;
    }
  }

  void release(Connection connection) {
    byte[] waiting = connection.request;
    if (waiting != null) {
      waitingBytes -= waiting.length;
      for (int i = 0; i < connection.requestLength; i++) {
        waiting[i] = 0;
      }
    }
    connection.request = null;
    connection.requestLength = 0;
  }
}
