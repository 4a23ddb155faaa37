package dev.troth.observe.kafka;

import java.nio.charset.StandardCharsets;

/** Counts records in batches (message format 2), and finds the trace context in their headers. */
final class Batches {
  private static final int BEFORE_LENGTH = 12;

  /** From the leader's epoch to the base timestamp's beginning. */
  private static final int HEADER = 61;

  private static final int MAGIC = 2;
  private static final int COMPRESSED = 0x7;
  private static final int CONTROL = 0x20;
  private static final String CONTEXT = "traceparent";
  private static final int LONGEST_CONTEXT = 128;

  /** How many records there are; what stands for all of them. */
  private long records;

  private boolean uncounted;
  private boolean mixed;
  private String context = "";
  private boolean first = true;

  /** How many records were counted, -1 if some could not be. */
  long count() {
    return uncounted ? -1 : records;
  }

  /** The trace context that every record bears, empty if they differ or one bears none. */
  String context() {
    return mixed || uncounted ? "" : context;
  }

  /** Something was not seen. */
  void missing() {
    uncounted = true;
  }

  /** Reads so many bytes of batches; the last one may be cut, as brokers do. */
  void read(Cursor in, byte[] bytes, int length) {
    int from = in.at();
    int end = from + length;
    int at = from;
    while (end - at >= HEADER && bytes.length - at >= HEADER) {
      int size = BEFORE_LENGTH + Frames.number(bytes, at + 8);
      if (size < HEADER || bytes[at + 16] != MAGIC) {
        uncounted = true;
        break;
      }
      if (size > end - at) {
        break; // a part of a batch that is sent again from its beginning
      }
      batch(bytes, at, Math.min(at + size, bytes.length), at + size);
      at += size;
    }
    if (at < end && bytes.length - at < HEADER && end - at >= HEADER) {
      uncounted = true;
    }
    in.skip(length);
  }

  private void batch(byte[] bytes, int at, int end, int wholeEnd) {
    int attributes = (bytes[at + 21] & 0xff) << 8 | (bytes[at + 22] & 0xff);
    if ((attributes & CONTROL) != 0) {
      return;
    }
    int count = Frames.number(bytes, at + 57);
    records += Math.max(0, count);
    if ((attributes & COMPRESSED) != 0 || end < wholeEnd) {
      mixed = true;
      return;
    }
    Cursor in = new Cursor(bytes, at + HEADER, false);
    for (int i = 0; i < count && !in.isShort() && in.at() < end; i++) {
      record(in, bytes);
    }
    mixed |= in.isShort();
  }

  private void record(Cursor in, byte[] bytes) {
    int length = in.zigzag();
    int end = in.at() + length;
    if (length < 0 || end > bytes.length) {
      in.skip(-1);
      return;
    }
    in.int8(); // attributes
    varlong(in); // timestamp
    in.zigzag(); // offset
    in.skip(Math.max(0, in.zigzag())); // key
    in.skip(Math.max(0, in.zigzag())); // value
    String found = "";
    int headers = in.zigzag();
    for (int i = 0; i < headers && !in.isShort() && in.at() < end; i++) {
      String name = text(in, bytes);
      String value = text(in, bytes);
      if (name.equals(CONTEXT)) {
        found = value;
      }
    }
    mixed |= found.isEmpty() || (!first && !found.equals(context));
    context = found;
    first = false;
    in.skip(end - in.at());
  }

  private static String text(Cursor in, byte[] bytes) {
    int length = in.zigzag();
    int at = in.at();
    in.skip(Math.max(0, length));
    return in.isShort() || length <= 0 || length > LONGEST_CONTEXT
        ? ""
        : new String(bytes, at, length, StandardCharsets.US_ASCII);
  }

  private static void varlong(Cursor in) {
    for (int i = 0; i < 10 && (in.int8() & 0x80) != 0; i++) {
      // each byte says whether one follows
    }
  }
}
