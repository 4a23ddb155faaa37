package dev.troth.observe.kernel;

import dev.troth.observe.btf.BtfWriter;

/** The types that the kernel wants to know of a socket-storage map: int to int array. */
final class SocketStorageTypes {
  static final int KEY = 1;
  static final int VALUE = 2;

  private SocketStorageTypes() {}

  static byte[] of(int valueBytes) {
    BtfWriter types = new BtfWriter();
    int integer = types.integer("int", 4);
    types.array(integer, integer, valueBytes / 4);
    return types.bytes();
  }
}
