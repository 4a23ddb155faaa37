package dev.troth.observe.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The reader's side of a BPF ring buffer: one page with the reader's position, one with the
 * writer's, then the data twice in a row, so that no message is broken at the end. Single reader.
 *
 * <p>Every page that is mapped counts as memory of this process, so only a window of the data is,
 * which moves on with the reader: a large ring then takes room in the kernel once, and here none.
 */
public final class RingBuffer implements AutoCloseable {
  /** How much of the data is mapped at once: more than the longest message, by far. */
  static final int WINDOW = 1 << 19;

  private static final int PAGE = 4096;
  private static final int HEADER = 8;
  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;
  private static final int READ = 1;
  private static final int READ_WRITE = 3;
  private static final int SHARED = 1;
  private static final VarHandle LONG = JAVA_LONG.varHandle();
  private static final VarHandle INT = JAVA_INT.varHandle();

  private final Bpf bpf;
  private final BpfMap map;
  private final int size;
  private final int window;
  private final MemorySegment reader;
  private final MemorySegment writer;

  /** The part of the data that is mapped, and where it begins: a multiple of the page's size. */
  private MemorySegment mapped;

  private ByteBuffer data;
  private int first;

  /** Receives one message: its bytes lie in the buffer from {@code at}, until it returns. */
  @FunctionalInterface
  public interface Receiver {
    void message(ByteBuffer buffer, int at, int length);
  }

  public RingBuffer(Bpf bpf, BpfMap map) {
    this.bpf = bpf;
    this.map = map;
    this.size = map.spec().entries();
    this.window = Math.min(WINDOW, size);
    this.reader = map(PAGE, READ_WRITE, 0);
    this.writer = map(PAGE, READ, PAGE);
    this.mapped = map(window, READ, 2L * PAGE);
    this.data = buffer();
  }

  private ByteBuffer buffer() {
    return mapped.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** Hands over what is there, at most {@code limit} messages; returns how many. */
  public int drain(int limit, Receiver receiver) {
    long position = (long) LONG.get(reader, 0L);
    long end = (long) LONG.getAcquire(writer, 0L);
    int count = 0;
    while (position < end && count < limit) {
      int start = (int) (position & (size - 1));
      int at = place(start, HEADER);
      int length = (int) INT.getAcquire(mapped, (long) at);
      if ((length & BUSY) != 0) {
        break;
      }
      int bytes = length & ~DISCARDED;
      if ((length & DISCARDED) == 0) {
        at = place(start, HEADER + bytes);
        receiver.message(data, at + HEADER, bytes);
        count++;
      }
      position += (HEADER + bytes + 7) & ~7;
      LONG.setRelease(reader, 0L, position);
    }
    return count;
  }

  /** Where in the window these bytes of the data lie, which is moved to them if need be. */
  private int place(int start, int bytes) {
    int at = start - first;
    if (at >= 0 && at + bytes <= window) {
      return at;
    }
    MemorySegment before = mapped;
    mapped = map(window, READ, 2L * PAGE + (start & -PAGE));
    first = start & -PAGE;
    data = buffer();
    unmap(before);
    return start - first;
  }

  /** The bytes that wait to be read. */
  public long backlog() {
    return (long) LONG.getAcquire(writer, 0L) - (long) LONG.get(reader, 0L);
  }

  private MemorySegment map(long bytes, int protection, long offset) {
    long address =
        bpf.calls()
            .call(
                bpf.architecture().calls().mmap(),
                0,
                bytes,
                protection,
                SHARED,
                map.descriptor(),
                offset);
    if (address < 0 && address > -PAGE) {
      throw new KernelException("map the ring buffer into memory", (int) -address);
    }
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }

  private void unmap(MemorySegment segment) {
    bpf.calls()
        .call(
            bpf.architecture().calls().munmap(), segment.address(), segment.byteSize(), 0, 0, 0, 0);
  }

  @Override
  public void close() {
    unmap(reader);
    unmap(writer);
    unmap(mapped);
  }
}
