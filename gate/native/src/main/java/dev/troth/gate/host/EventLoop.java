package dev.troth.gate.host;

import dev.troth.gate.core.Bytes;
import dev.troth.gate.http.GateMetrics.Refusal;
import dev.troth.gate.http.GateService;
import dev.troth.gate.http.Output;
import dev.troth.gate.http.RequestBody;
import dev.troth.gate.http.RequestHead;
import org.teavm.interop.Address;

/**
 * Serves all connections on one thread. What clients can make grow is bounded over all of them:
 * connections, bytes of requests whose rest has not come, bytes of answers that were not taken, and
 * the time for each. A connection costs its entry alone until such bytes wait.
 */
final class EventLoop {
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int MAX_CONNECTIONS = 20_000;
  private static final int BUFFER_BYTES =
      RequestHead.MAX_HEAD_BYTES + RequestHead.MAX_BODY_BYTES + 4;
  private static final int MAX_WAITING_BYTES = 16 * 1024 * 1024;
  private static final int MAX_UNSENT_BYTES = 8 * 1024 * 1024;

  /** After so many bytes of answers to pipelined requests, they are sent before there are more. */
  private static final int MAX_BURST_BYTES = 32 * 1024;

  /** How long a client with a request under way may be silent before another can take its place. */
  private static final int PATIENCE_MILLIS = 1000;

  private static final int SWEEP_MILLIS = 1000;
  private static final byte[] CONTINUE = Bytes.ascii("HTTP/1.1 100 Continue\r\n\r\n");

  private final int listener;
  private final GateService service;
  private final Environment environment;
  private final SandboxChecker checker;
  private final int idleMillis;
  private final int requestMillis;
  private final RequestHead head;
  private final RequestBody body = new RequestBody();
  private final Output out = new Output(4096);
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final Connections connections = new Connections();
  private final Runnable event = this::event;
  private final Runnable sweep = this::sweep;
  private final Runnable reload;
  private int waitingBytes;
  private int unsentBytes;
  private boolean accepting = true;
  private int eventSocket;
  private int eventKinds;

  EventLoop(int listener, GateService service, Environment environment, SandboxChecker checker) {
    this.listener = listener;
    this.service = service;
    this.environment = environment;
    this.checker = checker;
    head = GateService.head(environment.service());
    idleMillis = environment.idleMillis();
    requestMillis = environment.requestMillis();
    reload = () -> environment.reload(checker);
  }

  /** Serves until the process is asked to stop. */
  void run() {
    Native.watch(listener, READ);
    long nextSweep = now() + SWEEP_MILLIS;
    while (Native.stopping() == 0) {
      int count = Native.await((int) Math.max(0, nextSweep - now()));
      for (int i = 0; i < count; i++) {
        eventSocket = Native.eventSocket(i);
        eventKinds = Native.eventKinds(i);
        if (!Guarded.does(event)) {
          giveUp();
        }
      }
      if (now() >= nextSweep) {
        nextSweep = now() + SWEEP_MILLIS;
        if (!Guarded.does(sweep)) {
          giveUp();
        }
        if (!Guarded.does(reload)) {
          environment.failed();
        }
        if (count == 0) {
          Native.idle();
        }
      }
    }
  }

  private void event() {
    if (eventSocket == listener) {
      accept();
      return;
    }
    Connection connection = connections.of(eventSocket);
    if (connection == null) {
      return;
    }
    if ((eventKinds & WRITE) != 0 && connection.response != null && !flush(connection)) {
      return;
    }
    if ((eventKinds & READ) != 0 && connection.response == null) {
      read(connection);
    }
  }

  /** An exception or a full heap ends the client on whose behalf it came, nothing else. */
  private void giveUp() {
    out.clear();
    checker.metrics.count(Refusal.BUFFERS_FULL);
    Connection connection = connections.of(eventSocket);
    if (connection != null) {
      close(connection);
    }
  }

  private void accept() {
    while (true) {
      boolean full = connections.open() >= MAX_CONNECTIONS && !evict();
      int socket = Native.accept(listener);
      if (socket == Native.OUT_OF_FILES && evict()) {
        socket = Native.accept(listener);
      }
      if (socket < 0) {
        if (socket == Native.OUT_OF_FILES) {
          pauseAccepting();
        }
        return;
      }
      if (full) {
        checker.metrics.count(Refusal.CONNECTIONS_FULL);
        out.clear();
        service.refuse(503, out);
        Native.send(socket, Address.ofData(out.bytes()), out.length());
        Native.close(socket);
        continue;
      }
      Connection connection = new Connection(socket);
      connection.deadlineMillis = now() + idleMillis;
      connections.add(connection, now());
      Native.watch(socket, READ);
    }
  }

  /** Ends the connection that has been silent for longest; false if all are busy. */
  private boolean evict() {
    Connection oldest = connections.oldest();
    if (oldest == null || (!oldest.isIdle() && now() - oldest.activeMillis < PATIENCE_MILLIS)) {
      return false;
    }
    checker.metrics.count(Refusal.EVICTED);
    close(oldest);
    return true;
  }

  /** New clients wait in the kernel's queue until others have gone. */
  private void pauseAccepting() {
    accepting = false;
    Native.rewatch(listener, 0);
  }

  private void read(Connection connection) {
    int length = restore(connection);
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
    connections.touch(connection, now());
    connection.ended = received == 0;
    if (length == 0) {
      connection.deadlineMillis = now() + requestMillis;
    }
    handle(connection, length + received);
  }

  /** What waits of the connection's requests, at the start of the buffer; its length. */
  private int restore(Connection connection) {
    byte[] waiting = connection.request;
    if (waiting != null) {
      System.arraycopy(waiting, 0, buffer, 0, connection.requestLength);
    }
    return connection.requestLength;
  }

  /**
   * Answers the whole requests of the buffer and keeps the rest. When the client does not take the
   * answers, the requests behind them are kept as well, and nothing more is read of it.
   */
  private void handle(Connection connection, int length) {
    int from = 0;
    while (true) {
      out.clear();
      boolean more = false;
      while (from < length && !connection.closing) {
        if (out.length() >= MAX_BURST_BYTES) {
          more = true;
          break;
        }
        int used = answer(connection, from, length);
        if (used == 0) {
          break;
        }
        from += used;
      }
      if (!more) {
        connection.closing |= connection.ended;
        keep(connection, from, length);
        send(connection);
        return;
      }
      if (!send(connection)) {
        wipe(length);
        return;
      }
      if (connection.response != null) {
        out.clear();
        keep(connection, from, length);
        if (connection.closing) {
          // There is no room to keep the requests in.
          close(connection);
        }
        return;
      }
    }
  }

  /** The bytes of the first request, or 0 if its rest is still to come. */
  private int answer(Connection connection, int from, int length) {
    int status = head.read(buffer, from, length);
    if (status == RequestHead.COMPLETE) {
      status = body.read(head, buffer, length);
      if (status == RequestHead.INCOMPLETE
          && head.expectsContinue()
          && length == head.headTo()
          && out.length() == 0) {
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
          checker.metrics.count(Refusal.BUFFERS_FULL);
          service.refuse(503, out);
          connection.closing = true;
          rest = 0;
        } else {
          connection.request = waiting = new byte[size];
          waitingBytes += size;
        }
      }
      if (waiting != null && rest > 0) {
        System.arraycopy(buffer, from, waiting, 0, rest);
        connection.requestLength = rest;
      }
    }
    wipe(length);
  }

  /** A token does not outlive its request. */
  private void wipe(int length) {
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

  /**
   * Sends what is in {@link #out} and keeps what is not taken; whether the client is still there.
   */
  private boolean send(Connection connection) {
    int length = out.length();
    if (length > 0) {
      int sent = Native.send(connection.socket, Address.ofData(out.bytes()), length);
      if (sent < 0 && sent != Native.AGAIN) {
        close(connection);
        return false;
      }
      sent = Math.max(0, sent);
      if (sent < length) {
        return hold(connection, sent, length);
      }
    }
    if (connection.closing) {
      close(connection);
      return false;
    }
    return true;
  }

  private boolean hold(Connection connection, int from, int to) {
    if (unsentBytes + to - from > MAX_UNSENT_BYTES) {
      checker.metrics.count(Refusal.BUFFERS_FULL);
      close(connection);
      return false;
    }
    byte[] rest = new byte[to - from];
    System.arraycopy(out.bytes(), from, rest, 0, rest.length);
    unsentBytes += rest.length;
    connection.response = rest;
    connection.responseFrom = 0;
    connection.deadlineMillis = now() + requestMillis;
    Native.rewatch(connection.socket, WRITE);
    return true;
  }

  /** Sends what is left of a response; whether the connection is still there and may be read. */
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
    if (sent > 0) {
      connections.touch(connection, now());
    }
    connection.responseFrom = from + Math.max(0, sent);
    if (connection.responseFrom == response.length) {
      forgetResponse(connection);
      if (connection.closing) {
        close(connection);
        return false;
      }
      connection.deadlineMillis = now() + idleMillis;
      Native.rewatch(connection.socket, READ);
      if (connection.request != null) {
        // Requests that came before the client took this answer.
        connection.deadlineMillis = now() + requestMillis;
        handle(connection, restore(connection));
        return false;
      }
    }
    return true;
  }

  private void forgetResponse(Connection connection) {
    byte[] response = connection.response;
    if (response != null) {
      unsentBytes -= response.length;
    }
    connection.response = null;
  }

  private void sweep() {
    long now = now();
    if (!accepting && evict()) {
      resumeAccepting();
    }
    for (int socket = 0; socket < connections.bySocket.length; socket++) {
      Connection connection = connections.bySocket[socket];
      if (connection != null && now >= connection.deadlineMillis) {
        eventSocket = socket;
        expire(connection);
      }
    }
  }

  private void expire(Connection connection) {
    if (connection.response != null) {
      checker.metrics.count(Refusal.WRITE_TIMEOUT);
    } else if (connection.request != null) {
      out.clear();
      service.refuse(408, out);
      connection.closing = true;
      send(connection);
    }
    if (connections.of(connection.socket) == connection) {
      close(connection);
    }
  }

  private void close(Connection connection) {
    release(connection);
    forgetResponse(connection);
    connections.remove(connection);
    Native.close(connection.socket);
    if (!accepting) {
      resumeAccepting();
    }
  }

  private void resumeAccepting() {
    accepting = true;
    Native.rewatch(listener, READ);
  }

  private static long now() {
    return Native.nanos() / 1_000_000;
  }
}
