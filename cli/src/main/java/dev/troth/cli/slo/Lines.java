package dev.troth.cli.slo;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The lines of a text, none longer than memory should hold. */
final class Lines implements Iterator<String> {
  /** No sample, count or log line of a program comes near to this. */
  private static final int LONGEST = 1 << 20;

  private final Reader text;
  private final char[] buffer = new char[1 << 14];
  private final StringBuilder line = new StringBuilder();
  private int place;
  private int filled;
  private @Nullable String next;
  private int number;
  private boolean ended;

  private Lines(Reader text) {
    this.text = text;
  }

  /** Reads as it goes. */
  static Stream<String> of(Reader text) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(new Lines(text), Spliterator.ORDERED), false);
  }

  /** A line that is too long. */
  static final class TooLongException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TooLongException(int line) {
      super(
          "line %,d has more than %,d characters, expected lines of samples or counts"
              .formatted(line, LONGEST));
    }
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      try {
        next = read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      ended = next == null;
    }
    return next != null;
  }

  @Override
  public String next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    String found = next;
    next = null;
    return found;
  }

  private @Nullable String read() throws IOException {
    line.setLength(0);
    number++;
    while (true) {
      if (place == filled) {
        place = 0;
        filled = Math.max(0, text.read(buffer));
        if (filled == 0) {
          return line.isEmpty() ? null : line.toString();
        }
      }
      int end = place;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      if (line.length() + end - place > LONGEST) {
        throw new TooLongException(number);
      }
      line.append(buffer, place, end - place);
      place = end;
      if (end < filled) {
        place++;
        int last = line.length() - 1;
        if (last >= 0 && line.charAt(last) == '\r') {
          line.setLength(last);
        }
        return line.toString();
      }
    }
  }
}
