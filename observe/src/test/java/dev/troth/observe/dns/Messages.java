package dev.troth.observe.dns;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Messages as they pass. */
final class Messages {
  private Messages() {}

  static byte[] question(int id, String name, int type) {
    return message(id, 0x0100, name, type, 0, new byte[0]);
  }

  /** An answer with this code and so many addresses. */
  static byte[] answer(int id, String name, int code, int addresses) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int i = 0; i < addresses; i++) {
      records.writeBytes(
          new byte[] {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, (byte) i});
    }
    return message(id, 0x8180 | code, name, 1, addresses, records.toByteArray());
  }

  static byte[] message(int id, int flags, String name, int type, int answers, byte[] records) {
    ByteBuffer out = ByteBuffer.allocate(1_024 + records.length);
    out.putShort((short) id).putShort((short) flags).putShort((short) 1);
    out.putShort((short) answers).putShort((short) 0).putShort((short) 0);
    for (String label : name.split("\\.", -1)) {
      out.put((byte) label.length()).put(label.getBytes(StandardCharsets.ISO_8859_1));
    }
    out.put((byte) 0).putShort((short) type).putShort((short) 1).put(records);
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  /** With its length before it, as in TCP. */
  static byte[] framed(byte[] message) {
    return ByteBuffer.allocate(message.length + 2)
        .putShort((short) message.length)
        .put(message)
        .array();
  }
}
