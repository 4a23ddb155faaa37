package dev.troth.observe.agent;

import dev.troth.observe.capture.Event;
import dev.troth.observe.capture.EventKind;
import dev.troth.observe.exchange.Exchange;
import dev.troth.observe.span.TraceParent;
import dev.troth.observe.stream.Call;
import dev.troth.observe.stream.Segment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The trace contexts that the kernel wrote into messages: told before the message itself is, whose
 * bytes are those that the process gave. Put together they are what was sent. Not thread-safe.
 */
final class Injections {
  /** How many wait for their message; each does for a moment. */
  private static final int MOST = 8_192;

  /**
   * A line that was put into a message.
   *
   * @param position where the message begins in the stream
   * @param before the bytes of the message before the line
   * @param first whether the message is the first of its connection
   */
  record Injected(int position, int before, byte[] line, TraceParent context, boolean first) {}

  private final Map<Long, Injected> waiting = new LinkedHashMap<>();
  private long written;

  /** A line was put into the message that this connection is about to send. */
  void add(Event event) {
    byte[] line = Arrays.copyOf(event.bytes, event.captured());
    String text = new String(line, StandardCharsets.US_ASCII);
    Optional<TraceParent> context = TraceParent.parse(text.substring(text.indexOf(':') + 1));
    if (context.isEmpty()) {
      throw new IllegalStateException("the kernel wrote '" + text + "', expected a traceparent");
    }
    waiting.put(
        event.cookie(),
        new Injected(event.sent(), event.length(), line, context.get(), event.fresh()));
    if (waiting.size() > MOST) {
      waiting.remove(waiting.keySet().iterator().next());
    }
  }

  /** The line that was put into the message of this event, if one was. */
  @Nullable Injected of(Event event) {
    if (waiting.isEmpty() || event.kind() != EventKind.SENT) {
      return null;
    }
    Injected injected = waiting.get(event.cookie());
    if (injected == null
        || event.sent() - event.length() - injected.line.length != injected.position
        || event.length() < injected.before
        || event.captured() < injected.before) {
      return null;
    }
    waiting.remove(event.cookie());
    return injected;
  }

  /** What was written into the request, if it is the one that the line was put into. */
  @Nullable TraceParent context(@Nullable Injected injected, Exchange exchange) {
    if (injected == null || injected.position != exchange.position()) {
      return null;
    }
    written++;
    return injected.context;
  }

  /** Requests into which a context was written. */
  long written() {
    return written;
  }

  /** No message of this connection comes any more. */
  void forget(long cookie) {
    waiting.remove(cookie);
  }

  /** The segment as it was sent. */
  static Segment whole(Segment given, @Nullable Injected injected) {
    if (injected == null) {
      return given;
    }
    byte[] line = injected.line;
    int before = injected.before;
    byte[] bytes = new byte[given.captured() + line.length];
    System.arraycopy(given.bytes(), 0, bytes, 0, before);
    System.arraycopy(line, 0, bytes, before, line.length);
    System.arraycopy(given.bytes(), before, bytes, before + line.length, given.captured() - before);
    return new Segment(
        given.direction(),
        bytes,
        bytes.length,
        given.length() + line.length,
        given.tail(),
        injected.position,
        given.opposite(),
        given.time(),
        new Call(given.thread(), injected.first, given.blocking()));
  }
}
