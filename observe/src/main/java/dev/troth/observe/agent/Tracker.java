package dev.troth.observe.agent;

import dev.troth.observe.capture.Event;
import dev.troth.observe.capture.EventKind;
import dev.troth.observe.discovery.Target;
import dev.troth.observe.http.Exchange;
import dev.troth.observe.http.Exchanges;
import dev.troth.observe.http.HeadParser;
import dev.troth.observe.http.HttpConversation;
import dev.troth.observe.span.Connection;
import dev.troth.observe.span.Correlation;
import dev.troth.observe.stream.Conversation;
import dev.troth.observe.stream.Direction;
import dev.troth.observe.stream.Segment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets that are watched: gives each event to the conversation of its socket, ends
 * conversations in time, and tells {@link Correlation} of their exchanges. Not thread-safe.
 */
final class Tracker {
  /** The state of a TCP connection in which nothing can pass any more. */
  private static final int TCP_CLOSE = 7;

  /** How long an end waits, so that data told of by other processors comes first. */
  private static final long CLOSING_NANOS = 60_000_000;

  /** How long a closed socket is kept: after a reset a slow process may still read from it. */
  private static final long LINGER_NANOS = 5_000_000_000L;

  /** How many sockets are remembered at most; beyond it the longest idle one goes. */
  private static final int MOST_SOCKETS = 50_000;

  /** How long a socket may be silent before it is forgotten; its next request begins it anew. */
  private static final long IDLE_NANOS = 600_000_000_000L;

  private final IntFunction<@Nullable Target> targets;
  private final Correlation correlation;
  private final HeadParser parser;
  private final LongConsumer mute;
  private final Map<Long, Tracked> sockets = new HashMap<>();
  private final Deque<Closing> closings = new ArrayDeque<>();
  private long now;
  private long requests;
  private long abandoned;

  private record Closing(long cookie, long time, boolean wholly) {}

  Tracker(
      IntFunction<@Nullable Target> targets,
      Correlation correlation,
      HeadParser parser,
      LongConsumer mute) {
    this.targets = targets;
    this.correlation = correlation;
    this.parser = parser;
    this.mute = mute;
  }

  /** The requests that were seen. */
  long requests() {
    return requests;
  }

  /** The requests whose outcome was lost together with events. */
  long abandoned() {
    return abandoned;
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
        return;
      }
      socket = new Tracked(connection(event, target));
      sockets.put(event.cookie(), socket);
    }
    socket.lastEvent = event.time();
    socket.conversation.segment(segment(event));
  }

  private static Segment segment(Event event) {
    boolean received = event.kind() == EventKind.RECEIVED;
    int end = received ? event.received() : event.sent();
    return new Segment(
        received ? Direction.RECEIVED : Direction.SENT,
        event.bytes,
        event.captured(),
        event.length(),
        event.tail(),
        end - event.length(),
        received ? event.sent() : event.received(),
        event.time(),
        event.thread(),
        event.fresh());
  }

  private static Connection connection(Event event, Target target) {
    return new Connection(
        target,
        event.cookie(),
        event.local(),
        event.localPort(),
        event.remote(),
        event.remotePort(),
        event.network());
  }

  void closed(Event event) {
    now = Math.max(now, event.time());
    closings.add(new Closing(event.cookie(), event.time(), event.length() == TCP_CLOSE));
  }

  /** Ends what has ended; {@code time} is the monotonic clock's. */
  void tick(long time) {
    now = Math.max(now, time);
    while (!closings.isEmpty() && now - closings.getFirst().time > CLOSING_NANOS) {
      close(closings.removeFirst());
    }
    for (Tracked socket : sockets.values()) {
      if (socket.lastEvent > now - 1_000_000_000L) {
        socket.conversation.tick(now);
      }
    }
  }

  private void close(Closing closing) {
    Tracked socket = sockets.get(closing.cookie);
    if (socket == null) {
      return;
    }
    socket.conversation.closed(closing.time, closing.wholly);
    if (closing.wholly) {
      socket.closed = closing.time;
    }
  }

  /** Forgets sockets that have been silent for long, and those beyond the limit. */
  void expire() {
    long limit = sockets.size() > MOST_SOCKETS ? IDLE_NANOS / 20 : IDLE_NANOS;
    List<Tracked> idle = new ArrayList<>();
    for (Iterator<Tracked> all = sockets.values().iterator(); all.hasNext(); ) {
      Tracked socket = all.next();
      boolean closed = socket.closed != 0 && now - socket.closed > LINGER_NANOS;
      if (closed || now - socket.lastEvent > limit) {
        idle.add(socket);
        all.remove();
      }
    }
    idle.forEach(socket -> socket.conversation.closed(socket.lastEvent, true));
  }

  /** Ends what is said on sockets that are closed, because no more will be read. */
  void finish() {
    for (Tracked socket : sockets.values()) {
      if (socket.closed != 0) {
        socket.conversation.closed(socket.closed, true);
      }
    }
  }

  /** The process of the target has ended, and all of its sockets with it. */
  void gone(Target target) {
    for (Tracked socket : List.copyOf(sockets.values())) {
      if (socket.connection.target().equals(target)) {
        socket.conversation.closed(now, true);
        sockets.remove(socket.connection.cookie());
      }
    }
    correlation.gone(target);
  }

  /** One socket and what is said on it. */
  private final class Tracked implements Exchanges {
    private final Connection connection;
    private final Conversation conversation;
    private long lastEvent;
    private long closed;

    Tracked(Connection connection) {
      this.connection = connection;
      this.conversation = new HttpConversation(parser, this);
    }

    @Override
    public void began(Exchange exchange) {
      requests++;
      correlation.began(connection, exchange);
    }

    @Override
    public void ended(Exchange exchange) {
      correlation.ended(exchange, now);
    }

    @Override
    public void abandoned(Exchange exchange) {
      abandoned++;
      correlation.abandoned(exchange);
    }

    @Override
    public void mute() {
      mute.accept(connection.cookie());
    }
  }
}
