package dev.troth.observe.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The functions of an ELF file of 64 bits (System V gABI, chapter 4) by their names, with where
 * they lie in the file. The file is mapped, not read: an executable may have 100 MB.
 */
public final class ElfSymbols {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64 = 2;
  private static final int HEADER_BYTES = 64;
  private static final int SYMBOL_TABLE = 2;
  private static final int DYNAMIC_SYMBOLS = 11;
  private static final int LOADED = 1;
  private static final int FUNCTION = 2;
  private static final int SYMBOL_BYTES = 24;

  private final MemorySegment file;

  private ElfSymbols(MemorySegment file) {
    this.file = file;
  }

  /** Those of the named functions that the file has, with their offsets in it. */
  public static Map<String, Long> offsets(Path path, List<String> names) throws IOException {
    return read(path, elf -> elf.find(names));
  }

  static <T> T read(Path path, Function<ElfSymbols, T> reading) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return reading.apply(
          new ElfSymbols(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena)));
    } catch (IndexOutOfBoundsException cut) {
      throw new IOException(path + " is no whole ELF file", cut);
    }
  }

  /** Where the first instruction of an executable lies in it. */
  public static long entry(Path path) throws IOException {
    return read(path, elf -> elf.offset(elf.u64(24)));
  }

  /** Whether it is a file of 64 bits for this processor. */
  boolean isExecutableOf(int processor) {
    return isElf() && u16(18) == processor;
  }

  private boolean isElf() {
    return file.byteSize() >= HEADER_BYTES
        && file.get(U32, 0) == MAGIC
        && file.get(ValueLayout.JAVA_BYTE, 4) == CLASS_64;
  }

  /** Where the first section with one of these names lies in the file. */
  Optional<Long> section(Set<String> names) {
    long sections = u64(40);
    int size = u16(58);
    int count = u16(60);
    if (count == 0) {
      return Optional.empty();
    }
    long texts = u64(sections + (long) u16(62) * size + 24);
    for (int i = 0; i < count; i++) {
      long section = sections + (long) i * size;
      long text = texts + Integer.toUnsignedLong(u32(section));
      for (String name : names) {
        if (isText(text, (name + "\0").getBytes(StandardCharsets.US_ASCII))) {
          return Optional.of(u64(section + 24));
        }
      }
    }
    return Optional.empty();
  }

  private Map<String, Long> find(List<String> names) {
    Map<String, Long> found = new HashMap<>();
    if (!isElf()) {
      return found;
    }
    Map<String, byte[]> wanted = new HashMap<>();
    names.forEach(name -> wanted.put(name, (name + "\0").getBytes(StandardCharsets.US_ASCII)));
    long sections = u64(40);
    int size = u16(58);
    int count = u16(60);
    for (int i = 0; i < count; i++) {
      long section = sections + (long) i * size;
      int type = file.get(U32, section + 4);
      if (type == DYNAMIC_SYMBOLS || type == SYMBOL_TABLE) {
        long texts = u64(sections + (long) file.get(U32, section + 40) * size + 24);
        symbols(u64(section + 24), u64(section + 32), texts, wanted, found);
      }
    }
    return found;
  }

  private void symbols(
      long from, long bytes, long texts, Map<String, byte[]> wanted, Map<String, Long> found) {
    for (long at = from; at < from + bytes && !wanted.isEmpty(); at += SYMBOL_BYTES) {
      long value = u64(at + 8);
      if (value == 0 || (file.get(ValueLayout.JAVA_BYTE, at + 4) & 0xf) != FUNCTION) {
        continue;
      }
      long text = texts + Integer.toUnsignedLong(file.get(U32, at));
      wanted
          .entrySet()
          .removeIf(entry -> {
            boolean same = isText(text, entry.getValue());
            if (same) {
              found.put(entry.getKey(), offset(value));
            }
            return same;
          });
    }
  }

  boolean isText(long at, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (file.get(ValueLayout.JAVA_BYTE, at + i) != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** From an address in memory to the place in the file. */
  long offset(long address) {
    long headers = u64(32);
    int size = u16(54);
    int count = u16(56);
    for (int i = 0; i < count; i++) {
      long header = headers + (long) i * size;
      long begin = u64(header + 16);
      if (file.get(U32, header) == LOADED
          && address >= begin
          && address < begin + u64(header + 32)) {
        return address - begin + u64(header + 8);
      }
    }
    return address;
  }

  private int u16(long at) {
    return file.get(U16, at) & 0xffff;
  }

  byte u8(long at) {
    return file.get(ValueLayout.JAVA_BYTE, at);
  }

  int u32(long at) {
    return file.get(U32, at);
  }

  long u64(long at) {
    return file.get(U64, at);
  }
}
