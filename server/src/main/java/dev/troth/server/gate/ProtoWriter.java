package dev.troth.server.gate;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes a protobuf message field by field, by the fields' numbers. */
final class ProtoWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  /** What one write does. */
  @FunctionalInterface
  private interface Write {
    void to(CodedOutputStream out) throws IOException;
  }

  ProtoWriter message(int field, ProtoWriter message) {
    return write(stream -> stream.writeByteArray(field, message.toBytes()));
  }

  /** A text; an empty one is the default, which is not written. */
  ProtoWriter text(int field, String text) {
    return text.isEmpty() ? this : write(stream -> stream.writeString(field, text));
  }

  /** A number or an enum; 0 is the default, which is not written. */
  ProtoWriter number(int field, int number) {
    return number == 0 ? this : write(stream -> stream.writeInt32(field, number));
  }

  byte[] toBytes() {
    write(CodedOutputStream::flush);
    return bytes.toByteArray();
  }

  private ProtoWriter write(Write write) {
    try {
      write.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }
}
