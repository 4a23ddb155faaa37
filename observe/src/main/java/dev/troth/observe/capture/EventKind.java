package dev.troth.observe.capture;

import java.util.List;

/** What an event tells; the code is its place in the list. */
public enum EventKind {
  /** A target read from a socket. */
  RECEIVED,
  /** A target wrote to a socket. */
  SENT,
  /** This side has ended a connection, or both have. */
  CLOSED,
  /** A process began to listen on a port. */
  LISTENING,
  /** A target forked; the child is a target from its first instruction. */
  FORKED,
  /** A process started another program. */
  EXECUTED,
  /** A target ended. */
  EXITED;

  private static final List<EventKind> ALL = List.of(values());

  int code() {
    return ordinal();
  }

  static EventKind of(int code) {
    return ALL.get(code);
  }
}
