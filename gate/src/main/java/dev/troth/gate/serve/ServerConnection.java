package dev.troth.gate.serve;

import dev.troth.gate.Gate;
import dev.troth.gate.http.GateMetrics.Refusal;
import dev.troth.gate.http.GateService;
import dev.troth.gate.http.Output;
import dev.troth.gate.http.RequestBody;
import dev.troth.gate.http.RequestHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One client's requests, one after the other. A blocking thread runs it, others may end it. */
final class ServerConnection {
  private static final int FIRST_BUFFER_BYTES = 2048;
  private static final int MAX_BUFFER_BYTES =
      RequestHead.MAX_HEAD_BYTES + RequestHead.MAX_BODY_BYTES + 4;
  private static final byte[] CONTINUE = {
    'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '1', '0', '0', ' ', 'C', 'o', 'n', 't', 'i', 'n',
    'u', 'e', '\r', '\n', '\r', '\n'
  };

  private enum Doing {
    IDLE,
    READING,
    ANSWERING,
    WRITING
  }

  private final GateServer server;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final RequestHead head;
  private final RequestBody body = new RequestBody();
  private final Output response = new Output(512);
  private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
  private int length;
  private long deadline;
  private volatile Doing doing = Doing.IDLE;
  private volatile long since = System.nanoTime();

  ServerConnection(GateServer server, Socket socket) throws IOException {
    this.server = server;
    this.socket = socket;
    head = GateService.head(server.settings);
    in = socket.getInputStream();
    out = socket.getOutputStream();
  }

  /** Whether no request is under way. */
  boolean isIdle() {
    return doing == Doing.IDLE;
  }

  /** How long nothing came from the client and it took nothing; less than 0 while it waits. */
  long silentNanos(long now) {
    return doing == Doing.ANSWERING ? -1 : now - since;
  }

  boolean isWritingBeyond(long now) {
    return doing == Doing.WRITING && now - since > server.limits.request().toNanos();
  }

  void end() {
    try {
      socket.close();
    } catch (IOException ended) {
      // It is as closed as can be.
    }
  }

  void run() throws IOException, InterruptedException {
    try {
      socket.setTcpNoDelay(true);
      boolean persistent = true;
      while (persistent) {
        deadline = System.nanoTime() + server.limits.idle().toNanos();
        if (length == 0) {
          begin(Doing.IDLE);
          shrink();
          if (!fill()) {
            return;
          }
        }
        deadline = System.nanoTime() + server.limits.request().toNanos();
        persistent = request();
      }
    } finally {
      shrink();
    }
  }

  private void begin(Doing what) {
    since = System.nanoTime();
    doing = what;
  }

  /** Reads and answers one request; whether the connection goes on. */
  private boolean request() throws IOException, InterruptedException {
    begin(Doing.READING);
    int status = head.read(buffer, 0, length);
    while (status == RequestHead.INCOMPLETE) {
      if (!fill()) {
        return false;
      }
      status = head.read(buffer, 0, length);
    }
    if (status != RequestHead.COMPLETE) {
      return refuse(status);
    }
    status = body.read(head, buffer, length);
    if (status == RequestHead.INCOMPLETE && head.expectsContinue() && length == head.headTo()) {
      write(CONTINUE, CONTINUE.length);
      begin(Doing.READING);
    }
    while (status == RequestHead.INCOMPLETE) {
      if (!fill()) {
        return false;
      }
      status = body.read(head, buffer, length);
    }
    if (status != RequestHead.COMPLETE) {
      return refuse(status);
    }
    // The buffer may have moved while the body came.
    head.read(buffer, 0, length);
    begin(Doing.ANSWERING);
    Gate.Attempt pending = answer(false);
    if (pending != null) {
      // The key may be on its way. Nothing is held meanwhile that another client needs.
      pending.awaitKeys();
      answer(true);
    }
    write(response.bytes(), response.length());
    int end = body.to();
    System.arraycopy(buffer, end, buffer, 0, length - end);
    // A token does not outlive its request.
    Arrays.fill(buffer, length - end, length, (byte) 0);
    length -= end;
    return head.isPersistent();
  }

  private Gate.@Nullable Attempt answer(boolean isLast) throws InterruptedException {
    response.clear();
    GateServer.Worker worker = server.workers.take();
    try {
      worker.checker().begin(isLast);
      worker.service().answer(head, buffer, head.headTo(), body.bodyTo(), response);
      return worker.checker().pending();
    } finally {
      server.workers.add(worker);
    }
  }

  private boolean refuse(int status) throws IOException, InterruptedException {
    response.clear();
    GateServer.Worker worker = server.workers.take();
    try {
      worker.service().refuse(status, response);
    } finally {
      server.workers.add(worker);
    }
    write(response.bytes(), response.length());
    return false;
  }

  /** Blocks until the client has taken all of it, or the server's watch ends the connection. */
  private void write(byte[] bytes, int count) throws IOException {
    begin(Doing.WRITING);
    out.write(bytes, 0, count);
  }

  private boolean fill() throws IOException, InterruptedException {
    if (length == buffer.length) {
      if (length >= MAX_BUFFER_BYTES) {
        return refuse(413);
      }
      int more = Math.min(2 * length, MAX_BUFFER_BYTES);
      if (!server.buffers.tryAcquire(more - length)) {
        server.checker.count(Refusal.BUFFERS_FULL);
        return refuse(503);
      }
      byte[] former = buffer;
      buffer = Arrays.copyOf(buffer, more);
      Arrays.fill(former, (byte) 0);
    }
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      return length > 0 && refuse(408);
    }
    socket.setSoTimeout((int) left);
    try {
      int read = in.read(buffer, length, buffer.length - length);
      if (read <= 0) {
        return false;
      }
      length += read;
      since = System.nanoTime();
      return true;
    } catch (SocketTimeoutException slow) {
      return length > 0 && refuse(408);
    }
  }

  /** Gives back what a large request needed. */
  private void shrink() {
    if (buffer.length > FIRST_BUFFER_BYTES) {
      int more = buffer.length - FIRST_BUFFER_BYTES;
      buffer = new byte[FIRST_BUFFER_BYTES];
      length = 0;
      server.buffers.release(more);
    }
  }
}
