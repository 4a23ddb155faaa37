package dev.troth.observe.http;

/** Follows a chunked body (RFC 9112 §7.1), also when parts of it were not captured. */
final class ChunkReader {
  private static final long LARGEST = 1L << 50;
  private static final byte[] LAST = {'\r', '\n', '0', '\r', '\n', '\r', '\n'};

  private enum State {
    SIZE,
    EXTENSION,
    DATA,
    DATA_END,
    TRAILER_START,
    TRAILER,
    DONE,
    /** A part is missing that held the size of a chunk: only the very end can be recognised. */
    LOST
  }

  private State state = State.SIZE;
  private long size;
  private long remaining;
  private long bytes;
  private boolean guessed;

  void begin() {
    guessed = false;
    state = State.SIZE;
    size = 0;
    bytes = 0;
  }

  boolean done() {
    return state == State.DONE;
  }

  /** Whether the end was told from the last bytes alone. */
  boolean guessed() {
    return guessed;
  }

  boolean lost() {
    return state == State.LOST;
  }

  /** The bytes of content so far; a lower bound once a part is lost. */
  long bytes() {
    return bytes;
  }

  /** Reads on; the offset of the first byte that is not the body's any more. */
  int read(byte[] b, int from, int to) {
    int at = from;
    while (at < to && state != State.DONE) {
      if (state == State.DATA) {
        long taken = Math.min(remaining, to - at);
        at += (int) taken;
        take(taken);
      } else if (state == State.LOST) {
        if (endsHere(b, from, to)) {
          state = State.DONE;
          guessed = true;
        }
        return to;
      } else {
        step(b[at++]);
      }
    }
    return at;
  }

  private void step(byte c) {
    switch (state) {
      case SIZE -> size(c);
      case EXTENSION -> {
        if (c == '\n') {
          chunk();
        }
      }
      case DATA_END -> {
        if (c == '\n') {
          state = State.SIZE;
          size = 0;
        } else if (c != '\r') {
          state = State.LOST;
        }
      }
      case TRAILER_START -> {
        if (c == '\n') {
          state = State.DONE;
        } else if (c != '\r') {
          state = State.TRAILER;
        }
      }
      case TRAILER -> {
        if (c == '\n') {
          state = State.TRAILER_START;
        }
      }
      case DATA, DONE, LOST -> throw new IllegalStateException("no single byte moves " + state);
    }
  }

  private void size(byte c) {
    int digit = Character.digit(c, 16);
    if (digit >= 0 && size < LARGEST) {
      size = size << 4 | digit;
    } else if (c == ';' || c == ' ' || c == '\t' || c == '\r') {
      state = State.EXTENSION;
    } else if (c == '\n') {
      chunk();
    } else {
      state = State.LOST;
    }
  }

  private void chunk() {
    remaining = size;
    size = 0;
    state = remaining == 0 ? State.TRAILER_START : State.DATA;
  }

  private void take(long taken) {
    bytes += taken;
    remaining -= taken;
    if (remaining == 0) {
      state = State.DATA_END;
    }
  }

  /** Passes over bytes that were not captured; {@code tail} are the last of them, if known. */
  void skip(long missing, byte[] tail) {
    if (state == State.DATA && missing <= remaining) {
      take(missing);
      return;
    }
    if (state != State.DONE) {
      guessed = true;
      state = endsHere(tail, 0, tail.length) ? State.DONE : State.LOST;
    }
  }

  private static boolean endsHere(byte[] b, int from, int to) {
    int known = Math.min(LAST.length, to - from);
    if (known < LAST.length - 2) {
      return false;
    }
    for (int i = 1; i <= known; i++) {
      if (b[to - i] != LAST[LAST.length - i]) {
        return false;
      }
    }
    return true;
  }
}
