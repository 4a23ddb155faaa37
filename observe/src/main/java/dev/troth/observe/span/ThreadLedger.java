package dev.troth.observe.span;

import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Exchange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which server request a client request of one process belongs to, told by the thread: only where
 * the process visibly gives each request a thread of its own, and only in hindsight.
 *
 * <p>A client exchange belongs to the server exchange that was open on its thread when, from the
 * reading of the server's request to the beginning of its response, that thread read no other
 * request, both exchanges began and were answered on it, and the client's lies wholly within. Event
 * loops and virtual threads break this soon and visibly: a second request is read on the thread
 * before the first is answered, a request is answered on another thread, or a thread that serves
 * requests calls out while it has none although others are open. One such sight, and the process is
 * never trusted again. Runtimes and threads that are known to multiplex are not trusted at all.
 */
final class ThreadLedger {
  /** Beginnings of the names of threads that run many tasks in turns, cut to 15 characters. */
  private static final List<String> MULTIPLEXING =
      List.of(
          "ForkJoinPool",
          "HttpClient-",
          "nioEventLoop",
          "epollEventLoop",
          "multiThreadIo",
          "reactor-",
          "vert.x-event",
          "XNIO-",
          "grpc-",
          "DefaultDispatch",
          "VirtualThread");

  private final Target target;
  private final ThreadNames names;
  private final Map<Integer, Row> threads = new HashMap<>();
  private boolean trusted;
  private int openRequests;

  private static final class Row {
    @Nullable Operation open;
    @Nullable Boolean multiplexes;
  }

  ThreadLedger(Target target, ThreadNames names) {
    this.target = target;
    this.names = names;
    this.trusted =
        switch (target.runtime()) {
          case JAVA, PYTHON, RUBY, PHP -> true;
          case NODE, GO, DOTNET, OTHER -> false;
        };
  }

  /** Whether threads of this process are still believed. */
  boolean isTrusted() {
    return trusted;
  }

  void serverBegan(Operation operation) {
    openRequests++;
    if (!trusted) {
      return;
    }
    Row row = row(operation.exchange().requestThread());
    Operation other = row.open;
    if (other != null && other.isOpen() && !other.hasResponded()) {
      other.share();
      operation.share();
      trusted = false;
    }
    row.open = operation;
  }

  void serverEnded(Operation operation) {
    openRequests--;
    if (!trusted) {
      return;
    }
    Exchange exchange = operation.exchange();
    if (exchange.hasResponse() && exchange.responseThread() != exchange.requestThread()) {
      trusted = false;
    }
    Row row = row(exchange.requestThread());
    if (row.open == operation) {
      row.open = null;
    }
  }

  void clientBegan(Operation operation) {
    if (openRequests > 0) {
      operation.amidRequests();
    }
    if (!trusted) {
      return;
    }
    Row row = threads.get(operation.exchange().requestThread());
    if (row == null) {
      return; // a thread that serves nobody
    }
    Operation open = row.open;
    if (open != null && !open.hasResponded()) {
      operation.candidate(open);
    } else if (open == null && openRequests > 0) {
      trusted = false; // it works on something that another thread was asked for
    }
  }

  /** Whether the candidate proved to be the parent; both exchanges must be over. */
  boolean proves(Operation client, Operation server) {
    Exchange inner = client.exchange();
    Exchange outer = server.exchange();
    int thread = inner.requestThread();
    return trusted
        && !server.isShared()
        && outer.hasResponse()
        && inner.hasResponse()
        && outer.requestThread() == thread
        && outer.responseThread() == thread
        && inner.responseThread() == thread
        && inner.start() >= outer.start()
        && inner.end() <= outer.responseTime()
        && !multiplexes(thread, outer.blocking());
  }

  /** The request that the thread seems to handle, not answered yet. */
  @Nullable Operation openOn(int thread) {
    Row row = trusted ? threads.get(thread) : null;
    Operation open = row == null ? null : row.open;
    return open != null && open.isOpen() && !open.hasResponded() && !open.isShared() ? open : null;
  }

  /** Whether what a thread did at a moment proved to be for the request, which must be over. */
  boolean proves(int thread, long time, Operation server) {
    Exchange outer = server.exchange();
    return trusted
        && !server.isShared()
        && outer.hasResponse()
        && outer.requestThread() == thread
        && outer.responseThread() == thread
        && time >= outer.start()
        && time <= outer.responseTime()
        && !multiplexes(thread, outer.blocking());
  }

  /**
   * Whether the thread runs many tasks in turns.
   *
   * @param blocking whether it waits in the calls on the request's own socket: then nothing else
   *     can run on it, also where event loops usually live
   */
  private boolean multiplexes(int thread, boolean blocking) {
    if (target.runtime() == RuntimeKind.PYTHON && thread == target.process()) {
      return !blocking; // where asyncio runs
    }
    if (target.runtime() != RuntimeKind.JAVA) {
      return false;
    }
    Row row = row(thread);
    Boolean known = row.multiplexes;
    if (known == null) {
      String name = names.name(target.process(), thread);
      known = name.isEmpty() || MULTIPLEXING.stream().anyMatch(name::startsWith);
      row.multiplexes = known;
    }
    return known;
  }

  private Row row(int thread) {
    return threads.computeIfAbsent(thread, unknown -> new Row());
  }
}
