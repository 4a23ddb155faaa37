package dev.troth.server.registry.schema;

/**
 * A part of a list.
 *
 * @param offset how many come before it
 * @param limit how many it has at most
 */
public record Page(int offset, int limit) {
  /** As long as a list gets at once; Confluent's default too. */
  public static final int LONGEST = 20_000;

  public static final Page WHOLE = new Page(0, LONGEST);
}
