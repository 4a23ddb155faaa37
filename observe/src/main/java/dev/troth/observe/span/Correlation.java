package dev.troth.observe.span;

import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Exchange;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives each exchange its place in a trace. In this order: the trace context that came with the
 * request; the client at the other end of the same TCP connection, known by the four addresses and
 * the position in the stream; the server request of the same thread, where {@link ThreadLedger}
 * proves it; else it is a root. A parent is certain or there is none.
 *
 * <p>Decisions wait {@link #SETTLE_NANOS} after an exchange has ended, because the two ends of a
 * connection are told of by different processors. Not thread-safe.
 */
public final class Correlation {
  /** How long after its end an exchange becomes a span. */
  static final long SETTLE_NANOS = 150_000_000;

  /** How long a client exchange waits for the server exchange around it to end. */
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  /** Services beyond these are counted together. */
  private static final int MOST_SERVICES = 500;

  private record Key(int position, int clientPort, int serverPort) {}

  private record Ended(Operation operation, long at) {}

  private final RandomGenerator random;
  private final ThreadNames names;
  private final Map<Key, Operation> clients = new HashMap<>();
  private final Map<Target, ThreadLedger> ledgers = new HashMap<>();
  private final IdentityHashMap<Exchange, Operation> open = new IdentityHashMap<>();
  private final Deque<Ended> settling = new ArrayDeque<>();
  private final Deque<Ended> forgotten = new ArrayDeque<>();
  private final Forwarding forwarding = new Forwarding();
  private final Map<String, Long> unjoined = new HashMap<>();

  public Correlation(RandomGenerator random, ThreadNames names) {
    this.random = random;
    this.names = names;
  }

  /**
   * An exchange began.
   *
   * @param written the context that the agent's own programs wrote into this call, which is what
   *     that names
   */
  public void began(Connection connection, Exchange exchange, @Nullable TraceParent written) {
    Operation operation =
        written == null
            ? new Operation(connection, exchange, nonZero())
            : new Operation(connection, exchange, written);
    open.put(exchange, operation);
    ThreadLedger ledger = ledger(connection.target());
    if (operation.isServer()) {
      ledger.serverBegan(operation);
      forwarding.began(operation);
    } else {
      connection.called();
      operation.forwardedFrom(forwarding.source(operation));
      if (connection.hasPositions()) {
        clients.put(key(operation), operation);
      }
      ledger.clientBegan(operation);
      Operation candidate = operation.candidate();
      if (written != null && candidate != null) {
        candidate.calledWith(operation);
      }
    }
  }

  /** The exchange is over; {@code now} is the time of the latest event. */
  public void ended(Exchange exchange, long now) {
    Operation operation = open.remove(exchange);
    if (operation == null) {
      return;
    }
    if (operation.isServer()) {
      ledger(operation.connection().target()).serverEnded(operation);
      forwarding.ended(operation);
    }
    settling.add(new Ended(operation, now));
  }

  /** Nothing will be known of the exchange's end. */
  public void abandoned(Exchange exchange) {
    Operation operation = open.remove(exchange);
    if (operation == null) {
      return;
    }
    if (operation.isServer()) {
      operation.share();
      ledger(operation.connection().target()).serverEnded(operation);
      forwarding.ended(operation);
    } else {
      clients.remove(key(operation), operation);
    }
  }

  /** Hands over the operations whose place is decided by now. */
  public void settle(long now, Consumer<Operation> decided) {
    int waiting = settling.size();
    for (int i = 0; i < waiting; i++) {
      Ended ended = settling.getFirst();
      if (now - ended.at < SETTLE_NANOS) {
        break;
      }
      settling.removeFirst();
      if (resolve(ended.operation, now)) {
        decided.accept(ended.operation);
        if (!ended.operation.isServer()) {
          forgotten.add(new Ended(ended.operation, now));
        }
      } else {
        settling.addLast(ended);
      }
    }
    forget(now);
  }

  /** The number of requests that are not answered yet. */
  public int openExchanges() {
    return open.size();
  }

  /** Calls of processes that were handling requests, none of which is certain to have caused it. */
  public long unjoined() {
    return unjoined.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The same, by the service that called. */
  public Map<String, Long> unjoinedByService() {
    return Map.copyOf(unjoined);
  }

  /** The request that a thread of a target seems to handle, and has not answered. */
  public @Nullable Operation openOn(Target target, int thread) {
    ThreadLedger ledger = ledgers.get(target);
    return ledger == null ? null : ledger.openOn(thread);
  }

  /**
   * Whether what a thread did at a moment was done for a request: by the rule by which calls are,
   * and not before the request is over. A target that has ended proves nothing.
   */
  public boolean provesLine(Operation request, int thread, long time) {
    ThreadLedger ledger = ledgers.get(request.connection().target());
    return ledger != null && !request.isOpen() && ledger.proves(thread, time, request);
  }

  /** The target has ended; nothing more of it will come. */
  public void gone(Target target) {
    ledgers.remove(target);
  }

  /** A client may be asked for by its server a little later than it was decided itself. */
  private void forget(long now) {
    while (!forgotten.isEmpty() && now - forgotten.getFirst().at > 4 * SETTLE_NANOS) {
      Operation operation = forgotten.removeFirst().operation;
      clients.remove(key(operation), operation);
    }
  }

  /**
   * Decides the operation's parent; false when that cannot be told yet. The way back to what is
   * decided may have thousands of steps, where a program calls itself and passes one context on.
   */
  private boolean resolve(Operation asked, long now) {
    Operation direct = before(asked, now);
    if (direct == null || direct.isResolved()) {
      decide(asked, now); // nearly all: there is no way to go back
      return asked.isResolved();
    }
    Set<Operation> way = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Operation> undecided = new ArrayDeque<>();
    Operation next = asked;
    while (next != null && !next.isResolved() && way.add(next)) {
      undecided.push(next);
      next = before(next, now);
    }
    if (next != null && !next.isResolved()) {
      root(next); // it leads back to itself, which no cause does
    }
    undecided.forEach(operation -> decide(operation, now));
    return asked.isResolved();
  }

  /** What has to be decided before an operation is. */
  private @Nullable Operation before(Operation operation, long now) {
    Operation certain = forwarder(operation);
    if (certain != null || operation.carried() != null) {
      return certain;
    }
    Operation parent = parent(operation);
    return parent != null && (operation.isServer() || isProven(operation, parent, now))
        ? parent
        : null;
  }

  private @Nullable Operation parent(Operation operation) {
    return operation.isServer() ? caller(operation) : operation.candidate();
  }

  /** Decides an operation, if what comes before it is decided. */
  private void decide(Operation operation, long now) {
    if (operation.isResolved()) {
      return;
    }
    Operation certain = forwarder(operation);
    TraceParent carried = operation.carried();
    Operation parent = parent(operation);
    if (certain != null && certain.isResolved()) {
      operation.childOf(certain);
    } else if (carried != null) {
      operation.childOf(carried);
    } else if (parent == null) {
      root(operation);
    } else if (!operation.isServer() && !isProven(operation, parent, now)) {
      if (!waits(operation, parent, now)) {
        root(operation);
      }
    } else if (parent.isResolved()) {
      if (operation.isOfAnotherTrace(parent)) {
        root(operation); // its own context is out: a parent elsewhere would be a wrong one
      } else {
        operation.childOf(parent);
      }
    }
  }

  /** Whether the answer of a call's request may still come and prove it. */
  private static boolean waits(Operation call, Operation request, long now) {
    return request.isOpen() && !request.isShared() && now - call.exchange().end() < PATIENCE_NANOS;
  }

  private boolean isProven(Operation call, Operation request, long now) {
    return !waits(call, request, now)
        && !request.isOpen()
        && ledger(request.connection().target()).proves(call, request);
  }

  /**
   * Who passed on the context that the operation carries: for a call the request that came with it,
   * for a request the call at the other end that passes it on.
   */
  private @Nullable Operation forwarder(Operation operation) {
    if (!operation.isServer()) {
      return operation.forwardedFrom();
    }
    Operation client = operation.carried() == null ? null : caller(operation);
    return client != null && client.forwardedFrom() != null ? client : null;
  }

  private void root(Operation operation) {
    TraceParent written = operation.written();
    TraceParent first = written == null ? firstCall(operation) : null;
    if (written != null) {
      operation.rootOf(written);
    } else if (first != null) {
      operation.root(first.high(), first.low());
    } else {
      operation.root(nonZero(), nonZero());
    }
    if (!operation.isServer() && operation.wasAmidRequests()) {
      String service = operation.connection().target().service();
      boolean known = unjoined.size() < MOST_SERVICES || unjoined.containsKey(service);
      unjoined.merge(known ? service : "", 1L, Long::sum);
    }
  }

  /**
   * What was written into the first call that a request certainly caused: a request without a trace
   * of its own is of that one then, because the call is out and says so.
   */
  private @Nullable TraceParent firstCall(Operation request) {
    Operation call = request.firstCall();
    return call != null
            && !call.isOpen()
            && ledger(request.connection().target()).proves(call, request)
        ? call.written()
        : null;
  }

  private @Nullable Operation caller(Operation server) {
    if (!server.connection().hasPositions()) {
      return null;
    }
    Ends ends = server.connection().ends();
    Operation client =
        clients.get(new Key(server.exchange().position(), ends.remotePort(), ends.localPort()));
    return client != null && client.connection().ends().face(ends) ? client : null;
  }

  private static Key key(Operation client) {
    Ends ends = client.connection().ends();
    return new Key(client.exchange().position(), ends.localPort(), ends.remotePort());
  }

  private ThreadLedger ledger(Target target) {
    ThreadLedger ledger = ledgers.get(target);
    if (ledger == null) {
      ledger = new ThreadLedger(target, names);
      ledgers.put(target, ledger);
    }
    return ledger;
  }

  private long nonZero() {
    long value;
    do {
      value = random.nextLong();
    } while (value == 0);
    return value;
  }
}
