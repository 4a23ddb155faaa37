package dev.troth.watch.row;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Messages of pgoutput, written by hand from the chapter on their formats. */
final class Messages {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  /** Something that is written. */
  interface Part {
    void to(DataOutputStream out) throws IOException;
  }

  static ByteBuffer message(Part... parts) {
    Messages message = new Messages();
    try {
      for (Part part : parts) {
        part.to(message.out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(message.bytes.toByteArray());
  }

  static Part letter(char letter) {
    return out -> out.writeByte(letter);
  }

  static Part int8(int number) {
    return out -> out.writeByte(number);
  }

  static Part int16(int number) {
    return out -> out.writeShort(number);
  }

  static Part int32(int number) {
    return out -> out.writeInt(number);
  }

  static Part int64(long number) {
    return out -> out.writeLong(number);
  }

  static Part string(String text) {
    return out -> {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.writeByte(0);
    };
  }

  /** A row: a text, null for SQL's null, or "\0u" for what is not sent. */
  static Part row(@Nullable String... cells) {
    return out -> {
      out.writeShort(cells.length);
      for (@Nullable String cell : cells) {
        if (cell == null) {
          out.writeByte('n');
        } else if (cell.equals("\0u")) {
          out.writeByte('u');
        } else {
          out.writeByte('t');
          byte[] text = cell.getBytes(StandardCharsets.UTF_8);
          out.writeInt(text.length);
          out.write(text);
        }
      }
    };
  }

  static ByteBuffer begin(long commit) {
    return message(letter('B'), int64(commit), int64(0), int32(7));
  }

  static ByteBuffer commit(long end) {
    return message(letter('C'), int8(0), int64(end - 8), int64(end), int64(0));
  }

  /** Table shop.orders (id int4, note text) by its key or by whole rows. */
  static ByteBuffer orders(char identity) {
    return message(
        letter('R'),
        int32(99),
        string("shop"),
        string("orders"),
        letter(identity),
        int16(2),
        int8(1),
        string("id"),
        int32(23),
        int32(-1),
        int8(identity == 'f' ? 1 : 0),
        string("note"),
        int32(25),
        int32(-1));
  }

  static ByteBuffer insert(String... cells) {
    return message(letter('I'), int32(99), letter('N'), row(cells));
  }
}
