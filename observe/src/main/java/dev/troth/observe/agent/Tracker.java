package dev.troth.observe.agent;

import static java.util.Objects.requireNonNull;

import dev.troth.observe.capture.Event;
import dev.troth.observe.capture.EventKind;
import dev.troth.observe.discovery.RuntimeKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.exchange.Protocol;
import dev.troth.observe.span.Connection;
import dev.troth.observe.span.Correlation;
import dev.troth.observe.span.Ends;
import dev.troth.observe.stream.Segment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that are watched: gives each event to the conversation of its socket, ends
 * conversations in time, and tells {@link Correlation} of their exchanges. Whatever strangers can
 * make grow is bounded over all sockets together. Not thread-safe.
 */
final class Tracker {
  /** How long an end waits, so that data told of by other processors comes first. */
  private static final long CLOSING_NANOS = 60_000_000;

  /** How long a closed socket is kept: after a reset a slow process may still read from it. */
  private static final long LINGER_NANOS = 5_000_000_000L;

  /** How many sockets are remembered; beyond it the longest idle one is given up. */
  private static final int MOST_SOCKETS = 8_192;

  /** How many bytes of unfinished messages all conversations together may hold. */
  private static final long MOST_HELD = 4L << 20;

  /** How long a socket may be silent before it is forgotten; its next request begins it anew. */
  private static final long IDLE_NANOS = 600_000_000_000L;

  /** How long after its last event a socket is still looked after. */
  private static final long TICKED_NANOS = 2_000_000_000L;

  private final IntFunction<@Nullable Target> targets;
  private final Correlation correlation;
  private final List<Protocol> protocols;
  private final Receiver receiver;
  private final UnseenLedger unseen;
  private final LongConsumer mute;
  private final SequencedMap<Long, Tracked> sockets = new LinkedHashMap<>(64, 0.75f, true);
  private final Deque<Closing> closings = new ArrayDeque<>();
  private final TlsWatch library;
  private final TlsSessions<Tracked> tls = new TlsSessions<>();
  private final Injections injections = new Injections();
  private final Peers peers = new Peers();
  private long now;
  private long held;
  private long requests;
  private long abandoned;
  private long faults;
  private long givenUp;

  Tracker(
      IntFunction<@Nullable Target> targets,
      Correlation correlation,
      List<Protocol> protocols,
      Receiver receiver,
      UnseenLedger unseen,
      LongConsumer mute,
      TlsWatch library) {
    this.targets = targets;
    this.correlation = correlation;
    this.protocols = protocols;
    this.receiver = receiver;
    this.unseen = unseen;
    this.mute = mute;
    this.library = library;
  }

  /** The requests that were seen. */
  long requests() {
    return requests;
  }

  /** The requests whose outcome was lost together with events. */
  long abandoned() {
    return abandoned;
  }

  /** Connections that were given up because reading them failed. */
  long faults() {
    return faults;
  }

  /** Connections that were given up because there was no room for more. */
  long givenUp() {
    return givenUp;
  }

  Injections injections() {
    return injections;
  }

  int openSockets() {
    return sockets.size();
  }

  void data(Event event) {
    now = Math.max(now, event.time());
    Tracked socket = sockets.get(event.cookie());
    if (socket == null) {
      if (event.localPort() == 0) {
        return; // reset long ago
      }
      Target target = targets.apply(event.process());
      if (target == null) {
        unseen.stranger(event.process(), event.time());
        return;
      }
      Ends ends = Segments.ends(event);
      if (receiver.isEndOf(ends)) {
        mute.accept(event.cookie());
        return;
      }
      socket = new Tracked(new Connection(target, event.cookie(), ends));
      sockets.put(event.cookie(), socket);
      peers.add(socket.connection);
      if (sockets.size() > MOST_SOCKETS) {
        Tracked oldest = requireNonNull(sockets.pollFirstEntry()).getValue();
        if (oldest.closed == 0) { // else it was read to its end, and only lingers
          giveUp(oldest);
        }
        oldest.drop();
      }
    }
    socket.sent = event.sent();
    socket.received = event.received();
    socket.connection.roundTrip(event.roundTrip());
    socket.injected = injections.of(event);
    Segment segment = Injections.whole(Segments.of(event), socket.injected);
    if (!socket.detection.isRecognised() && Strangers.isTls(segment)) {
      encrypted(event, socket);
    } else {
      tls.passed(event.thread());
    }
    socket.read(segment);
    if (held > MOST_HELD) {
      giveUp(socket);
    }
  }

  /** Encrypted bytes passed on a socket of which nothing else is known. */
  private void encrypted(Event event, Tracked socket) {
    Target target = socket.connection.target();
    library.seen(target, event.time());
    boolean within = event.session() != 0 && target.runtime() != RuntimeKind.NODE;
    if (within) {
      tls.passed(event.thread());
      within(event, socket);
    } else if (event.kind() == EventKind.RECEIVED && TlsSessions.tellsByOrder(event, target)) {
      tls.touched(event.thread(), socket, socket.connection, event.time());
    } else {
      tls.passed(event.thread());
    }
  }

  /** They passed within a call of a session of TLS, which therefore lies on this socket. */
  private void within(Event event, Tracked socket) {
    Tracked session = tls.of(event.process(), event.session());
    if (session != null && session.connection.cookie() != socket.connection.cookie()) {
      Tracked before = sockets.get(session.connection.cookie());
      if (before != null && before.closed == 0) {
        session.detection.giveUp(); // on two sockets at once: no conversation that can be followed
        session.weigh();
        return;
      }
      session.end(event.time(), true);
      session.drop();
      session = null;
    }
    if (session == null) {
      tls.put(event.process(), event.session(), session(socket));
    }
  }

  private Tracked session(Tracked socket) {
    socket.detection.readElsewhere();
    return new Tracked(Connection.within(socket.connection));
  }

  /** Plain bytes of a session of TLS, or one of its first attempts to move some. */
  void plain(Event event) {
    now = Math.max(now, event.time());
    Tracked session = tls.of(event.process(), event.cookie());
    if (session == null) {
      Tracked socket = tls.join(event);
      if (socket == null) {
        return; // its socket is not known yet
      }
      session = session(socket);
      tls.put(event.process(), event.cookie(), session);
    } else {
      tls.passed(event.thread());
    }
    if (event.length() > 0) {
      session.read(Segments.plain(event));
    }
  }

  void plainEnded(Event event) {
    Tracked session = tls.remove(event);
    if (session != null) {
      session.end(event.time(), true);
      session.drop();
    }
  }

  private void giveUp(Tracked socket) {
    givenUp++;
    socket.unread("a connection for which there was no room");
    socket.detection.giveUp();
    socket.weigh();
    mute.accept(socket.connection.cookie());
  }

  void closed(Event event) {
    now = Math.max(now, event.time());
    closings.add(Closing.of(event));
  }

  /** Ends what has ended; {@code time} is the monotonic clock's. */
  void tick(long time) {
    now = Math.max(now, time);
    while (!closings.isEmpty() && now - closings.getFirst().time() > CLOSING_NANOS) {
      close(closings.removeFirst());
    }
    sockets.values().forEach(this::tick);
    tls.all().forEach(this::tick);
  }

  private void tick(Tracked socket) {
    if (socket.lastEvent > now - TICKED_NANOS) {
      socket.detection.tick(now);
    }
  }

  private void close(Closing closing) {
    Tracked socket = sockets.get(closing.cookie());
    injections.forget(closing.cookie());
    if (socket == null) {
      return;
    }
    if (closing.isBehind(socket.sent, socket.received)) {
      // What passed last was not told: an answer may have been in it, so none is missing for sure.
      socket.detection.giveUp();
    }
    socket.end(closing.time(), closing.wholly());
    if (closing.wholly()) {
      socket.closed = closing.time();
    }
  }

  /** Forgets sockets that have been silent for long, and those beyond the limit. */
  void expire() {
    List<Tracked> idle = new ArrayList<>();
    for (Iterator<Tracked> all = sockets.values().iterator(); all.hasNext(); ) {
      Tracked socket = all.next();
      boolean closed = socket.closed != 0 && now - socket.closed > LINGER_NANOS;
      if (closed || now - socket.lastEvent > IDLE_NANOS) {
        idle.add(socket);
        all.remove();
      }
    }
    for (Tracked socket : idle) {
      socket.end(socket.lastEvent, true);
      socket.drop();
    }
  }

  /** Ends what is said on sockets that are closed, because no more will be read. */
  void finish() {
    List<Tracked> closed = sockets.values().stream().filter(one -> one.closed != 0).toList();
    closed.forEach(socket -> socket.end(socket.closed, true));
  }

  /** The process of the target has ended, and all of its sockets with it. */
  void gone(Target target) {
    for (Tracked socket : List.copyOf(sockets.values())) {
      if (socket.connection.target().equals(target)) {
        socket.end(now, true);
        socket.drop();
        sockets.remove(socket.connection.cookie());
      }
    }
    for (Tracked session : tls.gone(target.process())) {
      session.end(now, true);
      session.drop();
    }
    correlation.gone(target);
  }

  /** One socket and what is said on it. */
  private final class Tracked implements Detection.Listener {
    private final Connection connection;
    private final Detection detection;
    private long lastEvent;
    private long closed;
    private int weight;
    private int sent;
    private int received;
    private Injections.@Nullable Injected injected;

    Tracked(Connection connection) {
      this.connection = connection;
      this.detection = new Detection(protocols, this);
    }

    /** A fault in reading one connection must not end the agent; the connection is given up. */
    void read(Segment segment) {
      lastEvent = segment.time();
      long before = requests;
      try {
        detection.segment(segment);
      } catch (RuntimeException fault) {
        faults++;
        unread("a connection whose reading failed: " + fault);
        detection.giveUp();
        mute.accept(connection.cookie());
      }
      unseen.began(connection.target(), requests - before);
      weigh();
    }

    void end(long time, boolean wholly) {
      detection.closed(time, wholly);
      weigh();
    }

    /** It is not remembered any more. */
    void drop() {
      held -= weight;
      weight = 0;
      peers.remove(connection);
    }

    private void weigh() {
      int weighs = detection.held();
      held += weighs - weight;
      weight = weighs;
    }

    @Override
    public void began(Exchange exchange) {
      requests++;
      unseen.request(connection, detection.protocol());
      correlation.began(connection, exchange, injections.context(injected, exchange));
    }

    @Override
    public void ended(Exchange exchange) {
      correlation.ended(exchange, now);
    }

    @Override
    public void abandoned(Exchange exchange) {
      abandoned++;
      unseen.abandoned(connection.target());
      correlation.abandoned(exchange);
    }

    @Override
    public void withdrawn(Exchange exchange) {
      requests--;
      unseen.withdrawn(connection, detection.protocol());
      correlation.abandoned(exchange);
    }

    @Override
    public void lost(String reason) {
      mute.accept(connection.cookie());
    }

    @Override
    public void switched() {}

    @Override
    public void unread(String what) {
      connection.notRead();
      unseen.connection(
          connection, what.equals(Strangers.TLS) ? library.unread(connection.target()) : what);
    }
  }
}
