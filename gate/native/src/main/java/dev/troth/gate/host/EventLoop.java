package dev.troth.gate.host;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.http.GateService;
import dev.troth.gate.http.Output;
import dev.troth.gate.http.RequestBody;
import dev.troth.gate.http.RequestHead;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;

/**
 * Serves all connections on one thread. A connection costs its entry here alone until a part of a
 * request waits for its rest; those parts are bounded in number of bytes, in all and in time.
 */
final class EventLoop {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int MAX_CONNECTIONS = 20_000;
  private static final int BUFFER_BYTES =
      RequestHead.MAX_HEAD_BYTES + RequestHead.MAX_BODY_BYTES + 4;
  private static final int MAX_WAITING_BYTES = 16 * 1024 * 1024;
  private static final int SWEEP_MILLIS = 1000;
  private static final byte[] CONTINUE = Bytes.ascii("HTTP/1.1 100 Continue\r\n\r\n");

  private final int listener;
  private final GateService service;
  private final int idleMillis;
  private final int requestMillis;
  private final Runnable everySecond;
  private final RequestHead head = new RequestHead();
  private final RequestBody body = new RequestBody();
  private final Output out = new Output(4096);
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private @Nullable Connection[] connections = new @Nullable Connection[64];
  private int open;
  private int waitingBytes;
  private boolean accepting = true;

  EventLoop(int listener, GateService service, Environment limits, Runnable everySecond) {
    this.listener = listener;
    this.service = service;
    idleMillis = limits.idleMillis();
    requestMillis = limits.requestMillis();
    this.everySecond = everySecond;
  }

  /** Serves until the process is asked to stop. */
  void run() {
    Native.watch(listener, READ);
    long nextSweep = now() + SWEEP_MILLIS;
    while (Native.stopping() == 0) {
      int count = Native.await((int) Math.max(0, nextSweep - now()));
      for (int i = 0; i < count; i++) {
        int socket = Native.eventSocket(i);
        if (socket == listener) {
          accept();
        } else {
          serve(socket, Native.eventKinds(i));
        }
      }
      if (now() >= nextSweep) {
        nextSweep = now() + SWEEP_MILLIS;
        sweep();
        everySecond.run();
        if (count == 0) {
          Native.idle();
        }
      }
    }
  }

  private void accept() {
    while (true) {
      if (open >= MAX_CONNECTIONS) {
        pauseAccepting();
        return;
      }
      int socket = Native.accept(listener);
      if (socket < 0) {
        if (socket == Native.OUT_OF_FILES) {
          pauseAccepting();
        }
        return;
      }
      if (socket >= connections.length) {
        @Nullable Connection[] more =
            new @Nullable Connection[Math.max(socket + 1, 2 * connections.length)];
        System.arraycopy(connections, 0, more, 0, connections.length);
        connections = more;
      }
      Connection connection = new Connection(socket);
      connection.deadlineMillis = now() + idleMillis;
      connections[socket] = connection;
      open++;
      Native.watch(socket, READ);
    }
  }

  /** New clients wait in the kernel's queue until others have gone. */
  private void pauseAccepting() {
    accepting = false;
    Native.rewatch(listener, 0);
  }

  private void serve(int socket, int kinds) {
    Connection connection = socket < connections.length ? connections[socket] : null;
    if (connection == null) {
      return;
    }
    if ((kinds & WRITE) != 0 && connection.response != null && !flush(connection)) {
      return;
    }
    if ((kinds & READ) != 0 && connection.response == null) {
      read(connection);
    }
  }

  private void read(Connection connection) {
    int length = connection.requestLength;
    byte[] waiting = connection.request;
    if (waiting != null) {
      System.arraycopy(waiting, 0, buffer, 0, length);
    }
    int received =
        Native.receive(
            connection.socket, Address.ofData(buffer).add(length), BUFFER_BYTES - length);
    if (received == Native.AGAIN) {
      return;
    }
    if (received < 0 || (received == 0 && length == 0)) {
      close(connection);
      return;
    }
    connection.ended = received == 0;
    if (length == 0) {
      connection.deadlineMillis = now() + requestMillis;
    }
    handle(connection, length + received);
  }

  /** Answers every whole request of the buffer and keeps the rest. */
  private void handle(Connection connection, int length) {
    int from = 0;
    out.clear();
    while (from < length && !connection.closing) {
      int used = answer(connection, from, length);
      if (used == 0) {
        break;
      }
      from += used;
    }
    connection.closing |= connection.ended;
    keep(connection, from, length);
    send(connection);
  }

  /** The bytes of the first request, or 0 if its rest is still to come. */
  private int answer(Connection connection, int from, int length) {
    int status = head.read(buffer, from, length);
    if (status == RequestHead.COMPLETE) {
      status = body.read(head, buffer, length);
      if (status == RequestHead.INCOMPLETE && head.expectsContinue() && length == head.headTo()) {
        out.bytes(CONTINUE, 0, CONTINUE.length);
      }
    }
    if (status == RequestHead.INCOMPLETE && length - from < BUFFER_BYTES) {
      return 0;
    }
    if (status != RequestHead.COMPLETE) {
      service.refuse(status == RequestHead.INCOMPLETE ? 413 : status, out);
      connection.closing = true;
      return length - from;
    }
    service.answer(head, buffer, head.headTo(), body.bodyTo(), out);
    connection.closing = !head.isPersistent();
    connection.deadlineMillis = now() + idleMillis;
    return body.to() - from;
  }

  private void keep(Connection connection, int from, int length) {
    byte[] waiting = connection.request;
    int rest = connection.closing ? 0 : length - from;
    if (rest == 0) {
      release(connection);
    } else {
      if (from > 0) {
        connection.deadlineMillis = now() + requestMillis;
      }
      if (waiting == null || waiting.length < rest) {
        release(connection);
        int size = Math.min(BUFFER_BYTES, Math.max(1024, 2 * rest));
        if (waitingBytes + size > MAX_WAITING_BYTES) {
          service.refuse(503, out);
          connection.closing = true;
          rest = 0;
        } else {
          waitingBytes += size;
          connection.request = waiting = new byte[size];
        }
      }
      if (waiting != null && rest > 0) {
        System.arraycopy(buffer, from, waiting, 0, rest);
        connection.requestLength = rest;
      }
    }
    // A token does not outlive its request.
    for (int i = 0; i < length; i++) {
      buffer[i] = 0;
    }
  }

  private void release(Connection connection) {
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

  private void send(Connection connection) {
    int length = out.length();
    if (length > 0) {
      int sent = Native.send(connection.socket, Address.ofData(out.bytes()), length);
      if (sent < 0 && sent != Native.AGAIN) {
        close(connection);
        return;
      }
      sent = Math.max(0, sent);
      if (sent < length) {
        byte[] rest = new byte[length - sent];
        System.arraycopy(out.bytes(), sent, rest, 0, rest.length);
        connection.response = rest;
        connection.responseFrom = 0;
        connection.deadlineMillis = now() + requestMillis;
        Native.rewatch(connection.socket, WRITE);
        return;
      }
    }
    if (connection.closing) {
      close(connection);
    }
  }

  /** Sends what is left of a response; whether the connection is still there. */
  private boolean flush(Connection connection) {
    byte[] response = connection.response;
    if (response == null) {
      return true;
    }
    int from = connection.responseFrom;
    int sent =
        Native.send(connection.socket, Address.ofData(response).add(from), response.length - from);
    if (sent < 0 && sent != Native.AGAIN) {
      close(connection);
      return false;
    }
    connection.responseFrom = from + Math.max(0, sent);
    if (connection.responseFrom == response.length) {
      connection.response = null;
      if (connection.closing) {
        close(connection);
        return false;
      }
      Native.rewatch(connection.socket, READ);
    }
    return true;
  }

  private void sweep() {
    long now = now();
    for (Connection connection : connections) {
      if (connection != null && now >= connection.deadlineMillis) {
        if (connection.request != null && connection.response == null) {
          out.clear();
          service.refuse(408, out);
          connection.closing = true;
          send(connection);
        }
        if (connections[connection.socket] == connection) {
          close(connection);
        }
      }
    }
  }

  private void close(Connection connection) {
    release(connection);
    connections[connection.socket] = null;
    open--;
    Native.close(connection.socket);
    if (!accepting) {
      accepting = true;
      Native.rewatch(listener, READ);
    }
  }

  private static long now() {
    return Native.nanos() / 1_000_000;
  }
}
