package dev.troth.observe.btf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes small BTF: what the kernel asks for beside a socket-storage map, and test fixtures. */
public final class BtfWriter {
  /** A field of a structure; the offset is in bytes. */
  public record Field(String name, int type, int offset) {}

  private final ByteArrayOutputStream types = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> offsets = new HashMap<>();
  private int count;

  public BtfWriter() {
    strings.write(0);
    offsets.put("", 0);
  }

  /** An integer of so many bytes; returns its type number, as every method here. */
  public int integer(String name, int bytes) {
    return type(name, Kind.INT, 0, bytes, bytes * 8);
  }

  public int array(int element, int index, int length) {
    return type("", Kind.ARRAY, 0, 0, element, index, length);
  }

  public int typedef(String name, int of) {
    return type(name, Kind.TYPEDEF, 0, of);
  }

  /** A function, of which the name alone is told. */
  public int function(String name) {
    return type(name, Kind.FUNCTION, 0, 0);
  }

  public int structure(String name, int bytes, List<Field> fields) {
    return composite(Kind.STRUCT, name, bytes, fields);
  }

  public int union(String name, int bytes, List<Field> fields) {
    return composite(Kind.UNION, name, bytes, fields);
  }

  private int composite(Kind kind, String name, int bytes, List<Field> fields) {
    int[] extra = new int[fields.size() * 3];
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      extra[3 * i] = string(field.name);
      extra[3 * i + 1] = field.type;
      extra[3 * i + 2] = field.offset * 8;
    }
    return type(name, kind, fields.size(), bytes, extra);
  }

  /** The finished section, little-endian. */
  public byte[] bytes() {
    int header = 24;
    return ByteBuffer.allocate(header + types.size() + strings.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) 0xeb9f)
        .put((byte) 1)
        .put((byte) 0)
        .putInt(header)
        .putInt(0)
        .putInt(types.size())
        .putInt(types.size())
        .putInt(strings.size())
        .put(types.toByteArray())
        .put(strings.toByteArray())
        .array();
  }

  private int type(String name, Kind kind, int members, int sizeOrType, int... extra) {
    ByteBuffer record =
        ByteBuffer.allocate(Kind.HEADER_BYTES + 4 * extra.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(string(name)).putInt(kind.code << 24 | members).putInt(sizeOrType);
    for (int word : extra) {
      record.putInt(word);
    }
    types.writeBytes(record.array());
    return ++count;
  }

  private int string(String value) {
    return offsets.computeIfAbsent(
        value,
        added -> {
          int at = strings.size();
          strings.writeBytes(added.getBytes(StandardCharsets.UTF_8));
          strings.write(0);
          return at;
        });
  }
}
