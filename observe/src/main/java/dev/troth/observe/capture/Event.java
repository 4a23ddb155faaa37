package dev.troth.observe.capture;

import dev.troth.observe.stream.Signature;
import java.nio.ByteBuffer;

/**
 * One event of the ring buffer. A single instance is filled again for each event, so nothing may
 * keep it; the payload is copied into {@link #bytes}, which is used again too.
 */
public final class Event {
  private static final int CARRY_ROOM = 1;

  /** The kernel keeps the smoothed round-trip time times eight. */
  private static final int SMOOTHED_SHIFT = 3;

  /** The captured bytes, {@link #captured} of them from the beginning. */
  public final byte[] bytes = new byte[Signature.MOST + CARRY_ROOM];

  private final byte[] tail = new byte[8];
  private EventKind kind = EventKind.CLOSED;
  private long time;
  private long entered;
  private long cookie;
  private long session;
  private int process;
  private int thread;
  private int length;
  private int captured;
  private int sent;
  private int received;
  private int roundTrip;
  private int localPort;
  private int remotePort;
  private int tailLength;
  private boolean fresh;
  private boolean blocking;
  private boolean six;
  private int network;
  private long localHigh;
  private long localLow;
  private long remoteHigh;
  private long remoteLow;

  /** Reads the event at {@code at}. */
  void read(ByteBuffer buffer, int at) {
    kind = EventKind.of(buffer.get(at + EventLayout.KIND));
    time = buffer.getLong(at + EventLayout.TIME);
    cookie = buffer.getLong(at + EventLayout.COOKIE);
    thread = buffer.getInt(at + EventLayout.THREAD);
    process = buffer.getInt(at + EventLayout.PROCESS);
    length = buffer.getInt(at + EventLayout.LENGTH);
    sent = buffer.getInt(at + EventLayout.SENT);
    received = buffer.getInt(at + EventLayout.RECEIVED);
    localPort = buffer.getShort(at + EventLayout.LOCAL_PORT) & 0xffff;
    remotePort = buffer.getShort(at + EventLayout.REMOTE_PORT) & 0xffff;
    switch (kind) {
      case RECEIVED, SENT, DATAGRAM_RECEIVED, DATAGRAM_SENT -> {}
      case TLS_RECEIVED, TLS_SENT -> {
        readTail(buffer, at);
        fresh = false;
        blocking = false;
        entered = buffer.getLong(at + EventLayout.ENTERED);
        captured = buffer.getInt(at + EventLayout.CAPTURED);
        buffer.get(at + EventLayout.HEADER, bytes, 0, captured);
        return;
      }
      case LOGGED -> {
        session = buffer.getLong(at + EventLayout.FILE_NUMBER);
        captured = buffer.getInt(at + EventLayout.CAPTURED);
        buffer.get(at + EventLayout.HEADER, bytes, 0, captured);
        return;
      }
      case INJECTED -> {
        fresh = (buffer.get(at + EventLayout.FLAGS) & EventLayout.FLAG_FRESH) != 0;
        captured = buffer.getInt(at + EventLayout.CAPTURED);
        buffer.get(at + EventLayout.HEADER, bytes, 0, captured);
        return;
      }
      case CLOSED, LISTENING, FORKED, EXECUTED, EXITED, TLS_ENDED -> {
        captured = 0;
        return;
      }
    }
    network = buffer.getInt(at + EventLayout.NETWORK);
    roundTrip = buffer.getInt(at + EventLayout.ROUND_TRIP) >>> SMOOTHED_SHIFT;
    session = buffer.getLong(at + EventLayout.SESSION);
    six = buffer.getShort(at + EventLayout.FAMILY) == 10;
    fresh = (buffer.get(at + EventLayout.FLAGS) & EventLayout.FLAG_FRESH) != 0;
    blocking = (buffer.get(at + EventLayout.FLAGS) & EventLayout.FLAG_BLOCKING) != 0;
    localHigh = buffer.getLong(at + EventLayout.LOCAL_ADDRESS);
    localLow = buffer.getLong(at + EventLayout.LOCAL_ADDRESS + 8);
    remoteHigh = buffer.getLong(at + EventLayout.REMOTE_ADDRESS);
    remoteLow = buffer.getLong(at + EventLayout.REMOTE_ADDRESS + 8);
    readTail(buffer, at);
    captured = buffer.getInt(at + EventLayout.CAPTURED);
    byte carry = buffer.get(at + EventLayout.CARRY);
    int skip = 0;
    if (carry != 0) {
      bytes[0] = carry;
      skip = 1;
      length++;
    }
    buffer.get(at + EventLayout.HEADER, bytes, skip, captured);
    captured += skip;
  }

  private void readTail(ByteBuffer buffer, int at) {
    tailLength = buffer.get(at + EventLayout.TAIL_LENGTH);
    if (tailLength > 0) {
      buffer.get(at + EventLayout.TAIL, tail, 0, tailLength);
    }
  }

  public EventKind kind() {
    return kind;
  }

  /** Nanoseconds of the monotonic clock, at the end of the system call. */
  public long time() {
    return time;
  }

  /**
   * The kernel's number of the socket, never used again while it runs; of TLS, the session's
   * address in its process; of a line, the address of the file's inode.
   */
  public long cookie() {
    return cookie;
  }

  /**
   * Of a socket of which nothing is known yet, the address of the session of TLS within whose call
   * this passed, 0 if it passed in none; of a line, the number of its file.
   */
  public long session() {
    return session;
  }

  /** Of TLS, when the call began of which {@link #time} is the end. */
  public long entered() {
    return entered;
  }

  public int process() {
    return process;
  }

  /** The thread; of a fork, the parent process. */
  public int thread() {
    return thread;
  }

  /**
   * The bytes that passed; of a closed connection, its new TCP state; of an injected context, the
   * bytes of the message that lie before it.
   */
  public int length() {
    return length;
  }

  /** How many of them are in {@link #bytes}. */
  public int captured() {
    return captured;
  }

  /**
   * The position behind the last byte written to the socket, modulo 2^32; of an injected context,
   * where its message begins; of a line, the descriptor that it is written to.
   */
  public int sent() {
    return sent;
  }

  /** The position behind the last byte read from the socket, modulo 2^32. */
  public int received() {
    return received;
  }

  /**
   * The smoothed round-trip time of the connection in microseconds, as the kernel reckons with it;
   * 0 if it has measured none.
   */
  public int roundTrip() {
    return roundTrip;
  }

  public int localPort() {
    return localPort;
  }

  public int remotePort() {
    return remotePort;
  }

  /** Whether nothing had passed on this socket in this direction before. */
  public boolean fresh() {
    return fresh;
  }

  /** Whether the socket is a blocking one, as an event loop's never are. */
  public boolean blocking() {
    return blocking;
  }

  /** The number of the network namespace, or 0 when this kernel does not tell. */
  public int network() {
    return network;
  }

  /** The local end of the socket. */
  public Address local() {
    return Address.of(six, localHigh, localLow);
  }

  /** The remote end of the socket. */
  public Address remote() {
    return Address.of(six, remoteHigh, remoteLow);
  }

  /** The last bytes of a message that was not captured whole; empty when it was. */
  public byte[] tail() {
    return tailLength == 0 ? NO_TAIL : java.util.Arrays.copyOf(tail, tailLength);
  }

  private static final byte[] NO_TAIL = {};
}
