package dev.troth.observe.capture;

/**
 * Where the socket programs keep what they know: offsets from the frame pointer, and offsets into
 * the scratch buffer that lies in a map because the stack is too small for an event.
 */
final class Slots {
  /** On the stack: process and thread. */
  static final int IDS = -8;

  /** The key of a map of one number. */
  static final int KEY = -16;

  /** The socket as {@code struct tcp_sock}. */
  static final int TCP = -24;

  /** The value of {@link Maps#SOCKETS} for this socket. */
  static final int STATE = -32;

  static final int DESCRIPTOR = -40;

  /** The user's address of the segment that is looked at. */
  static final int SEGMENT_POINTER = -48;

  /** The segment itself: address and length. */
  static final int IOV = -80;

  static final int IOV_LENGTH = -72;

  /** The first eight bytes. */
  static final int WORD = -88;

  static final int TURN = -104;
  static final int COOKIE = -128;

  /** The first two words of a message header that were wanted: segments and their number. */
  static final int VECTOR = -152;

  /** What was read from the kernel's memory. */
  static final int PROBED = -160;

  /** The key and the new value of {@link Maps#SOCKETS} where it is a hash. */
  static final int SOCKET = -168;

  static final int NEW_STATE = SOCKET - Maps.STATE_BYTES;

  /** The user's address of the other end's address in a call that moves a datagram, or 0. */
  static final int NAME = NEW_STATE - 8;

  /** That address itself: family, port and the rest. */
  static final int NAMED = NAME - 32;

  /** How many datagrams of a call of several were looked at. */
  static final int BATCH_TURN = NAMED - 8;

  /** The key and the new value of {@link Maps#SENT_BATCHES}. */
  static final int BATCH = BATCH_TURN - 8;

  /** Where the kernel keeps the loop through the segments. */
  static final int LOOP = BATCH - 8;

  // Values that differ from path to path lie before the event in the scratch buffer, where the
  // verifier does not follow them: it then finds the paths alike and is done in a few thousand
  // steps.

  /** How far into the scratch buffer the event lies. */
  static final int EVENT = 144;

  private static final int WORK = -EVENT;

  /** How many bytes of this message are kept. */
  static final int LIMIT = WORK;

  static final int BYTES_LEFT = WORK + 8;
  static final int SEGMENTS_LEFT = WORK + 16;

  /** The user's address of what is still to be looked at of the segment, and its length. */
  static final int NEXT = WORK + 24;

  static final int NEXT_LENGTH = WORK + 128;

  static final int LAST_LENGTH = WORK + 32;

  /** The byte that came alone before these and was held back. */
  static final int CARRIED = WORK + 40;

  /** What the message before this one was: {@link Maps#PIECE_SHORT} and the like. */
  static final int BEFORE = WORK + 48;

  static final int RECEIVED_NEXT = WORK + 56;
  static final int BYTES_RECEIVED = WORK + 64;
  static final int UNACKNOWLEDGED = WORK + 72;
  static final int BYTES_ACKNOWLEDGED = WORK + 80;

  /** Why this message is told of in part, if it is for want of room; else 0. */
  static final int CUT = WORK + 104;

  /** It may be a later piece of a head, or of a body. */
  static final int CUT_HEAD = 1;

  /** It may hold requests. */
  static final int CUT_ANYWHERE = 2;

  /** How many bytes are kept of this message behind those of the event that is put together. */
  static final int KEPT_LATER = WORK + 112;

  /** The position behind the last byte of this message. */
  static final int STREAM_END = WORK + 120;

  /** How many datagrams one call moved, where it is told of once for all of them; else 0. */
  static final int BATCH_TOTAL = WORK + 88;

  /** The user's address of the entry of such a call that is looked at. */
  static final int BATCH_ENTRY = WORK + 96;

  /**
   * With room for a position below 32768 plus a copy below 32768: bounds that the verifier follows
   * from masks alone, on every kernel.
   */
  static final int SCRATCH_BYTES = EVENT + EventLayout.HEADER + 32_768 + 32_768;

  private Slots() {}
}
