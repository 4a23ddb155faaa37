package dev.troth.gate.serve;

import dev.troth.gate.http.ClaimHeaders;
import dev.troth.gate.http.GateService;
import dev.troth.gate.http.Output;
import dev.troth.gate.http.RequestBody;
import dev.troth.gate.http.RequestHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Serves a gate over HTTP/1.1: one virtual thread a connection, blocking sockets. Connections, the
 * size of a request and the time that a client may take for one are bounded.
 */
public final class GateServer implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final int MAX_CONNECTIONS = 1024;
  private static final int SERVICES = 2 * Runtime.getRuntime().availableProcessors();
  private static final long PAUSE_NANOS = 10_000_000;
  private static final int FIRST_BUFFER_BYTES = 2048;
  private static final int MAX_BUFFER_BYTES =
      RequestHead.MAX_HEAD_BYTES + RequestHead.MAX_BODY_BYTES + 4;
  private static final byte[] CONTINUE = {
    'H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '1', '0', '0', ' ', 'C', 'o', 'n', 't', 'i', 'n',
    'u', 'e', '\r', '\n', '\r', '\n'
  };

  private final ServerSocket listener;
  private final Limits limits;
  private final BlockingQueue<GateService> services = new ArrayBlockingQueue<>(SERVICES);
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger open = new AtomicInteger();

  /**
   * How long a client may take.
   *
   * @param idle between requests
   * @param request from the first byte of a request to its last
   */
  public record Limits(Duration idle, Duration request) {
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(60), Duration.ofSeconds(10));
  }

  private GateServer(
      ServerSocket listener, GateChecker checker, ClaimHeaders headers, Limits limits) {
    this.listener = listener;
    this.limits = limits;
    for (int i = 0; i < SERVICES; i++) {
      services.add(new GateService(checker.checker(), headers, checker::writeMetrics));
    }
  }

  /** Listens on the address and serves until it is closed; port 0 takes a free one. */
  public static GateServer start(
      InetSocketAddress address, GateChecker checker, ClaimHeaders headers, Limits limits)
      throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    try {
      listener.bind(address, BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    GateServer server = new GateServer(listener, checker, headers, limits);
    Thread.ofPlatform().name("gate-accept").start(server::accept);
    return server;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Stops listening and ends all connections. */
  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket connection : connections) {
      connection.close();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        if (open.incrementAndGet() > MAX_CONNECTIONS) {
          open.decrementAndGet();
          socket.close();
          continue;
        }
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closedOrOutOfFiles) {
        // Closed ends the loop; a machine without free files is not asked again at once.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void serve(Socket socket) {
    connections.add(socket);
    try (socket) {
      socket.setTcpNoDelay(true);
      new Connection(socket).run();
    } catch (IOException gone) {
      // The client is not there any more: there is nobody to tell.
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(socket);
      open.decrementAndGet();
    }
  }

  /** One client's requests, one after the other. */
  private final class Connection {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final RequestHead head = new RequestHead();
    private final RequestBody body = new RequestBody();
    private final Output response = new Output(512);
    private byte[] buffer = new byte[FIRST_BUFFER_BYTES];
    private int length;
    private long deadline;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    void run() throws IOException, InterruptedException {
      boolean persistent = true;
      while (persistent) {
        deadline = System.nanoTime() + limits.idle().toNanos();
        if (length == 0 && !fill()) {
          return;
        }
        deadline = System.nanoTime() + limits.request().toNanos();
        persistent = request();
      }
    }

    /** Reads and answers one request; whether the connection goes on. */
    private boolean request() throws IOException, InterruptedException {
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
        out.write(CONTINUE);
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
      response.clear();
      GateService service = services.take();
      try {
        service.answer(head, buffer, head.headTo(), body.bodyTo(), response);
      } finally {
        services.add(service);
      }
      out.write(response.bytes(), 0, response.length());
      int end = body.to();
      System.arraycopy(buffer, end, buffer, 0, length - end);
      // A token does not outlive its request.
      Arrays.fill(buffer, length - end, length, (byte) 0);
      length -= end;
      return head.isPersistent();
    }

    private boolean refuse(int status) throws IOException, InterruptedException {
      response.clear();
      GateService service = services.take();
      try {
        service.refuse(status, response);
      } finally {
        services.add(service);
      }
      out.write(response.bytes(), 0, response.length());
      return false;
    }

    private boolean fill() throws IOException, InterruptedException {
      if (length == buffer.length) {
        if (length >= MAX_BUFFER_BYTES) {
          return refuse(413);
        }
        buffer = Arrays.copyOf(buffer, Math.min(2 * length, MAX_BUFFER_BYTES));
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
        return true;
      } catch (SocketTimeoutException slow) {
        return length > 0 && refuse(408);
      }
    }
  }
}
