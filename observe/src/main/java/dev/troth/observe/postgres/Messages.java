package dev.troth.observe.postgres;

import dev.troth.observe.exchange.Place;
import dev.troth.observe.stream.Segment;
import java.io.ByteArrayOutputStream;

/**
 * Reads the messages of one direction, segment by segment: a byte that names the type, a length,
 * and what follows; the first messages of a client have no type. Of most the length is enough, so
 * bytes of theirs may be missing.
 */
final class Messages {
  /** What stands for the type of a message that has none. */
  static final byte STARTUP = 0;

  static final int PROTOCOL_3 = 3 << 16;
  static final int SSL_REQUEST = 80_877_103;
  static final int GSS_REQUEST = 80_877_104;

  private static final int LONGEST = 1 << 30;
  private static final String CLIENT_TYPES = "QPBEDCSHXFpdcf";
  private static final int STATEMENT_BYTES = 2_048;
  private static final int SHORT_BYTES = 512;

  /** Who is told of messages. */
  interface Receiver {
    /** A message, with as much of its content as its type is kept with. */
    void message(byte type, byte[] content, int length, Place place, long time);

    /** Bytes are missing that may have held messages. */
    void lost();
  }

  private final Receiver receiver;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream(0);
  private final byte[] header = new byte[5];
  private boolean typed;
  private int headerLength;
  private int length;
  private int left;
  private int keep;
  private boolean inContent;
  private boolean lost;
  private Place place = Place.NONE;

  /**
   * @param typed whether messages begin with their type from the first one on
   */
  Messages(boolean typed, Receiver receiver) {
    this.typed = typed;
    this.receiver = receiver;
  }

  boolean isLost() {
    return lost;
  }

  int held() {
    return content.size();
  }

  /** Whether no message has begun and not ended. */
  boolean atBoundary() {
    return !inContent && headerLength == 0;
  }

  /** The next byte begins a message again. */
  void resume(boolean withType) {
    typed = withType;
    lost = false;
    inContent = false;
    headerLength = 0;
    content.reset();
  }

  void read(Segment segment) {
    int at = 0;
    int to = segment.captured();
    while (at < to && !lost) {
      if (inContent) {
        int taken = Math.min(left, to - at);
        content.write(segment.bytes(), at, Math.min(taken, Math.max(0, keep - content.size())));
        at += taken;
        pass(taken, segment.time());
      } else {
        if (headerLength == 0) {
          place = Place.in(segment, at);
          headerLength = typed ? 0 : 1;
          header[0] = STARTUP;
        }
        header[headerLength++] = segment.bytes()[at++];
        if (headerLength == header.length) {
          begin(segment.time());
        }
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
    boolean harmless = inContent && missing <= left && content.size() >= keep;
    if (!harmless) {
      lose();
      return;
    }
    pass(missing, time);
  }

  private void lose() {
    lost = true;
    content.reset();
    receiver.lost();
  }

  private void begin(long time) {
    length = number(header, 1) - 4;
    if (length < 0 || length > LONGEST) {
      lose();
      return;
    }
    left = length;
    keep = Math.min(length, kept(header[0]));
    inContent = true;
    if (left == 0) {
      end(time);
    }
  }

  /** Passwords and rows are passed over. */
  private int kept(byte type) {
    return switch (type) {
      case 'Q', 'P' -> STATEMENT_BYTES;
      case STARTUP, 'B', 'E', 'C', 'Z' -> SHORT_BYTES;
      default -> 0;
    };
  }

  private void pass(int bytes, long time) {
    left -= bytes;
    if (left == 0) {
      end(time);
    }
  }

  private void end(long time) {
    byte[] kept = content.toByteArray();
    byte type = header[0];
    content.reset();
    inContent = false;
    headerLength = 0;
    if (type == STARTUP && kept.length >= 4 && number(kept, 0) >>> 16 == PROTOCOL_3 >>> 16) {
      typed = true;
    }
    receiver.message(type, kept, length, place, time);
  }

  static int number(byte[] b, int at) {
    return (b[at] & 0xff) << 24
        | (b[at + 1] & 0xff) << 16
        | (b[at + 2] & 0xff) << 8
        | (b[at + 3] & 0xff);
  }

  /** Whether a segment is a client's first message. */
  static boolean isStartup(byte[] b, int captured, int length) {
    if (captured < 8 || number(b, 0) != length) {
      return false;
    }
    int code = number(b, 4);
    boolean asks = code == SSL_REQUEST || code == GSS_REQUEST;
    return asks ? length == 8 : code >>> 16 == PROTOCOL_3 >>> 16 && length > 8;
  }

  /** Whether a segment is one or several whole messages of a client that asks for something. */
  static boolean areQueries(byte[] b, int captured, int length) {
    if (captured < 5 || (b[0] != 'Q' && b[0] != 'P' && b[0] != 'B')) {
      return false;
    }
    long at = 0;
    byte last = 0;
    while (at + 5 <= captured) {
      int size = number(b, (int) at + 1);
      last = b[(int) at];
      if (size < 4 || CLIENT_TYPES.indexOf(last) < 0) {
        return false;
      }
      at += 1L + size;
    }
    // A long query may be cut; several messages must be there to their end.
    boolean whole = captured == length && (last == 'Q' || last == 'S' || last == 'H');
    return at == length && (whole || b[0] == 'Q');
  }
}
