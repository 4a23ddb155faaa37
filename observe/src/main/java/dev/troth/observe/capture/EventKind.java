package dev.troth.observe.capture;

import java.util.List;

/** What an event tells; the code is what the programs write. */
public enum EventKind {
  /** A target read from a socket. */
  RECEIVED(0),
  /** A target wrote to a socket. */
  SENT(1),
  /** This side has ended a connection, or both have. */
  CLOSED(2),
  /** A process began to listen on a port. */
  LISTENING(3),
  /** A target forked; the child is a target from its first instruction. */
  FORKED(4),
  /** A process started another program. */
  EXECUTED(5),
  /** A target ended. */
  EXITED(6),
  /** A target asks its TLS for plain bytes, or got some; the socket is another event's. */
  TLS_RECEIVED(7),
  /** A target gives its TLS plain bytes, or it took some. */
  TLS_SENT(8),
  /** A session of TLS is over. */
  TLS_ENDED(9),
  /** A target read a datagram. */
  DATAGRAM_RECEIVED(10),
  /** A target wrote a datagram. */
  DATAGRAM_SENT(11),
  /** A trace context was put into a head that a target is about to send. */
  INJECTED(12),
  /** A target is about to write to its output or to a file that it appends to. */
  LOGGED(13);

  private static final List<EventKind> ALL = List.of(values());

  private final int code;

  EventKind(int code) {
    this.code = code;
  }

  /** What the programs write for it. */
  public int code() {
    return code;
  }

  static EventKind of(int code) {
    return ALL.get(code);
  }
}
