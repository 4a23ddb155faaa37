package dev.troth.observe.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and what became of it. Filled by its conversation: the request at the beginning, the
 * response when it comes, the outcome at the end.
 */
public final class Exchange {
  /** How an exchange ended. */
  public enum Outcome {
    /** Not yet. */
    OPEN,
    /** The response was seen to its last byte. */
    COMPLETE,
    /** The response's head was seen; where its body ends could not be told. */
    HEAD_ONLY,
    /** The connection ended before the response was complete. */
    ABORTED,
    /** The response switched to another protocol, or opened a tunnel. */
    SWITCHED
  }

  private final Role role;
  private final Head.Request request;
  private final MessageReader.HeadPlace place;
  private Head.@Nullable Response response;
  private Outcome outcome = Outcome.OPEN;
  private long responseTime;
  private int responseThread;
  private long end;
  private long requestBytes;
  private long responseBytes;

  Exchange(Role role, Head.Request request, MessageReader.HeadPlace place) {
    this.role = role;
    this.request = request;
    this.place = place;
  }

  public Role role() {
    return role;
  }

  public Head.Request request() {
    return request;
  }

  public Optional<Head.Response> response() {
    return Optional.ofNullable(response);
  }

  public Outcome outcome() {
    return outcome;
  }

  /** When the first byte of the request passed, in monotonic nanoseconds. */
  public long start() {
    return place.time();
  }

  /** When the last byte of the response passed, or as near to it as could be told. */
  public long end() {
    return end;
  }

  /** When the response began, in monotonic nanoseconds; 0 without a response. */
  public long responseTime() {
    return responseTime;
  }

  /**
   * Where the request began in the TCP stream, modulo 2^32: the same number at both ends of a
   * connection.
   */
  public int position() {
    return place.position();
  }

  /** The thread that read or wrote the beginning of the request. */
  public int requestThread() {
    return place.thread();
  }

  /** The thread that wrote or read the beginning of the response. */
  public int responseThread() {
    return responseThread;
  }

  /** Bytes of the request's body that passed. */
  public long requestBytes() {
    return requestBytes;
  }

  /** Bytes of the response's body that passed. */
  public long responseBytes() {
    return responseBytes;
  }

  /** How far the direction of the responses had come when the request passed. */
  int after() {
    return place.opposite();
  }

  void requestBody(long bytes) {
    requestBytes = bytes;
  }

  void responded(Head.Response head, MessageReader.HeadPlace at) {
    response = head;
    responseTime = at.time();
    responseThread = at.thread();
  }

  void ended(Outcome how, long time, long bytes) {
    outcome = how;
    end = time;
    responseBytes = bytes;
  }
}
