package dev.troth.server.registry;

/**
 * A part of a list.
 *
 * @param offset how many come before it
 * @param limit how many it has at most
 */
record Page(int offset, int limit) {
  /** As long as a list gets at once; Confluent's default too. */
  static final int LONGEST = 20_000;

  static final Page WHOLE = new Page(0, LONGEST);
}
