package dev.troth.observe.http;

/** How the length of a message's body is told (RFC 9112 §6). */
public sealed interface Framing {
  /** The message ends with its head. */
  record None() implements Framing {}

  /** So many bytes follow, at least one. */
  record Length(long bytes) implements Framing {}

  /** Chunks follow, each with its size. */
  record Chunked() implements Framing {}

  /** The body ends with the connection. */
  record UntilClose() implements Framing {}

  /** The head does not tell, or was not seen whole. */
  record Unknown() implements Framing {}

  Framing NONE = new None();
  Framing CHUNKED = new Chunked();
  Framing UNTIL_CLOSE = new UntilClose();
  Framing UNKNOWN = new Unknown();

  static Framing length(long bytes) {
    return bytes == 0 ? NONE : new Length(bytes);
  }
}
