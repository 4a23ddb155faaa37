package dev.troth.observe.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A map in the kernel, shared with the programs. Keys and values are little-endian bytes. */
public final class BpfMap implements AutoCloseable {
  private final Bpf bpf;
  private final MapSpec spec;
  private final Descriptor descriptor;

  BpfMap(Bpf bpf, MapSpec spec, Descriptor descriptor) {
    this.bpf = bpf;
    this.spec = spec;
    this.descriptor = descriptor;
  }

  int descriptor() {
    return descriptor.number();
  }

  public MapSpec spec() {
    return spec;
  }

  public void put(byte[] key, byte[] value) {
    check(key, spec.keyBytes(), "key");
    check(value, spec.valueBytes(), "value");
    try (Arena arena = Arena.ofConfined()) {
      long result = command(Bpf.MapCommand.UPDATE, segment(arena, key), segment(arena, value));
      if (result < 0) {
        throw new KernelException("update map " + spec.name(), (int) -result);
      }
    }
  }

  public Optional<byte[]> get(byte[] key) {
    check(key, spec.keyBytes(), "key");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(spec.valueBytes(), 8);
      long result = command(Bpf.MapCommand.LOOKUP, segment(arena, key), value);
      return result < 0 ? Optional.empty() : Optional.of(value.toArray(JAVA_BYTE));
    }
  }

  /** The keys that are there; those that come or go meanwhile may be missed or told of twice. */
  public List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(spec.keyBytes(), 8);
      MemorySegment next = arena.allocate(spec.keyBytes(), 8);
      long result = command(Bpf.MapCommand.NEXT_KEY, MemorySegment.NULL, next);
      while (result == 0 && keys.size() < 2 * spec.entries()) {
        keys.add(next.toArray(JAVA_BYTE));
        key.copyFrom(next);
        result = command(Bpf.MapCommand.NEXT_KEY, key, next);
      }
      if (result < 0 && result != -Errno.ENOENT) {
        throw new KernelException("read keys of map " + spec.name(), (int) -result);
      }
    }
    return keys;
  }

  public void remove(byte[] key) {
    check(key, spec.keyBytes(), "key");
    try (Arena arena = Arena.ofConfined()) {
      long result = command(Bpf.MapCommand.DELETE, segment(arena, key), MemorySegment.NULL);
      if (result < 0 && result != -Errno.ENOENT) {
        throw new KernelException("delete from map " + spec.name(), (int) -result);
      }
    }
  }

  /** The sum over all processors of one 64-bit counter of a per-CPU array. */
  public long counter(int index) {
    try (Arena arena = Arena.ofConfined()) {
      int processors = PossibleProcessors.COUNT;
      MemorySegment values = arena.allocate(JAVA_LONG.byteSize() * processors, 8);
      MemorySegment key = arena.allocate(4, 8);
      key.set(java.lang.foreign.ValueLayout.JAVA_INT, 0, index);
      long result = command(Bpf.MapCommand.LOOKUP, key, values);
      if (result < 0) {
        throw new KernelException("read map " + spec.name(), (int) -result);
      }
      long sum = 0;
      for (int i = 0; i < processors; i++) {
        sum += values.getAtIndex(JAVA_LONG, i);
      }
      return sum;
    }
  }

  /** How many processors could ever be there; their numbers are below it. */
  public static int possibleProcessors() {
    return PossibleProcessors.COUNT;
  }

  private long command(Bpf.MapCommand command, MemorySegment key, MemorySegment value) {
    return bpf.mapCommand(command, descriptor.number(), key, value);
  }

  private static MemorySegment segment(Arena arena, byte[] bytes) {
    return arena.allocate(Math.max(1, bytes.length), 8).copyFrom(MemorySegment.ofArray(bytes));
  }

  private void check(byte[] bytes, int expected, String what) {
    if (bytes.length != expected) {
      throw new IllegalArgumentException(
          "%s of map %s has %d bytes, expected %d"
              .formatted(what, spec.name(), bytes.length, expected));
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }

  /** Per-CPU values are copied for every processor that could ever be there. */
  private static final class PossibleProcessors {
    static final int COUNT = read();

    private static int read() {
      try {
        String range = Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip();
        return 1 + Integer.parseInt(range.substring(range.lastIndexOf('-') + 1));
      } catch (java.io.IOException absent) {
        return Runtime.getRuntime().availableProcessors();
      }
    }
  }
}
