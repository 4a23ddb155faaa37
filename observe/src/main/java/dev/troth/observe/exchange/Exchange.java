package dev.troth.observe.exchange;

import org.jspecify.annotations.Nullable;

/**
 * One request and what became of it, in any protocol. Filled by its conversation: the request at
 * the beginning, the response when it comes, the outcome at the end. Not thread-safe.
 */
public final class Exchange {
  /** How an exchange ended. */
  public enum Outcome {
    /** Not yet. */
    OPEN,
    /** The response was seen to its last byte. */
    COMPLETE,
    /** The response's beginning was seen; where it ends could not be told. */
    HEAD_ONLY,
    /** The connection, or this exchange alone, ended before the response was complete. */
    ABORTED,
    /** The response switched to another protocol, or opened a tunnel. */
    SWITCHED
  }

  private final Role role;
  private final Place place;
  private final @Nullable String context;
  private Facts facts;
  private Place response = Place.NONE;
  private boolean responded;
  private boolean hidden;
  private Outcome outcome = Outcome.OPEN;
  private long end;
  private long requestBytes;
  private long responseBytes;

  /**
   * @param context the {@code traceparent} that came with the request, if one did
   */
  public Exchange(Role role, Place place, Facts facts, @Nullable String context) {
    this.role = role;
    this.place = place;
    this.facts = facts;
    this.context = context;
  }

  public Role role() {
    return role;
  }

  public Facts facts() {
    return facts;
  }

  /** The trace context that came with the request, as it was written, or {@code null}. */
  public @Nullable String context() {
    return context;
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

  /** Whether a response was seen. */
  public boolean hasResponse() {
    return responded;
  }

  /** When the response began, in monotonic nanoseconds; 0 without a response. */
  public long responseTime() {
    return response.time();
  }

  /**
   * Where the request began in the stream, modulo 2^32. In a TCP stream it is the same number at
   * both ends of a connection.
   */
  public int position() {
    return place.position();
  }

  /** How far the direction of the responses had come when the request passed. */
  public int after() {
    return place.opposite();
  }

  /** The thread that read or wrote the beginning of the request. */
  public int requestThread() {
    return place.thread();
  }

  /** Whether that thread waits in its calls, as {@link Place#blocking} has it. */
  public boolean blocking() {
    return place.blocking();
  }

  /** The thread that wrote or read the beginning of the response. */
  public int responseThread() {
    return response.thread();
  }

  /** Bytes of the request's body that passed. */
  public long requestBytes() {
    return requestBytes;
  }

  /** Bytes of the response's body that passed. */
  public long responseBytes() {
    return responseBytes;
  }

  public void requestBody(long bytes) {
    requestBytes = bytes;
  }

  /**
   * Whether a part of what was asked or answered could not be understood, because that takes what
   * passed before the conversation was taken up.
   */
  public boolean isHidden() {
    return hidden;
  }

  /** A part of it could not be understood. */
  public void hides() {
    hidden = true;
  }

  /** A response began; its facts take the place of those of the request alone. */
  public void responded(Facts answered, Place at) {
    facts = answered;
    response = at;
    responded = true;
  }

  /** What is known now, after the response has begun. */
  public void learned(Facts more) {
    facts = more;
  }

  public void ended(Outcome how, long time, long bytes) {
    outcome = how;
    end = time;
    responseBytes = bytes;
  }
}
