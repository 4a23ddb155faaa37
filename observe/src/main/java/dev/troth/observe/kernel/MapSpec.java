package dev.troth.observe.kernel;

/** What a map shall be: its kind, the sizes of key and value in bytes, the most entries. */
public record MapSpec(String name, Type type, int keyBytes, int valueBytes, int entries) {

  /** The kinds of map in use, with their numbers and creation flags. */
  public enum Type {
    HASH(1, 0),
    ARRAY(2, 0),
    PER_CPU_ARRAY(6, 0),
    LRU_HASH(9, 0),
    /** Sockets by a key; what they send passes by a program. */
    SOCKET_HASH(18, 0),
    /** One value a socket, freed with the socket; needs no preallocation (flag 1). */
    SOCKET_STORAGE(24, 1),
    RING_BUFFER(27, 0);

    final int code;
    final int flags;

    Type(int code, int flags) {
      this.code = code;
      this.flags = flags;
    }
  }

  public MapSpec {
    if (keyBytes < 0 || valueBytes < 0 || entries < 0) {
      throw new IllegalArgumentException("map " + name + " has a negative size");
    }
  }

  public static MapSpec hash(String name, int keyBytes, int valueBytes, int entries) {
    return new MapSpec(name, Type.HASH, keyBytes, valueBytes, entries);
  }

  public static MapSpec leastRecentlyUsed(String name, int keyBytes, int valueBytes, int entries) {
    return new MapSpec(name, Type.LRU_HASH, keyBytes, valueBytes, entries);
  }

  public static MapSpec array(String name, int valueBytes, int entries) {
    return new MapSpec(name, Type.ARRAY, 4, valueBytes, entries);
  }

  public static MapSpec perCpu(String name, int valueBytes, int entries) {
    return new MapSpec(name, Type.PER_CPU_ARRAY, 4, valueBytes, entries);
  }

  public static MapSpec socketStorage(String name, int valueBytes) {
    return new MapSpec(name, Type.SOCKET_STORAGE, 4, valueBytes, 0);
  }

  /** Sockets by their cookies. */
  public static MapSpec socketHash(String name, int entries) {
    return new MapSpec(name, Type.SOCKET_HASH, 8, 8, entries);
  }

  /** A ring of so many bytes, which must be a power of two and whole pages. */
  public static MapSpec ring(String name, int bytes) {
    if (Integer.bitCount(bytes) != 1 || bytes < 4096) {
      throw new IllegalArgumentException(
          "ring buffer is " + bytes + " bytes, expected a power of two from 4096");
    }
    return new MapSpec(name, Type.RING_BUFFER, 0, 0, bytes);
  }
}
