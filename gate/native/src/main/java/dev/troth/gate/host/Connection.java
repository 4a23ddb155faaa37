package dev.troth.gate.host;

import org.jspecify.annotations.Nullable;

/** What the loop knows of one client. Without a request under way it holds no buffer. */
final class Connection {
  final int socket;

  /** The neighbours in the order of {@link Connections}. */
  @Nullable Connection older;

  @Nullable Connection newer;

  /**
   * The beginning of a request whose rest has not come yet, or requests that wait for an answer.
   */
  byte @Nullable [] request;

  int requestLength;

  /** The end of a response that the client has not taken yet. */
  byte @Nullable [] response;

  int responseFrom;
  boolean closing;
  boolean ended;
  long deadlineMillis;
  long activeMillis;

  Connection(int socket) {
    this.socket = socket;
  }

  /** Whether it is between requests. */
  boolean isIdle() {
    return request == null && response == null;
  }
}
