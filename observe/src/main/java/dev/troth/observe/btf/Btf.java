package dev.troth.observe.btf;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The types of one kernel, read from the bytes of {@code /sys/kernel/btf/vmlinux}: a header, a
 * stream of type records numbered from 1, and their strings (kernel documentation, BTF §2).
 *
 * <p>It answers two questions: the number of a type, and the byte offset of a field, also through
 * anonymous structures and unions. Keeps the bytes, about 5 MB for a whole kernel. Not thread-safe.
 */
public final class Btf {
  private static final int MAGIC = 0xeb9f;
  private static final int MEMBER_BYTES = 12;

  private final byte[] bytes;
  private final int strings;
  private final int stringsEnd;

  /** Where each type record begins, by type number; 0 is void. */
  private final int[] records;

  /** The kernel nests nameless structures a handful deep. */
  private static final int MOST_NESTED = 32;

  /** What was looked for before; a look through a whole kernel takes a few milliseconds. */
  private final Map<String, OptionalInt> found = new HashMap<>();

  private Btf(byte[] bytes, int strings, int stringsEnd, int[] records) {
    this.bytes = bytes;
    this.strings = strings;
    this.stringsEnd = stringsEnd;
    this.records = records;
  }

  /** Reads little-endian BTF; {@link IllegalArgumentException} says what is wrong with it. */
  public static Btf parse(byte[] bytes) {
    if (bytes.length < 24 || u16(bytes, 0) != MAGIC) {
      throw new IllegalArgumentException("not BTF: expected a header of 24 bytes with magic eb9f");
    }
    int header = i32(bytes, 4);
    long types = (long) header + i32(bytes, 8);
    long typesEnd = types + i32(bytes, 12);
    long strings = (long) header + i32(bytes, 16);
    long stringsEnd = strings + i32(bytes, 20);
    if (types < 24
        || typesEnd < types
        || typesEnd > bytes.length
        || strings < 24
        || stringsEnd <= strings
        || stringsEnd > bytes.length) {
      throw new IllegalArgumentException(
          "BTF sections (types to %d, strings to %d) do not lie in its %d bytes"
              .formatted(typesEnd, stringsEnd, bytes.length));
    }
    if (bytes[(int) stringsEnd - 1] != 0) {
      throw new IllegalArgumentException("BTF strings do not end with a zero");
    }
    int[] records = index(bytes, (int) types, (int) typesEnd);
    return new Btf(bytes, (int) strings, (int) stringsEnd, records);
  }

  private static int[] index(byte[] bytes, int types, int end) {
    int[] records = new int[1 + (end - types) / 24];
    int count = 1;
    int at = types;
    while (at < end) {
      if (count == records.length) {
        records = Arrays.copyOf(records, count * 2);
      }
      records[count++] = at;
      if (end - at < Kind.HEADER_BYTES) {
        throw new IllegalArgumentException("BTF type " + (count - 1) + " is cut off");
      }
      int info = i32(bytes, at + 4);
      at += Kind.HEADER_BYTES + Kind.extraBytes(info >>> 24 & 31, info & 0xffff, count - 1);
    }
    if (at != end) {
      throw new IllegalArgumentException("BTF type " + (count - 1) + " is cut off");
    }
    return Arrays.copyOf(records, count);
  }

  /** The number of types, void not counted. */
  public int size() {
    return records.length - 1;
  }

  /** The number of the first type of this kind and name. */
  public OptionalInt find(Kind kind, String name) {
    return found.computeIfAbsent(kind + " " + name, unknown -> search(kind, name));
  }

  private OptionalInt search(Kind kind, String name) {
    int offset = stringOffset(name);
    if (offset < 0) {
      return OptionalInt.empty();
    }
    for (int type = 1; type < records.length; type++) {
      if (i32(bytes, records[type]) == offset && kindOf(type) == kind.code) {
        return OptionalInt.of(type);
      }
    }
    return OptionalInt.empty();
  }

  /** The byte offset of a field: {@code offset("sock", "__sk_common.skc_num")}. */
  public int offset(String structure, String path) {
    return offsetIfPresent(structure, path)
        .orElseThrow(() ->
            new NoSuchElementException("this kernel's BTF has no field " + structure + "." + path));
  }

  /** As {@link #offset}, or empty when the structure or a field of the path is not there. */
  public OptionalInt offsetIfPresent(String structure, String path) {
    OptionalInt found = find(Kind.STRUCT, structure);
    if (found.isEmpty()) {
      return OptionalInt.empty();
    }
    int type = found.getAsInt();
    int offset = 0;
    for (String field : path.split("\\.", -1)) {
      Optional<Member> member = member(type, field);
      if (member.isEmpty()) {
        return OptionalInt.empty();
      }
      offset += member.get().offset;
      type = member.get().type;
    }
    return OptionalInt.of(offset);
  }

  private record Member(int offset, int type) {}

  private Optional<Member> member(int structure, String name) {
    return member(structure, name, MOST_NESTED);
  }

  private Optional<Member> member(int structure, String name, int deeper) {
    if (deeper == 0) {
      throw new IllegalArgumentException("BTF type " + structure + " contains itself");
    }
    int type = resolve(structure);
    if (!isStructure(type)) {
      return Optional.empty();
    }
    int record = records[type];
    int info = i32(bytes, record + 4);
    boolean bitfields = info < 0;
    for (int i = 0; i < (info & 0xffff); i++) {
      int at = record + Kind.HEADER_BYTES + MEMBER_BYTES * i;
      int bits = i32(bytes, at + 8);
      int offset = (bitfields ? bits & 0xffffff : bits) / 8;
      int memberType = i32(bytes, at + 4);
      int nameOffset = i32(bytes, at);
      if (nameOffset != 0 && hasString(nameOffset, name)) {
        return Optional.of(new Member(offset, memberType));
      }
      if (nameOffset == 0 && isStructure(resolve(memberType))) {
        Optional<Member> inner = member(memberType, name, deeper - 1);
        if (inner.isPresent()) {
          return Optional.of(new Member(offset + inner.get().offset, inner.get().type));
        }
      }
    }
    return Optional.empty();
  }

  /** Follows typedefs and qualifiers to the type itself. */
  private int resolve(int type) {
    int at = type;
    for (int hops = 0; hops < 64; hops++) {
      if (at < 0 || at >= records.length) {
        throw new IllegalArgumentException("BTF names type " + at + " of " + size());
      }
      if (at == 0 || !Kind.isAlias(kindOf(at))) {
        return at;
      }
      at = i32(bytes, records[at] + 8);
    }
    throw new IllegalArgumentException("BTF type " + type + " is an alias of itself");
  }

  private boolean isStructure(int type) {
    return type != 0 && (kindOf(type) == Kind.STRUCT.code || kindOf(type) == Kind.UNION.code);
  }

  private int kindOf(int type) {
    return i32(bytes, records[type] + 4) >>> 24 & 31;
  }

  /** The offset of a string in its section, or -1. Each string is stored once. */
  private int stringOffset(String name) {
    int length = name.length();
    int at = strings;
    while (at < stringsEnd) {
      int begin = at;
      while (bytes[at] != 0) {
        at++;
      }
      if (at - begin == length && hasString(begin - strings, name)) {
        return begin - strings;
      }
      at++;
    }
    return -1;
  }

  private boolean hasString(int offset, String name) {
    if (offset < 0 || (long) strings + offset + name.length() >= stringsEnd) {
      return false;
    }
    int at = strings + offset;
    for (int i = 0; i < name.length(); i++) {
      if (bytes[at + i] != name.charAt(i)) {
        return false;
      }
    }
    return bytes[at + name.length()] == 0;
  }

  private static int u16(byte[] b, int at) {
    return (b[at] & 0xff) | ((b[at + 1] & 0xff) << 8);
  }

  private static int i32(byte[] b, int at) {
    return u16(b, at) | (u16(b, at + 2) << 16);
  }
}
