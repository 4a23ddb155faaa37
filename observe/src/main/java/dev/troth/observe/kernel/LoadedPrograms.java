package dev.troth.observe.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The programs of all processes that the kernel holds. */
public final class LoadedPrograms {
  private static final int PROG_GET_NEXT_ID = 11;
  private static final int PROG_GET_FD_BY_ID = 13;

  private LoadedPrograms() {}

  /** The names of all loaded programs of the machine by id, which needs CAP_SYS_ADMIN. */
  public static Map<Integer, String> names(Bpf bpf) {
    Map<Integer, String> names = new HashMap<>();
    for (int id : ids(bpf)) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment attributes = Bpf.attributes(arena);
        attributes.set(JAVA_INT, 0, id);
        long found = bpf.bpf(PROG_GET_FD_BY_ID, attributes);
        if (found < 0) {
          continue; // gone in the meantime
        }
        try (Descriptor program = new Descriptor(bpf, (int) found)) {
          byte[] name = bpf.info(arena, program).asSlice(64, 16).toArray(JAVA_BYTE);
          names.put(id, new String(name, StandardCharsets.US_ASCII).replace("\0", ""));
        }
      }
    }
    return names;
  }

  private static List<Integer> ids(Bpf bpf) {
    List<Integer> ids = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = Bpf.attributes(arena);
      while (true) {
        long result = bpf.bpf(PROG_GET_NEXT_ID, attributes);
        if (result == -Errno.ENOENT) {
          return ids;
        }
        if (result < 0) {
          throw new KernelException("list programs", (int) -result);
        }
        int id = attributes.get(JAVA_INT, 4);
        ids.add(id);
        attributes.set(JAVA_INT, 0, id);
      }
    }
  }
}
