package dev.troth.observe.stream;

import java.util.Arrays;

/**
 * The bytes of one read or write on a socket. Only the first {@link #captured} of {@link #length}
 * are known, and perhaps the last few as {@link #tail}.
 *
 * @param position where the first byte lies in the stream, modulo 2^32
 * @param opposite how far the other direction had come when the call had returned; may already
 *     include bytes that passed a moment after this segment
 * @param time nanoseconds of the monotonic clock
 */
@SuppressWarnings("ArrayRecordComponent") // a view of reused memory, never compared
public record Segment(
    Direction direction,
    byte[] bytes,
    int captured,
    int length,
    byte[] tail,
    int position,
    int opposite,
    long time,
    Call call) {

  /** The thread that read or wrote it. */
  public int thread() {
    return call.thread();
  }

  /** Whether nothing had passed in this direction before. */
  public boolean fresh() {
    return call.fresh();
  }

  /** Whether the call waits until it is done; an event loop's never do. */
  public boolean blocking() {
    return call.blocking();
  }

  /** The bytes that follow the captured ones. */
  public int missing() {
    return length - captured;
  }

  /** The position behind the last byte. */
  public int end() {
    return position + length;
  }

  /** A copy with bytes of its own, to be kept. */
  public Segment copy() {
    return new Segment(
        direction,
        Arrays.copyOf(bytes, captured),
        captured,
        length,
        tail,
        position,
        opposite,
        time,
        call);
  }
}
