package dev.troth.gate.wasi;

import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.c.Include;

/** The functions of {@code wasi.c}, which call those of WASI preview 1. */
final class Wasi {
  private Wasi() {}

  /** Reads standard input to its end or until the buffer is full; the bytes, or -1. */
  @Include("wasi.h")
  @Import(name = "gate_wasi_read")
  static native int read(Address to, int capacity);

  @Include("wasi.h")
  @Import(name = "gate_wasi_write")
  static native void write(int file, Address from, int length);

  /** The n-th variable as {@code NAME=value}; its length, or -1. */
  @Include("wasi.h")
  @Import(name = "gate_wasi_variable")
  static native int variable(int index, Address to, int capacity);

  @Include("wasi.h")
  @Import(name = "gate_wasi_millis")
  static native long millis();

  @Include("wasi.h")
  @Import(name = "gate_wasi_exit")
  static native void exit(int status);
}
