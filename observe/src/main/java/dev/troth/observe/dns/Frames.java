package dev.troth.observe.dns;

import dev.troth.observe.exchange.Place;
import dev.troth.observe.stream.Segment;
import java.io.ByteArrayOutputStream;

/** Cuts a stream into messages by the length before each; bytes within one may be missing. */
final class Frames {
  private static final int LENGTH_BYTES = 2;

  /** Who is told of messages. */
  interface Receiver {
    /** The bytes of a message up to the first that is missing. */
    void message(byte[] bytes, Place place, long time);
  }

  private final Receiver receiver;
  private final ByteArrayOutputStream known = new ByteArrayOutputStream(0);
  private Place place = Place.NONE;

  /** How many bytes of this message and its length have passed. */
  private int passed;

  private int length;
  private boolean cut;
  private boolean lost;

  Frames(Receiver receiver) {
    this.receiver = receiver;
  }

  /** Whether missing bytes have hidden where the next message begins. */
  boolean isLost() {
    return lost;
  }

  int held() {
    return known.size();
  }

  /** The next byte is the first one behind a length that was read by itself. */
  void behindLength(int bytes, Place before) {
    passed = LENGTH_BYTES;
    length = bytes;
    place = before;
  }

  void read(Segment segment) {
    byte[] bytes = segment.bytes();
    for (int at = 0; at < segment.captured(); at++) {
      if (passed == 0) {
        place = Place.in(segment, at);
      }
      if (passed < LENGTH_BYTES) {
        length = passed == 0 ? (bytes[at] & 0xff) << 8 : length | (bytes[at] & 0xff);
      } else if (!cut) {
        known.write(bytes[at]);
      }
      pass(1, segment.time());
    }
    skip(segment.missing(), segment.time());
  }

  /** Passes over bytes that are not known. */
  void skip(int missing, long time) {
    if (missing == 0 || lost) {
      return;
    }
    if (passed < LENGTH_BYTES || missing > LENGTH_BYTES + length - passed) {
      lost = true;
      known.reset();
      return;
    }
    cut = true;
    pass(missing, time);
  }

  private void pass(int bytes, long time) {
    passed += bytes;
    if (passed >= LENGTH_BYTES && passed == LENGTH_BYTES + length) {
      byte[] message = known.toByteArray();
      known.reset();
      passed = 0;
      cut = false;
      receiver.message(message, place, time);
    }
  }
}
