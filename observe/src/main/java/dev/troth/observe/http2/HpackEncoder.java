package dev.troth.observe.http2;

import dev.troth.observe.http.Header;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Encodes header blocks as plain literals that enter no table: correct for every receiver. */
public final class HpackEncoder {
  private HpackEncoder() {}

  public static byte[] encode(List<Header> headers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Header header : headers) {
      out.write(0);
      string(out, header.name());
      string(out, header.value());
    }
    return out.toByteArray();
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int mask = 0x7f;
    if (bytes.length < mask) {
      out.write(bytes.length);
    } else {
      out.write(mask);
      int rest = bytes.length - mask;
      while (rest >= 0x80) {
        out.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }
}
