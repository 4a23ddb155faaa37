package dev.troth.observe.log;

import dev.troth.observe.span.Operation;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Joins what one process writes to one file to lines. A line that is longer than {@link #MOST} is
 * told of cut, once. Not thread-safe.
 */
final class LineJoiner {
  /** The most bytes of a line. */
  static final int MOST = 8_192;

  private static final byte[] NOTHING = {};

  /**
   * Who writes.
   *
   * @param thread 0 if several had a part in it
   * @param open the request that the thread is handling, as far as it seems
   */
  record Writer(int thread, @Nullable Operation open) {
    static final Writer SEVERAL = new Writer(0, null);

    private boolean is(Writer other) {
      return thread == other.thread && open == other.open;
    }
  }

  /**
   * A line.
   *
   * @param time when its first byte was written
   * @param cut whether there was more of it
   */
  record Joined(byte[] bytes, long time, Writer writer, boolean cut) {}

  private byte[] held = NOTHING;
  private Writer writer = Writer.SEVERAL;
  private long began;
  private long last;
  private boolean skipping;

  /**
   * Takes what was written at once.
   *
   * @param captured how many of its bytes are there, from the beginning
   * @param whole whether these are all
   */
  void add(
      byte[] bytes, int captured, boolean whole, Writer by, long time, Consumer<Joined> lines) {
    int start = 0;
    for (int at = 0; at < captured; at++) {
      if (bytes[at] == '\n') {
        append(bytes, start, at, by, time, lines);
        if (!skipping) {
          emit(false, lines);
        }
        skipping = false;
        start = at + 1;
      }
    }
    if (start < captured) {
      append(bytes, start, captured, by, time, lines);
    }
    last = time;
    if (!whole) {
      // Nobody knows where the rest ends; what comes next is taken for a new line.
      emit(true, lines);
      skipping = false;
    }
  }

  private void append(
      byte[] bytes, int from, int to, Writer by, long time, Consumer<Joined> lines) {
    if (skipping) {
      return;
    }
    if (held.length == 0) {
      writer = by;
      began = time;
    } else if (!writer.is(by)) {
      writer = Writer.SEVERAL;
    }
    int before = held.length;
    int taken = Math.min(to - from, MOST - before);
    held = Arrays.copyOf(held, before + taken);
    System.arraycopy(bytes, from, held, before, taken);
    if (taken < to - from) {
      emit(true, lines);
      skipping = true;
    }
  }

  private void emit(boolean cut, Consumer<Joined> lines) {
    if (held.length > 0) {
      Joined line = new Joined(held, began, writer, cut);
      held = NOTHING;
      lines.accept(line);
    }
  }

  /** Takes what there is of a line for all of it. */
  void flush(Consumer<Joined> lines) {
    emit(false, lines);
  }

  /** How many bytes wait for the end of their line. */
  int held() {
    return held.length;
  }

  /** When something was written last. */
  long last() {
    return last;
  }
}
