package dev.troth.observe.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes protobuf's wire format: {@code int mark = begin(2); text(1, "x"); end(mark);}. Fields of
 * default value are left to the caller.
 */
final class ProtoWriter {
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int FIXED32 = 5;

  private static final int FIRST = 4_096;
  private static final int MOST_KEPT = 1 << 20;

  private byte[] bytes = new byte[FIRST];
  private int length;

  void varint(int field, long value) {
    tag(field, 0);
    varint(value);
  }

  void fixed64(int field, long value) {
    tag(field, FIXED64);
    little(value, 8);
  }

  void fixed32(int field, int value) {
    tag(field, FIXED32);
    little(value, 4);
  }

  void real(int field, double value) {
    fixed64(field, Double.doubleToRawLongBits(value));
  }

  /** A byte field that holds big-endian numbers, as ids do. */
  void id(int field, long... words) {
    tag(field, DELIMITED);
    varint(8L * words.length);
    for (long word : words) {
      little(Long.reverseBytes(word), 8);
    }
  }

  void text(int field, String value) {
    int mark = begin(field);
    int size = value.length();
    room(3 * size);
    for (int i = 0; i < size; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        byte[] rest = value.substring(i).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(rest, 0, bytes, length, rest.length);
        length += rest.length;
        break;
      }
      bytes[length++] = (byte) c;
    }
    end(mark);
  }

  /** A nested message that is written already. */
  void bytes(int field, byte[] message) {
    tag(field, DELIMITED);
    varint(message.length);
    room(message.length);
    System.arraycopy(message, 0, bytes, length, message.length);
    length += message.length;
  }

  /** Begins a nested message or a packed field; the result goes to {@link #end}. */
  int begin(int field) {
    tag(field, DELIMITED);
    room(1);
    return length++;
  }

  void end(int mark) {
    int size = length - mark - 1;
    int extra = varintBytes(size) - 1;
    if (extra > 0) {
      room(extra);
      System.arraycopy(bytes, mark + 1, bytes, mark + 1 + extra, size);
    }
    length = mark;
    varint(size);
    length += size;
  }

  /** A number inside a packed field of doubles or fixed64. */
  void packed64(long bits) {
    little(bits, 8);
  }

  /** Forgets what was written and keeps the room for it, unless that is unusually large. */
  void clear() {
    length = 0;
    if (bytes.length > MOST_KEPT) {
      bytes = new byte[FIRST];
    }
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void tag(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  private void varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  private static int varintBytes(int value) {
    int count = 1;
    for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
      count++;
    }
    return count;
  }

  private void little(long value, int count) {
    room(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) (value >>> (8 * i));
    }
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
