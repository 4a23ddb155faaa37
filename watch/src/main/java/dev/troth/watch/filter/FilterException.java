package dev.troth.watch.filter;

/** A filter that cannot be read: where, what is wrong, what was expected. */
public final class FilterException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  FilterException(String message) {
    super(message);
  }
}
