package dev.troth.gate.serve;

import dev.troth.gate.http.GateMetrics.Refusal;
import dev.troth.gate.http.GateService;
import dev.troth.gate.http.Output;
import dev.troth.gate.http.ServiceSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * Serves a gate over HTTP/1.1: one virtual thread a connection, blocking sockets. What strangers
 * can make grow is bounded over all of them: connections, the bytes in their buffers, and the time
 * that each may take to send a request or to take an answer. When all connections are taken, a new
 * client takes the place of the one that has been silent for longest.
 */
public final class GateServer implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final int WORKERS = 2 * Runtime.getRuntime().availableProcessors();
  private static final long PAUSE_NANOS = 10_000_000;
  private static final long LOOK_EVERY_NANOS = 100_000_000;

  /** How long a client with a request under way may be silent before another can take its place. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  final Limits limits;
  final ServiceSettings settings;
  final GateChecker checker;
  final BlockingQueue<Worker> workers = new ArrayBlockingQueue<>(WORKERS);

  /** Bytes that connections may hold beyond their first buffers. */
  final Semaphore buffers;

  private final ServerSocket listener;
  private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();

  /**
   * What clients may take.
   *
   * @param idle between requests
   * @param request from the first byte of a request to its last, and the same for an answer
   * @param connections at the same time
   * @param bufferBytes of all requests together that are larger than the smallest buffer
   */
  public record Limits(Duration idle, Duration request, int connections, int bufferBytes) {
    public static final Limits DEFAULT =
        new Limits(Duration.ofSeconds(60), Duration.ofSeconds(10), 1024, 8 * 1024 * 1024);
  }

  /** A service with its checker; one request at a time has it, and never while it waits. */
  record Worker(GateService service, GateChecker.Checker checker) {}

  private GateServer(
      ServerSocket listener, GateChecker checker, ServiceSettings settings, Limits limits) {
    this.listener = listener;
    this.limits = limits;
    this.settings = settings;
    this.checker = checker;
    buffers = new Semaphore(limits.bufferBytes());
    for (int i = 0; i < WORKERS; i++) {
      GateChecker.Checker own = checker.new Checker();
      GateService service = new GateService(own, settings, checker);
      own.serves(service);
      workers.add(new Worker(service, own));
    }
  }

  /** Listens on the address and serves until it is closed; port 0 takes a free one. */
  public static GateServer start(
      InetSocketAddress address, GateChecker checker, ServiceSettings settings, Limits limits)
      throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    try {
      listener.bind(address, BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    GateServer server = new GateServer(listener, checker, settings, limits);
    Thread.ofPlatform().name("gate-accept").start(server::accept);
    Thread.ofPlatform().daemon().name("gate-deadlines").start(server::watch);
    return server;
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Stops listening and ends all connections. */
  @Override
  public void close() throws IOException {
    listener.close();
    connections.forEach(ServerConnection::end);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        admit(listener.accept());
      } catch (IOException closedOrOutOfFiles) {
        // Closed ends the loop; a machine without free files is not asked again at once.
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (OutOfMemoryError full) {
        // What is being served may end and free some; the process goes on.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void admit(Socket socket) throws IOException {
    if (connections.size() >= limits.connections() && !evict()) {
      checker.count(Refusal.CONNECTIONS_FULL);
      try (socket) {
        Output busy = new Output(256);
        new GateService(checker.new Checker(), settings, checker).refuse(503, busy);
        // A fresh socket takes so few bytes at once.
        socket.getOutputStream().write(busy.bytes(), 0, busy.length());
      } catch (IOException gone) {
        // Nobody to tell.
      }
      return;
    }
    ServerConnection connection = new ServerConnection(this, socket);
    connections.add(connection);
    try {
      Thread.ofVirtual().start(() -> serve(connection));
    } catch (OutOfMemoryError full) {
      connections.remove(connection);
      connection.end();
      throw full;
    }
  }

  /** Ends the connection that has been silent for longest; false if all are busy. */
  private boolean evict() {
    long now = System.nanoTime();
    ServerConnection oldest = null;
    long longest = -1;
    for (ServerConnection connection : connections) {
      long silent = connection.silentNanos(now);
      if (silent > longest && (connection.isIdle() || silent > PATIENCE_NANOS)) {
        oldest = connection;
        longest = silent;
      }
    }
    if (oldest == null) {
      return false;
    }
    checker.count(Refusal.EVICTED);
    forget(oldest);
    oldest.end();
    return true;
  }

  private void serve(ServerConnection connection) {
    try {
      connection.run();
    } catch (IOException gone) {
      // The client is not there any more: there is nobody to tell.
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (OutOfMemoryError full) {
      // This client's request ends here, the process does not.
      checker.count(Refusal.BUFFERS_FULL);
    } finally {
      connection.end();
      forget(connection);
    }
  }

  private void forget(ServerConnection connection) {
    connections.remove(connection);
  }

  /** Ends the connections whose clients do not take their answers. */
  private void watch() {
    while (!listener.isClosed()) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      long now = System.nanoTime();
      for (ServerConnection connection : connections) {
        if (connection.isWritingBeyond(now)) {
          checker.count(Refusal.WRITE_TIMEOUT);
          forget(connection);
          connection.end();
        }
      }
    }
  }
}
