package dev.troth.observe.capture;

/** Where the fields of an event lie, in bytes; written by the programs, read by {@link Event}. */
final class EventLayout {
  static final int TIME = 0;
  static final int COOKIE = 8;
  static final int THREAD = 16;
  static final int PROCESS = 20;
  static final int DESCRIPTOR = 24;
  static final int LENGTH = 28;
  static final int SENT = 32;
  static final int RECEIVED = 36;
  static final int LOCAL_PORT = 40;
  static final int REMOTE_PORT = 42;
  static final int FAMILY = 44;
  static final int KIND = 46;
  static final int FLAGS = 47;
  static final int LOCAL_ADDRESS = 48;

  /** Of TLS alone, in the place of the address: when the call began. */
  static final int ENTERED = 48;

  static final int REMOTE_ADDRESS = 64;
  static final int TAIL = 80;
  static final int CAPTURED = 88;
  static final int TAIL_LENGTH = 92;
  static final int CARRY = 93;
  static final int NETWORK = 96;

  /** Of a socket of which nothing is known yet: the session of TLS whose call passed this, or 0. */
  static final int SESSION = 104;

  static final int HEADER = 112;

  /** Bit 0 of the flags: these are the first bytes ever to pass in this direction. */
  static final int FLAG_FRESH = 1;

  /** Bit 1: the socket is a blocking one. */
  static final int FLAG_BLOCKING = 2;

  private EventLayout() {}
}
