package dev.troth.observe.kafka;

import dev.troth.observe.exchange.Place;
import dev.troth.observe.stream.Segment;
import java.io.ByteArrayOutputStream;

/**
 * Cuts one direction into messages: four bytes of length, then the message. Of a message the first
 * bytes are kept, as many as its receiver wants; what is missing behind them does no harm.
 */
final class Frames {
  private static final int LENGTH_BYTES = 4;

  /** What is enough to tell what a message is. */
  static final int HEAD = 320;

  private static final int LONGEST = 1 << 28;

  /** Who is told of messages. */
  interface Receiver {
    /** How many bytes to keep of a message that begins so; less than 0 if it cannot be one. */
    int wanted(byte[] head, int length);

    /**
     * A message is over.
     *
     * @param kept its first bytes
     */
    void message(byte[] kept, int length, Place place, long time);

    /** Bytes are missing that may have held the end of a message, or what came was none. */
    void lost();
  }

  private final Receiver receiver;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream(0);
  private final byte[] size = new byte[LENGTH_BYTES];
  private int sizeBytes;
  private boolean inContent;
  private boolean asked;
  private boolean lost = true;
  private int length;
  private int left;
  private int keep;
  private Place place = Place.NONE;

  Frames(Receiver receiver) {
    this.receiver = receiver;
  }

  static int number(byte[] b, int at) {
    return (b[at] & 0xff) << 24
        | (b[at + 1] & 0xff) << 16
        | (b[at + 2] & 0xff) << 8
        | (b[at + 3] & 0xff);
  }

  boolean isLost() {
    return lost;
  }

  int held() {
    return content.size();
  }

  /** The next byte begins a message again. */
  void resume() {
    lost = false;
    inContent = false;
    sizeBytes = 0;
    content.reset();
  }

  /** The next byte begins a message of this length, whose own length was not seen. */
  void resumeWithin(int bytes, Place at) {
    resume();
    place = at;
    begin(bytes);
  }

  void read(Segment segment) {
    int at = 0;
    int to = segment.captured();
    while (at < to && !lost) {
      if (inContent) {
        int taken = Math.min(left, to - at);
        int kept = Math.min(taken, Math.max(0, keep - content.size()));
        content.write(segment.bytes(), at, kept);
        at += kept;
        pass(kept, segment.time());
        if (kept < taken && !lost && inContent && content.size() >= keep) {
          at += taken - kept;
          pass(taken - kept, segment.time());
        }
      } else {
        if (sizeBytes == 0) {
          place = Place.in(segment, at);
        }
        size[sizeBytes++] = segment.bytes()[at++];
        if (sizeBytes == LENGTH_BYTES) {
          begin(number(size, 0));
        }
      }
    }
    if (segment.missing() > 0) {
      skip(segment.missing(), segment.time());
    }
  }

  /** Passes over bytes that are not known: the rest of a message may be among them. */
  void skip(int missing, long time) {
    if (lost) {
      return;
    }
    boolean known = asked || content.size() >= Header.SHORTEST;
    if (!inContent || missing > left || !known) {
      lose();
      return;
    }
    keep = content.size();
    pass(0, time); // what is there may be enough to tell what it is
    if (!lost && inContent) {
      keep = content.size();
      pass(missing, time);
    }
  }

  private void begin(int bytes) {
    if (bytes < LENGTH_BYTES || bytes > LONGEST) {
      lose();
      return;
    }
    sizeBytes = 0;
    length = bytes;
    left = bytes;
    keep = Math.min(bytes, HEAD);
    inContent = true;
    asked = false;
  }

  private void pass(int bytes, long time) {
    left -= bytes;
    if (!asked && content.size() >= keep) {
      asked = true;
      int wanted = receiver.wanted(content.toByteArray(), length);
      if (wanted < 0) {
        lose();
        return;
      }
      keep = Math.max(keep, Math.min(length, wanted));
    }
    if (left == 0 && !lost) {
      byte[] kept = content.toByteArray();
      content.reset();
      inContent = false;
      receiver.message(kept, length, place, time);
    }
  }

  private void lose() {
    lost = true;
    inContent = false;
    content.reset();
    receiver.lost();
  }
}
