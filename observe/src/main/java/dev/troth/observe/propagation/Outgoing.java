package dev.troth.observe.propagation;

/**
 * What is kept beside each connection that a target opens, in bytes from its beginning; the socket
 * is locked while the program of its messages uses it.
 */
final class Outgoing {
  /** The map of it. */
  static final String MAP = "troth_outgoing";

  /** The map of the sockets whose messages pass by the program. */
  static final String SOCKETS = "troth_sending";

  /** The map with what the agent was told. */
  static final String SETTINGS = "troth_settings";

  static final int COOKIE = 0;
  static final int STATE = 8;

  /** Where the next head begins, as a position in the stream. */
  static final int HEAD_AT = 12;

  /** Where the last head began. */
  static final int BEGAN = 16;

  /** The bytes of the first line, its end included. */
  static final int LINE = 20;

  /** The bytes of the head, the empty line included. */
  static final int HEAD = 24;

  /** Where the length of the body stands in the head; 0 if it does not. */
  static final int LENGTH_AT = 28;

  /** Whether the head has a trace context. */
  static final int TRACED = 32;

  /** The bytes of the message. */
  static final int SIZE = 36;

  /** Where the message begins in the stream. */
  static final int CURRENT = 40;

  /** Whether the message is the first of the connection. */
  static final int FIRST = 44;

  /** How many bytes of the text are there. */
  static final int COPIED = 48;

  /** The beginning of the message. */
  static final int TEXT = 56;

  /** The longest head. */
  static final int MOST = 4_096;

  /** Reading a few bytes behind a place in the text stays inside. */
  private static final int ROOM = 16;

  static final int BYTES = TEXT + MOST + ROOM;

  /** States: nothing was sent yet; it is known where heads begin; that is not known any more. */
  static final int NEW = 0;

  static final int FOLLOWED = 1;
  static final int LEFT_ALONE = 2;

  /**
   * Settings, byte offsets: below which half of a trace id it is sampled, a port to leave, and
   * whether anything is written at all.
   */
  static final int SAMPLED_BELOW = 0;

  static final int LEFT_PORT = 8;
  static final int ACTIVE = 12;
  static final int SETTINGS_BYTES = 16;

  private Outgoing() {}
}
