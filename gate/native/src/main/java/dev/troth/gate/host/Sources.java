package dev.troth.gate.host;

import dev.troth.gate.core.Hash;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;

/** The files that a configuration names. Their content says whether they changed, nothing else. */
final class Sources {
  private static final int MAX_SOURCES = 80;
  private static final int FIRST_BUFFER_BYTES = 4 * 1024;

  private final String[] paths = new String[MAX_SOURCES];
  private final Hash hash = Hash.of(32);
  private final byte[] digest = new byte[Hash.MAX_BYTES];
  private final byte[] present = new byte[32];
  private byte[] buffer = {};
  private int count;

  /** Watches a file, once. */
  void add(String path) {
    for (int i = 0; i < count; i++) {
      if (paths[i].equals(path)) {
        return;
      }
    }
    if (count < MAX_SOURCES) {
      paths[count++] = path;
    }
  }

  /** The content of a file, or null if it cannot be read or is larger. */
  byte @Nullable [] read(String path, int maxBytes) {
    int length = fill(path, maxBytes);
    if (length < 0) {
      return null;
    }
    byte[] content = new byte[length];
    System.arraycopy(buffer, 0, content, 0, length);
    wipe(length);
    return content;
  }

  /** Whether the content of any file is another than when this was last asked. */
  boolean changed(int maxBytes) {
    if (count == 0) {
      return false;
    }
    hash.reset();
    for (int i = 0; i < count; i++) {
      int length = fill(paths[i], maxBytes);
      byte[] size = {
        (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length
      };
      hash.update(size, 0, size.length);
      hash.update(buffer, 0, Math.max(0, length));
      wipe(length);
    }
    hash.finish(digest);
    boolean same = true;
    for (int i = 0; i < present.length; i++) {
      same &= present[i] == digest[i];
      present[i] = digest[i];
    }
    return !same;
  }

  /** The bytes of the file in the buffer, or -1. */
  private int fill(String path, int maxBytes) {
    if (buffer.length == 0) {
      buffer = new byte[FIRST_BUFFER_BYTES];
    }
    byte[] name = NativeMain.terminated(path);
    while (true) {
      int length = Native.readFile(Address.ofData(name), Address.ofData(buffer), buffer.length);
      if (length < buffer.length) {
        return length < 0 ? -1 : length;
      }
      if (buffer.length > maxBytes) {
        return -1;
      }
      wipe(length);
      buffer = new byte[Math.min(maxBytes + 1, 4 * buffer.length)];
    }
  }

  private void wipe(int length) {
    for (int i = 0; i < length; i++) {
      buffer[i] = 0;
    }
  }
}
