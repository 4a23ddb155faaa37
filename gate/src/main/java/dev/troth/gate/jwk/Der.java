package dev.troth.gate.jwk;

import dev.troth.gate.core.Bytes;

/** Reads one element after the other of a DER sequence (X.690), as far as public keys need it. */
final class Der {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;

  /** {@code [0] EXPLICIT}: the version of a certificate. */
  static final int CONTEXT_0 = 0xA0;

  private final byte[] bytes;
  private int at;
  private int end;
  private int contentFrom;
  private int contentTo;

  Der(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    at = from;
    end = to;
  }

  boolean isAtEnd() {
    return at == end;
  }

  boolean isNext(int tag) {
    return at < end && (bytes[at] & 0xFF) == tag;
  }

  /** Passes over an element of a tag; whether there was one, whole and of the shortest length. */
  boolean skip(int tag) {
    if (!isNext(tag) || end - at < 2) {
      return false;
    }
    int length = bytes[at + 1] & 0xFF;
    int from = at + 2;
    if (length >= 0x80) {
      int size = length & 0x7F;
      if (size == 0 || size > 3 || end - from < size) {
        return false;
      }
      length = 0;
      for (int i = 0; i < size; i++) {
        length = (length << 8) | (bytes[from++] & 0xFF);
      }
      if (length < (size == 1 ? 0x80 : 1 << (8 * (size - 1)))) {
        return false;
      }
    }
    if (length > end - from) {
      return false;
    }
    contentFrom = from;
    contentTo = from + length;
    at = contentTo;
    return true;
  }

  /** Goes on inside of the next element. */
  boolean enter(int tag) {
    if (!skip(tag)) {
      return false;
    }
    at = contentFrom;
    end = contentTo;
    return true;
  }

  /** The end of what {@link #enter} entered. */
  int to() {
    return end;
  }

  /** The content of the element that was passed over. */
  byte[] content() {
    byte[] content = new byte[contentTo - contentFrom];
    System.arraycopy(bytes, contentFrom, content, 0, content.length);
    return content;
  }

  boolean isContent(byte[] expected) {
    return Bytes.equal(bytes, contentFrom, contentTo, expected);
  }

  /** A reader of the element that was passed over, from a byte of its content on. */
  Der inside(int from) {
    return new Der(bytes, Math.min(contentFrom + from, contentTo), contentTo);
  }

  /** The content of a positive integer without its sign; empty if it is none. */
  byte[] unsigned() {
    if (!skip(INTEGER) || contentFrom == contentTo || bytes[contentFrom] < 0) {
      return new byte[0];
    }
    int zeros = bytes[contentFrom] == 0 && contentTo - contentFrom > 1 ? 1 : 0;
    byte[] number = new byte[contentTo - contentFrom - zeros];
    System.arraycopy(bytes, contentFrom + zeros, number, 0, number.length);
    return number;
  }
}
