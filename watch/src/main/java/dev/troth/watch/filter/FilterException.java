package dev.troth.watch.filter;

/** A filter that cannot be read: where, what was found, what was expected. */
public final class FilterException extends IllegalArgumentException {
  FilterException(String filter, int at, String found, String expected) {
    super(
        "filter '%s' has %s at character %d, expected %s"
            .formatted(filter, found, at + 1, expected));
  }
}
