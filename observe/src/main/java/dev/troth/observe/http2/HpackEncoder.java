package dev.troth.observe.http2;

import dev.troth.observe.exchange.Header;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Encodes header blocks (RFC 7541 §6) by the static table where it has the name, else as literals;
 * nothing enters the dynamic table. Some receivers know pseudo-header fields by their index alone.
 */
public final class HpackEncoder {
  private static final int INDEXED = 0x80;

  private HpackEncoder() {}

  public static byte[] encode(List<Header> headers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Header header : headers) {
      int same = StaticTable.index(header);
      if (same > 0) {
        integer(out, INDEXED, 7, same);
        continue;
      }
      int name = StaticTable.indexOfName(header.name());
      integer(out, 0, 4, name);
      if (name == 0) {
        string(out, header.name());
      }
      string(out, header.value());
    }
    return out.toByteArray();
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    integer(out, 0, 7, bytes.length);
    out.writeBytes(bytes);
  }

  /** An integer behind the flags of its first byte, with a prefix of so many bits (§5.1). */
  private static void integer(ByteArrayOutputStream out, int flags, int prefix, int value) {
    int mask = (1 << prefix) - 1;
    if (value < mask) {
      out.write(flags | value);
      return;
    }
    out.write(flags | mask);
    int rest = value - mask;
    while (rest >= 0x80) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
