package dev.troth.observe.kafka;

import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of a message whose end may be missing. Behind the last byte, and after a value
 * that cannot be, everything is 0 and {@link #isShort} says so.
 */
final class Cursor {
  private static final int LONGEST_NAME = 32_767;

  private final byte[] bytes;
  private final int end;
  private final boolean flexible;
  private int at;
  private boolean isShort;

  /**
   * @param flexible whether lengths are written in as few bytes as they need, with one added, and
   *     structures end with tagged fields (KIP-482)
   */
  Cursor(byte[] bytes, int at, boolean flexible) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.at = at;
    this.flexible = flexible;
  }

  boolean isShort() {
    return isShort;
  }

  int at() {
    return at;
  }

  private long number(int width) {
    if (isShort || end - at < width) {
      isShort = true;
      return 0;
    }
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = value << 8 | (bytes[at++] & 0xff);
    }
    return value;
  }

  int int8() {
    return (byte) number(1);
  }

  int int16() {
    return (short) number(2);
  }

  int int32() {
    return (int) number(4);
  }

  long int64() {
    return number(8);
  }

  /** An unsigned number of at most five bytes, the lowest seven bits first. */
  int varint() {
    int value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int next = (int) number(1);
      value |= (next & 0x7f) << shift;
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    isShort = true;
    return 0;
  }

  /** A signed number, as records have them: the sign is its lowest bit. */
  int zigzag() {
    int value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Passes over bytes. */
  void skip(long count) {
    if (isShort || count < 0 || count > end - at) {
      isShort = true;
      at = end;
    } else {
      at += (int) count;
    }
  }

  /** The number of elements; -1 for none at all. */
  int elements() {
    return flexible ? varint() - 1 : int32();
  }

  /** The number of bytes of records; -1 for none at all. */
  int recordBytes() {
    return elements();
  }

  /** A text, empty for none. */
  String text() {
    int length = flexible ? varint() - 1 : int16();
    if (length <= 0) {
      return "";
    }
    if (length > LONGEST_NAME || length > end - at) {
      isShort = true;
      return "";
    }
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  /** The end of a structure. */
  void tags() {
    if (!flexible) {
      return;
    }
    int count = varint();
    for (int i = 0; i < count && !isShort; i++) {
      varint();
      skip(Integer.toUnsignedLong(varint()));
    }
  }
}
