package dev.troth.observe.agent;

import dev.troth.observe.capture.Event;
import dev.troth.observe.capture.EventKind;
import dev.troth.observe.span.Ends;
import dev.troth.observe.stream.Call;
import dev.troth.observe.stream.Direction;
import dev.troth.observe.stream.Segment;

/** Makes segments of what the kernel told. */
final class Segments {
  private Segments() {}

  /** What passed on a socket. */
  static Segment of(Event event) {
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
        new Call(event.thread(), event.fresh(), event.blocking()));
  }

  /** The two ends of the socket. */
  static Ends ends(Event event) {
    return new Ends(
        event.local(), event.localPort(), event.remote(), event.remotePort(), event.network());
  }

  /** What passed by a call of TLS. */
  static Segment plain(Event event) {
    boolean received = event.kind() == EventKind.TLS_RECEIVED;
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
        new Call(event.thread(), false, false));
  }
}
