package dev.troth.watch.row;

/** What a row says of one of its columns. */
public sealed interface Cell {
  /** SQL's null. */
  record Null() implements Cell {}

  /** A long value (TOAST) that the update left as it was, and that the server does not send. */
  record Unchanged() implements Cell {}

  /** A value as the type's output function writes it. */
  record Text(String text) implements Cell {}
}
