package dev.troth.observe.exchange;

import dev.troth.observe.stream.Segment;

/**
 * Where and when a message began.
 *
 * @param position of its first byte in the stream, modulo 2^32
 * @param opposite how far the other direction had come by then
 * @param time nanoseconds of the monotonic clock
 * @param blocking whether the call that passed it waits until it is done, as one thread a request
 *     does and an event loop never does
 */
public record Place(int position, int opposite, long time, int thread, boolean blocking) {
  public static final Place NONE = new Place(0, 0, 0, 0, false);

  /** The place of a byte of a segment. */
  public static Place in(Segment segment, int at) {
    return new Place(
        segment.position() + at,
        segment.opposite(),
        segment.time(),
        segment.thread(),
        segment.blocking());
  }
}
