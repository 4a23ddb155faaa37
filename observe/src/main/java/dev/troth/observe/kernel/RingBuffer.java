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
 */
public final class RingBuffer implements AutoCloseable {
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
  private final int size;
  private final MemorySegment reader;
  private final MemorySegment writer;
  private final ByteBuffer data;

  /** Receives one message: its bytes lie in the buffer from {@code at}, until it returns. */
  @FunctionalInterface
  public interface Receiver {
    void message(ByteBuffer buffer, int at, int length);
  }

  public RingBuffer(Bpf bpf, BpfMap map) {
    this.bpf = bpf;
    this.size = map.spec().entries();
    this.reader = map(map, PAGE, READ_WRITE, 0);
    this.writer = map(map, PAGE + 2L * size, READ, PAGE);
    this.data = writer.asSlice(PAGE, 2L * size).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /** Hands over what is there, at most {@code limit} messages; returns how many. */
  public int drain(int limit, Receiver receiver) {
    long position = (long) LONG.get(reader, 0L);
    long end = (long) LONG.getAcquire(writer, 0L);
    int count = 0;
    while (position < end && count < limit) {
      int at = (int) (position & (size - 1));
      int length = (int) INT.getAcquire(writer, (long) PAGE + at);
      if ((length & BUSY) != 0) {
        break;
      }
      int bytes = length & ~DISCARDED;
      if ((length & DISCARDED) == 0) {
        receiver.message(data, at + HEADER, bytes);
        count++;
      }
      position += (HEADER + bytes + 7) & ~7;
      LONG.setRelease(reader, 0L, position);
    }
    return count;
  }

  /** The bytes that wait to be read. */
  public long backlog() {
    return (long) LONG.getAcquire(writer, 0L) - (long) LONG.get(reader, 0L);
  }

  private MemorySegment map(BpfMap map, long bytes, int protection, long offset) {
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

  @Override
  public void close() {
    int munmap = bpf.architecture().calls().munmap();
    bpf.calls().call(munmap, reader.address(), reader.byteSize(), 0, 0, 0, 0);
    bpf.calls().call(munmap, writer.address(), writer.byteSize(), 0, 0, 0, 0);
  }
}
