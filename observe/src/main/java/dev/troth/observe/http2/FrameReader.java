package dev.troth.observe.http2;

import dev.troth.observe.exchange.Place;
import dev.troth.observe.stream.Segment;
import java.io.ByteArrayOutputStream;

/**
 * Reads the frames of one direction, segment by segment (RFC 9113 §4.1). Frames that change what a
 * header block means are put together; of all others the length is enough, so bytes of theirs may
 * be missing. Anything else that is missing ends it: what follows cannot be understood.
 */
final class FrameReader {
  private static final int HEADER_BYTES = 9;
  private static final int LONGEST_BLOCK = 64 * 1024;

  /** Who is told of frames. */
  interface Frames {
    /** A frame; its payload is empty unless it is one of those that are put together. */
    void frame(Frame frame, int length, Place place, long time);

    /** Nothing more of this direction can be read. */
    void lost();
  }

  private final Frames frames;
  private final byte[] header = new byte[HEADER_BYTES];
  private final ByteArrayOutputStream payload = new ByteArrayOutputStream(0);
  private int preface;
  private int headerLength;
  private int left;
  private int length;
  private boolean kept;
  private boolean inPayload;
  private boolean lost;
  private Place place = Place.NONE;

  /**
   * @param preface the bytes before the first frame
   */
  FrameReader(int preface, Frames frames) {
    this.preface = preface;
    this.frames = frames;
  }

  int held() {
    return payload.size();
  }

  void read(Segment segment) {
    int at = 0;
    int to = segment.captured();
    while (at < to && !lost) {
      if (preface > 0) {
        int skipped = Math.min(preface, to - at);
        preface -= skipped;
        at += skipped;
      } else if (!inPayload) {
        if (headerLength == 0) {
          place = Place.in(segment, at);
        }
        header[headerLength++] = segment.bytes()[at++];
        if (headerLength == HEADER_BYTES) {
          begin(segment.time());
        }
      } else {
        int taken = Math.min(left, to - at);
        if (kept) {
          payload.write(segment.bytes(), at, taken);
        }
        at += taken;
        pass(taken, segment.time());
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
    if (!inPayload || kept || missing > left) {
      lost = true;
      frames.lost();
      return;
    }
    pass(missing, time);
  }

  private void begin(long time) {
    length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
    left = length;
    inPayload = true;
    kept =
        switch (header[3]) {
          case Frame.HEADERS, Frame.CONTINUATION, Frame.PUSH_PROMISE, Frame.RST_STREAM -> true;
          default -> false;
        };
    if (kept && length > LONGEST_BLOCK) {
      lost = true;
      frames.lost();
    } else if (left == 0) {
      end(time);
    }
  }

  private void pass(int bytes, long time) {
    left -= bytes;
    if (left == 0) {
      end(time);
    }
  }

  private void end(long time) {
    int stream =
        (header[5] & 0x7f) << 24
            | (header[6] & 0xff) << 16
            | (header[7] & 0xff) << 8
            | (header[8] & 0xff);
    Frame frame = new Frame(header[3] & 0xff, header[4] & 0xff, stream, payload.toByteArray());
    payload.reset();
    headerLength = 0;
    inPayload = false;
    frames.frame(frame, length, place, time);
  }
}
