package dev.troth.gate.sandbox;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TrapException;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;

/**
 * A module's linear memory that can be sealed: from then on it is restored to what it was, in one
 * copy, and reaches no further than it was used. What lay above is cut off, so that the copy is all
 * that the module can change; an access beyond it is a trap, as is one beyond any memory's end.
 */
@SuppressWarnings("removal") // the interface still asks for its former atomics
final class ModuleMemory implements Memory {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);
  private static final int OS_PAGE = 4096;

  private final MemoryLimits limits;
  private final int maxPages;
  private byte[] bytes;
  private byte[] pristine = {};
  private int pages;
  private boolean sealed;

  ModuleMemory(MemoryLimits limits, int maxPages) {
    this.limits = limits;
    this.maxPages = Math.min(maxPages, limits.maximumPages());
    pages = limits.initialPages();
    if (pages > this.maxPages) {
      throw new TrapException(
          "the module wants %d pages, it may have %d".formatted(pages, maxPages));
    }
    bytes = new byte[pages * PAGE_SIZE];
  }

  /** Takes the present content, up to the last byte that is not zero, as what to restore. */
  void seal() {
    int used = bytes.length;
    while (used > 0 && bytes[used - 1] == 0) {
      used--;
    }
    pristine = Arrays.copyOf(bytes, (used + OS_PAGE - 1) / OS_PAGE * OS_PAGE);
    bytes = pristine.clone();
    sealed = true;
  }

  void restore() {
    System.arraycopy(pristine, 0, bytes, 0, pristine.length);
  }

  int sizeInBytes() {
    return bytes.length;
  }

  @Override
  public int pages() {
    return pages;
  }

  @Override
  public int grow(int more) {
    if (sealed || more < 0 || more > maxPages - pages) {
      return -1;
    }
    int former = pages;
    pages += more;
    bytes = Arrays.copyOf(bytes, pages * PAGE_SIZE);
    return former;
  }

  @Override
  public int initialPages() {
    return limits.initialPages();
  }

  @Override
  public int maximumPages() {
    return maxPages;
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public Object lock(int address) {
    return this;
  }

  @Override
  public int waitOn(int address, int expected, long timeout) {
    throw new TrapException("atomics are not supported");
  }

  @Override
  public int waitOn(int address, long expected, long timeout) {
    throw new TrapException("atomics are not supported");
  }

  @Override
  public int notify(int address, int maxThreads) {
    return 0;
  }

  @Override
  public void initialize(Instance instance, DataSegment[] segments) {
    for (DataSegment segment : segments) {
      if (segment instanceof ActiveDataSegment active) {
        long offset =
            ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
        write((int) offset, active.data(), 0, active.data().length);
      }
    }
  }

  @Override
  public void initPassiveSegment(int segment, int destination, int offset, int size) {
    throw new TrapException("passive segments are not supported");
  }

  @Override
  public void drop(int segment) {
    // Only passive segments are ever dropped, and there are none.
  }

  @Override
  public void write(int address, byte[] data, int offset, int size) {
    check(address, size);
    System.arraycopy(data, offset, bytes, address, size);
  }

  @Override
  public byte[] readBytes(int address, int size) {
    check(address, size);
    return Arrays.copyOfRange(bytes, address, address + size);
  }

  @Override
  public byte read(int address) {
    check(address, 1);
    return bytes[address];
  }

  @Override
  public short readShort(int address) {
    check(address, 2);
    return (short) SHORT.get(bytes, address);
  }

  @Override
  public long readU16(int address) {
    return readShort(address) & 0xFFFF;
  }

  @Override
  public int readInt(int address) {
    check(address, 4);
    return (int) INT.get(bytes, address);
  }

  @Override
  public long readLong(int address) {
    check(address, 8);
    return (long) LONG.get(bytes, address);
  }

  @Override
  public long readF32(int address) {
    return readInt(address);
  }

  @Override
  public float readFloat(int address) {
    return Float.intBitsToFloat(readInt(address));
  }

  @Override
  public double readDouble(int address) {
    return Double.longBitsToDouble(readLong(address));
  }

  @Override
  public long readF64(int address) {
    return readLong(address);
  }

  @Override
  public void writeByte(int address, byte value) {
    check(address, 1);
    bytes[address] = value;
  }

  @Override
  public void writeShort(int address, short value) {
    check(address, 2);
    SHORT.set(bytes, address, value);
  }

  @Override
  public void writeI32(int address, int value) {
    check(address, 4);
    INT.set(bytes, address, value);
  }

  @Override
  public void writeLong(int address, long value) {
    check(address, 8);
    LONG.set(bytes, address, value);
  }

  @Override
  public void writeF32(int address, float value) {
    writeI32(address, Float.floatToRawIntBits(value));
  }

  @Override
  public void writeF64(int address, double value) {
    writeLong(address, Double.doubleToRawLongBits(value));
  }

  @Override
  public void zero() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public void fill(byte value, int from, int to) {
    check(from, to - from);
    Arrays.fill(bytes, from, to, value);
  }

  private void check(int address, int size) {
    if (address < 0 || size < 0 || address > bytes.length - size) {
      throw new TrapException(
          "out of bounds memory access at " + Integer.toUnsignedString(address));
    }
  }
}
