package dev.troth.observe.http2;

import dev.troth.observe.exchange.Header;
import dev.troth.observe.stream.Segment;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Tells whether a segment in the middle of a connection begins with a frame. Frame follows frame to
 * its end, each as RFC 9113 §6 allows it, and one of them is a whole header block that asks, or
 * that answers a stream which is open.
 */
final class Middle {
  private static final int HEADER_BYTES = 9;
  private static final int MOST_PAYLOAD = 1 << 20;
  private static final int LATE_TABLE = 4_096;
  private static final int MOST_TABLE = 65_536;

  private Middle() {}

  /** Whether it holds a request. */
  static boolean asks(Segment segment) {
    return holds(
        segment,
        (stream, fields) -> {
          String method = Header.first(fields, ":method");
          return method != null && method.matches("[A-Z]{3,16}");
        });
  }

  /** Whether it holds the answer to a stream that is open. */
  static boolean answers(Segment segment, IntPredicate open) {
    return holds(
        segment,
        (stream, fields) -> {
          String status = Header.first(fields, ":status");
          boolean answer =
              status == null
                  ? fields.indexOf(HpackDecoder.UNKNOWN) == 0
                  : status.matches("[1-5][0-9][0-9]");
          return answer && open.test(stream);
        });
  }

  /** Whether it holds whole frames alone that belong to no request. */
  static boolean isControl(Segment segment) {
    byte[] b = segment.bytes();
    int at = 0;
    while (at + HEADER_BYTES <= segment.captured()) {
      Start start = Start.at(b, at);
      if (!start.isFrame() || !start.isControl()) {
        return false;
      }
      at += HEADER_BYTES + start.length;
    }
    return at == segment.length();
  }

  private interface Proof {
    boolean given(int stream, List<Header> fields);
  }

  private static boolean holds(Segment segment, Proof proof) {
    byte[] b = segment.bytes();
    boolean proven = false;
    int at = 0;
    while (at + HEADER_BYTES <= segment.captured()) {
      Start start = Start.at(b, at);
      if (!start.isFrame()) {
        return false;
      }
      int payload = at + HEADER_BYTES;
      at = payload + start.length;
      if (start.type == Frame.HEADERS && !proven) {
        if ((start.flags & Frame.END_HEADERS) == 0 || at > segment.captured()) {
          return false; // nothing is proven by a part of it
        }
        proven = isProof(start.frame(Arrays.copyOfRange(b, payload, at)), proof);
        if (!proven) {
          return false;
        }
      }
    }
    return proven;
  }

  private static boolean isProof(Frame frame, Proof proof) {
    try {
      HpackDecoder decoder = new HpackDecoder(LATE_TABLE, MOST_TABLE, true);
      return proof.given(frame.stream(), decoder.decode(frame.headerBlock()));
    } catch (IllegalArgumentException noBlock) {
      return false;
    }
  }

  /** The first nine bytes of a frame. */
  private record Start(int length, int type, int flags, int stream) {
    static Start at(byte[] b, int at) {
      return new Start(
          (b[at] & 0xff) << 16 | (b[at + 1] & 0xff) << 8 | (b[at + 2] & 0xff),
          b[at + 3],
          b[at + 4] & 0xff,
          b[at + 5] << 24
              | (b[at + 6] & 0xff) << 16
              | (b[at + 7] & 0xff) << 8
              | (b[at + 8] & 0xff));
    }

    Frame frame(byte[] payload) {
      return new Frame(type, flags, stream, payload);
    }

    boolean isControl() {
      return stream == 0 || type == Frame.WINDOW_UPDATE;
    }

    /** Whether type, flags, length and stream belong together. */
    boolean isFrame() {
      if (stream < 0 || length > MOST_PAYLOAD) {
        return false;
      }
      return switch (type) {
        case Frame.DATA -> stream % 2 == 1 && only(Frame.END_STREAM | Frame.PADDED);
        case Frame.HEADERS ->
            stream % 2 == 1
                && only(Frame.END_STREAM | Frame.END_HEADERS | Frame.PADDED | Frame.PRIORITY);
        case Frame.PRIORITY_FRAME -> length == 5 && stream != 0;
        case Frame.RST_STREAM -> length == 4 && stream != 0;
        case Frame.SETTINGS -> length % 6 == 0 && stream == 0 && only(Frame.ACK);
        case Frame.PING -> length == 8 && stream == 0 && only(Frame.ACK);
        case Frame.GOAWAY -> length >= 8 && stream == 0;
        case Frame.WINDOW_UPDATE -> length == 4 && flags == 0;
        default -> false;
      };
    }

    private boolean only(int allowed) {
      return (flags & ~allowed) == 0;
    }
  }
}
