package dev.troth.observe.otlp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the fields of one protobuf message; what it cannot read fails the test. */
final class ProtoReader {
  private final ByteBuffer bytes;

  ProtoReader(byte[] message) {
    this.bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** All values of the field at the end of a path of nested messages. */
  List<byte[]> all(int... path) {
    List<byte[]> found = new ArrayList<>();
    ByteBuffer rest = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (rest.hasRemaining()) {
      long tag = varint(rest);
      byte[] value = value(rest, (int) tag & 7);
      if (tag >>> 3 == path[0]) {
        if (path.length == 1) {
          found.add(value);
        } else {
          int[] below = java.util.Arrays.copyOfRange(path, 1, path.length);
          found.addAll(new ProtoReader(value).all(below));
        }
      }
    }
    return found;
  }

  List<String> texts(int... path) {
    return all(path).stream().map(text -> new String(text, StandardCharsets.UTF_8)).toList();
  }

  /** Of fixed64 fields, and of packed ones one after the other. */
  List<Long> longs(int... path) {
    List<Long> numbers = new ArrayList<>();
    for (byte[] value : all(path)) {
      ByteBuffer buffer = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
      while (buffer.hasRemaining()) {
        numbers.add(buffer.getLong());
      }
    }
    return numbers;
  }

  private static byte[] value(ByteBuffer rest, int wireType) {
    int length =
        switch (wireType) {
          case 0 -> {
            varint(rest);
            yield 0;
          }
          case 1 -> 8;
          case 2 -> (int) varint(rest);
          case 5 -> 4;
          default -> throw new AssertionError("wire type " + wireType);
        };
    byte[] value = new byte[length];
    rest.get(value);
    return value;
  }

  private static long varint(ByteBuffer rest) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = rest.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
