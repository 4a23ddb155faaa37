package dev.troth.observe.memcached;

import dev.troth.observe.exchange.Place;
import dev.troth.observe.stream.Segment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Reads lines, and passes over the data behind some of them, of which bytes may be missing. */
final class Lines {
  private static final int LONGEST = 2_100;

  /** Who is told of lines. */
  interface Receiver {
    /** A line without its end; the answer is how many bytes of data follow. */
    int line(String line, Place place, long time);

    /** Whether the last bytes of what was not seen end all that is open. */
    boolean ends(byte[] tail, long time);

    /** What is missing may have held lines. */
    void lost();
  }

  private final Receiver receiver;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(0);
  private int data;
  private boolean lost;
  private Place place = Place.NONE;

  Lines(Receiver receiver) {
    this.receiver = receiver;
  }

  boolean isLost() {
    return lost;
  }

  int held() {
    return line.size();
  }

  /** The next byte begins a line again. */
  void resume() {
    lost = false;
    data = 0;
    line.reset();
  }

  void read(Segment segment) {
    int at = 0;
    int to = segment.captured();
    while (at < to && !lost) {
      if (data > 0) {
        int taken = Math.min(data, to - at);
        at += taken;
        pass(taken);
        continue;
      }
      if (line.size() == 0) {
        place = Place.in(segment, at);
      }
      byte next = segment.bytes()[at++];
      line.write(next);
      if (next == '\n') {
        String text = line.toString(StandardCharsets.US_ASCII).stripTrailing();
        line.reset();
        data = Math.max(0, receiver.line(text, place, segment.time()));
      } else if (line.size() > LONGEST) {
        lose();
      }
    }
    if (segment.missing() > data && !lost && receiver.ends(segment.tail(), segment.time())) {
      data = 0; // the last line was seen at the end of what was not
    } else if (segment.missing() > 0) {
      skip(segment.missing());
    }
  }

  /** Passes over bytes that are not known. */
  void skip(int missing) {
    if (lost) {
      return;
    }
    if (missing > data) {
      lose();
    } else {
      pass(missing);
    }
  }

  private void pass(int bytes) {
    data -= bytes;
  }

  private void lose() {
    lost = true;
    line.reset();
    receiver.lost();
  }
}
