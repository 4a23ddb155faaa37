package dev.troth.server.guard;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The escapes of an address: bytes written as {@code %HH}. */
final class Escapes {
  private Escapes() {}

  /** Whether the bytes of each run of escapes are UTF-8; what is no escape is passed over. */
  static boolean areText(String written) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < written.length(); i++) {
      int high = written.charAt(i) == '%' ? digit(written, i + 1) : -1;
      int low = high < 0 ? -1 : digit(written, i + 2);
      if (low < 0) {
        bytes.write('x'); // ends a run of escapes, as any character does
      } else {
        bytes.write(high * 16 + low);
        i += 2;
      }
    }
    try {
      var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray()));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static int digit(String written, int at) {
    return at < written.length() ? Character.digit(written.charAt(at), 16) : -1;
  }
}
