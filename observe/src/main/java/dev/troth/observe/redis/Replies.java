package dev.troth.observe.redis;

import dev.troth.observe.exchange.Place;
import dev.troth.observe.stream.Segment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads values of RESP 2 and 3, one after the other, of either side. Bytes within a text of known
 * length may be missing; a byte of anything else that is missing ends it.
 */
final class Replies {
  private static final int LONGEST_LINE = 64 * 1024;

  /** How much is kept of a line and of a text. */
  private static final int KEPT = 64;

  private static final long MOST_ELEMENTS = 1L << 31;

  /** Who is told of values. */
  interface Receiver {
    /** A value begins. */
    void began(char type, Place place);

    /** One of the first two texts of a value, or a line of an error, as far as it is kept. */
    void text(int index, String text);

    /** The value is read to its end. */
    void ended(long time);

    /** What follows cannot be understood. */
    void lost();
  }

  private final Receiver receiver;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(0);
  private final ByteArrayOutputStream text = new ByteArrayOutputStream(0);
  private char type;
  private int lineLength;
  private long elements;
  private long data;
  private int index;
  private boolean lost;

  Replies(Receiver receiver) {
    this.receiver = receiver;
  }

  int held() {
    return line.size() + text.size();
  }

  /** The next byte begins a value. */
  void begin() {
    lost = false;
    elements = 0;
    data = 0;
    lineLength = 0;
    line.reset();
    text.reset();
  }

  /** Whether a value has begun and not ended. */
  boolean isWithin() {
    return elements > 0;
  }

  /** Reads nothing until {@link #begin}. */
  void stop() {
    lost = true;
    line.reset();
    text.reset();
  }

  void read(Segment segment) {
    int at = 0;
    int to = segment.captured();
    while (at < to && !lost) {
      if (data > 0) {
        int taken = (int) Math.min(data, to - at);
        keep(segment.bytes(), at, taken);
        at += taken;
        pass(taken, segment.time());
        continue;
      }
      byte next = segment.bytes()[at];
      if (lineLength == 0 && elements == 0) {
        index = 0;
        elements = 1;
        receiver.began((char) next, Place.in(segment, at));
        if (lost) {
          return;
        }
      }
      at++;
      if (lineLength++ == 0) {
        type = (char) next;
      } else if (line.size() < KEPT) {
        line.write(next);
      }
      if (next == '\n') {
        line(segment.time());
      } else if (lineLength > LONGEST_LINE) {
        lose();
      }
    }
    if (segment.missing() > 0) {
      skip(segment.missing(), segment.time());
    }
  }

  /** Passes over bytes that are not known. */
  void skip(int missing, long time) {
    if (lost) {
      return;
    }
    if (missing > data || (index == 0 && data > 0)) {
      lose(); // what a command is called must be known
    } else {
      pass(missing, time);
    }
  }

  private void line(long time) {
    String words = line.toString(StandardCharsets.US_ASCII).stripTrailing();
    line.reset();
    lineLength = 0;
    switch (type) {
      case '+', ':', '_', '#', ',', '(' -> element(time);
      case '-' -> {
        tell(words);
        element(time);
      }
      case '$', '=', '!' -> {
        long length = number(words);
        if (length < 0) {
          element(time);
        } else {
          data = length + 2;
        }
      }
      case '*', '~', '>' -> aggregate(number(words), time);
      case '%' -> aggregate(2 * number(words), time);
      default -> lose();
    }
  }

  private void aggregate(long count, long time) {
    if (lost) {
      return;
    }
    elements += Math.max(0, count);
    if (elements > MOST_ELEMENTS) {
      lose();
    } else {
      element(time);
    }
  }

  private void keep(byte[] bytes, int at, int taken) {
    if (index < 2 && text.size() < KEPT) {
      text.write(bytes, at, Math.min(taken, KEPT - text.size()));
    }
  }

  private void pass(int bytes, long time) {
    data -= bytes;
    if (data == 0) {
      tell(text.toString(StandardCharsets.US_ASCII).stripTrailing());
      text.reset();
      element(time);
    }
  }

  private void tell(String words) {
    if (index < 2) {
      receiver.text(index++, words);
    }
  }

  private void element(long time) {
    if (!lost && --elements == 0) {
      receiver.ended(time);
    }
  }

  private long number(String words) {
    if (!words.matches("-1|[0-9]{1,10}")) {
      lose();
      return -1;
    }
    return Long.parseLong(words);
  }

  private void lose() {
    if (!lost) {
      lost = true;
      receiver.lost();
    }
  }
}
