package dev.troth.observe.capture;

/** Where the fields of an event lie, in bytes; written by the programs, read by {@link Event}. */
public final class EventLayout {
  public static final int TIME = 0;
  public static final int COOKIE = 8;
  public static final int THREAD = 16;
  public static final int PROCESS = 20;

  /** Of a stream: eight times the smoothed round-trip time, in microseconds; else 0. */
  public static final int ROUND_TRIP = 24;

  public static final int LENGTH = 28;
  public static final int SENT = 32;

  /** Of a written line, in the place of the position: the descriptor. */
  public static final int WRITTEN_TO = 32;

  public static final int RECEIVED = 36;
  public static final int LOCAL_PORT = 40;
  public static final int REMOTE_PORT = 42;
  public static final int FAMILY = 44;
  public static final int KIND = 46;
  public static final int FLAGS = 47;
  public static final int LOCAL_ADDRESS = 48;

  /** Of TLS alone, in the place of the address: when the call began. */
  public static final int ENTERED = 48;

  public static final int REMOTE_ADDRESS = 64;
  public static final int TAIL = 80;
  public static final int CAPTURED = 88;
  public static final int TAIL_LENGTH = 92;
  public static final int CARRY = 93;
  public static final int NETWORK = 96;

  /** Of a socket of which nothing is known yet: the session of TLS whose call passed this, or 0. */
  public static final int SESSION = 104;

  /** Of a written line, in the place of the session: the number of its file. */
  public static final int FILE_NUMBER = 104;

  public static final int HEADER = 112;

  /** Bit 0 of the flags: these are the first bytes ever to pass in this direction. */
  public static final int FLAG_FRESH = 1;

  /** Bit 1: the socket is a blocking one. */
  public static final int FLAG_BLOCKING = 2;

  private EventLayout() {}
}
