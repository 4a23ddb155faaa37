package dev.troth.observe.http2;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A frame (RFC 9113 §4.1): type, flags, stream and payload. */
public final class Frame {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  static final int PRIORITY_FRAME = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PUSH_PROMISE = 5;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;

  /** Flags: END_STREAM of data and headers, ACK of settings and ping. */
  public static final int END_STREAM = 0x1;

  public static final int ACK = 0x1;
  public static final int END_HEADERS = 0x4;
  public static final int PADDED = 0x8;
  public static final int PRIORITY = 0x20;

  private static final int HEADER_BYTES = 9;
  private static final int PRIORITY_BYTES = 5;
  private static final int STREAM_BYTES = 4;

  private final int type;
  private final int flags;
  private final int stream;
  private final byte[] payload;

  public Frame(int type, int flags, int stream, byte[] payload) {
    this.type = type;
    this.flags = flags;
    this.stream = stream;
    this.payload = payload;
  }

  public int type() {
    return type;
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  public int stream() {
    return stream;
  }

  /** The payload itself, not a copy. */
  public byte[] payload() {
    return payload;
  }

  /** An unsigned 31-bit number in the payload. */
  public int number(int at) {
    if (payload.length < at + 4) {
      return 0;
    }
    return (payload[at] & 0x7f) << 24
        | (payload[at + 1] & 0xff) << 16
        | (payload[at + 2] & 0xff) << 8
        | (payload[at + 3] & 0xff);
  }

  /** The payload of a HEADERS frame without padding and priority. */
  public byte[] headerBlock() {
    return unpadded("HEADERS", has(PRIORITY) ? PRIORITY_BYTES : 0);
  }

  /** The header block of a PUSH_PROMISE frame, without padding and the promised stream. */
  byte[] promisedBlock() {
    return unpadded("PUSH_PROMISE", STREAM_BYTES);
  }

  /** The payload behind the number of padding bytes and {@code fields} more, without padding. */
  private byte[] unpadded(String name, int fields) {
    boolean padded = has(PADDED);
    int from = fields + (padded ? 1 : 0);
    int to = payload.length - (padded && payload.length > 0 ? payload[0] & 0xff : 0);
    if (from > to) {
      throw new IllegalArgumentException("a %s frame is padded beyond its end".formatted(name));
    }
    return java.util.Arrays.copyOfRange(payload, from, to);
  }

  public void writeTo(OutputStream out) throws IOException {
    int length = payload.length;
    byte[] bytes = new byte[HEADER_BYTES + length];
    bytes[0] = (byte) (length >>> 16);
    bytes[1] = (byte) (length >>> 8);
    bytes[2] = (byte) length;
    bytes[3] = (byte) type;
    bytes[4] = (byte) flags;
    for (int i = 0; i < 4; i++) {
      bytes[5 + i] = (byte) (stream >>> (24 - 8 * i));
    }
    System.arraycopy(payload, 0, bytes, HEADER_BYTES, length);
    out.write(bytes);
  }

  /** Reads the next frame of at most {@code limit} bytes of payload. */
  public static Frame read(InputStream in, int limit) throws IOException {
    byte[] header = in.readNBytes(HEADER_BYTES);
    if (header.length < HEADER_BYTES) {
      throw new EOFException("the connection ended");
    }
    int length = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
    if (length > limit) {
      throw new IOException("a frame has " + length + " bytes, expected at most " + limit);
    }
    byte[] payload = in.readNBytes(length);
    if (payload.length < length) {
      throw new EOFException("the connection ended within a frame");
    }
    int stream =
        (header[5] & 0x7f) << 24
            | (header[6] & 0xff) << 16
            | (header[7] & 0xff) << 8
            | (header[8] & 0xff);
    return new Frame(header[3] & 0xff, header[4] & 0xff, stream, payload);
  }
}
