package dev.troth.observe.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where functions of a Go program begin and return, by the table that the runtime itself walks
 * stacks with: it is there without symbols, too, and it knows each instruction at which the stack
 * is as the caller left it. Read for programs of Go 1.18 and later on x86-64, whose functions take
 * their arguments in registers.
 */
public final class GoFunctions {
  /**
   * A function, by places in the file.
   *
   * @param returns the instructions that return from it
   */
  public record Function(long begin, List<Long> returns) {
    public Function {
      returns = List.copyOf(returns);
    }
  }

  private static final Set<String> TABLES = Set.of(".gopclntab", ".data.rel.ro.gopclntab");
  private static final int MAGIC_118 = 0xfffffff0;
  private static final int MAGIC_120 = 0xfffffff1;
  private static final int X86_64 = 62;
  private static final int WORD = 8;
  private static final int ENTRY_BYTES = 8;
  private static final byte RETURN = (byte) 0xc3;
  private static final int LONGEST_TABLE = 100_000;

  private final ElfSymbols elf;

  /** Where the table begins in the file, and its parts. */
  private final long table;

  private final long text;
  private final long names;
  private final long counters;
  private final long functions;

  private GoFunctions(ElfSymbols elf, long table) {
    this.elf = elf;
    this.table = table;
    this.text = elf.u64(table + 3 * WORD);
    this.names = table + elf.u64(table + 4 * WORD);
    this.counters = table + elf.u64(table + 7 * WORD);
    this.functions = table + elf.u64(table + 8 * WORD);
  }

  /** Those of the named functions whose every return is certain. */
  public static Map<String, Function> find(Path path, List<String> wanted) throws IOException {
    return ElfSymbols.read(
        path,
        elf -> {
          Optional<Long> table =
              elf.isExecutableOf(X86_64) ? elf.section(TABLES) : Optional.empty();
          if (table.isEmpty()) {
            return Map.of();
          }
          int magic = elf.u32(table.get());
          boolean known =
              (magic == MAGIC_118 || magic == MAGIC_120)
                  && elf.u8(table.get() + 6) == 1
                  && elf.u8(table.get() + 7) == WORD;
          return known ? new GoFunctions(elf, table.get()).find(wanted) : Map.of();
        });
  }

  private Map<String, Function> find(List<String> wanted) {
    Map<String, Function> found = new HashMap<>();
    Map<String, byte[]> left = new HashMap<>();
    wanted.forEach(name -> left.put(name, (name + "\0").getBytes(StandardCharsets.US_ASCII)));
    long count = elf.u64(table + WORD);
    for (long i = 0; i < count && !left.isEmpty(); i++) {
      long function = functions + u32(functions + i * ENTRY_BYTES + 4);
      long name = names + u32(function + 4);
      left.entrySet()
          .removeIf(entry -> {
            boolean same = elf.isText(name, entry.getValue());
            if (same) {
              function(function).ifPresent(one -> found.put(entry.getKey(), one));
            }
            return same;
          });
    }
    return found;
  }

  private Optional<Function> function(long function) {
    long entry = text + u32(function);
    List<Long> returns = new ArrayList<>();
    for (long address : unmoved(entry, counters + u32(function + 16))) {
      long place = elf.offset(address);
      if (elf.u8(place) == RETURN) {
        returns.add(place);
      }
    }
    return returns.isEmpty()
        ? Optional.empty()
        : Optional.of(new Function(elf.offset(entry), returns));
  }

  /**
   * The addresses behind the beginning at which the stack becomes as it was there: those of
   * returns, and of the part that makes the stack grow. Pairs of numbers say how much it changes,
   * and for how many bytes it then stays so.
   */
  private List<Long> unmoved(long entry, long pairs) {
    List<Long> addresses = new ArrayList<>();
    Cursor cursor = new Cursor(pairs);
    long address = entry;
    int height = -1;
    while (cursor.at - pairs < LONGEST_TABLE) {
      int change = cursor.next();
      if (change == 0 && address != entry) {
        break;
      }
      height += (change & 1) != 0 ? -(change >>> 1) - 1 : change >>> 1;
      if (height == 0 && address != entry) {
        addresses.add(address);
      }
      address += Integer.toUnsignedLong(cursor.next());
    }
    return addresses;
  }

  /** Reads numbers of seven bits a byte, the lowest first. */
  private final class Cursor {
    private long at;

    Cursor(long at) {
      this.at = at;
    }

    int next() {
      int value = 0;
      for (int shift = 0; shift < Integer.SIZE; shift += 7) {
        byte next = elf.u8(at++);
        value |= (next & 0x7f) << shift;
        if (next >= 0) {
          break;
        }
      }
      return value;
    }
  }

  private long u32(long at) {
    return Integer.toUnsignedLong(elf.u32(at));
  }
}
