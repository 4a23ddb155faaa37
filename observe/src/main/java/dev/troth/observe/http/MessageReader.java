package dev.troth.observe.http;

import dev.troth.observe.exchange.Place;
import dev.troth.observe.stream.Segment;
import java.util.Arrays;

/**
 * Reads the messages of one direction, segment by segment. What it cannot follow it says: the
 * direction is then lost until a segment begins with a head again.
 */
final class MessageReader {
  /** Longest head that is put together from several segments. */
  private static final int LONGEST_HEAD = 32 * 1024;

  /** What the conversation does with what was read. */
  interface Messages {
    /** A head; the answer is how the body is framed, or {@code null} when these bytes are none. */
    @org.jspecify.annotations.Nullable
    Framing head(byte[] bytes, int from, int to, boolean whole, Place place);

    /** The message that the last head began is complete. */
    void end(long time, long bodyBytes);

    /** Bytes are missing that may have held heads; the last of them lies before the position. */
    void lost(int position);

    /**
     * Bytes are missing within a body whose end is not known; they may have held the next messages.
     */
    void obscured(int position);

    /** Whether bytes at the beginning of a segment can be the beginning of a head. */
    boolean begins(byte[] bytes, int captured);
  }

  private enum State {
    BOUNDARY,
    HEAD,
    LENGTH,
    CHUNKED,
    /** A body whose end only the next message or the end of the connection tells. */
    OPEN_ENDED,
    LOST
  }

  private static final byte[] NOTHING = {};

  private final Messages messages;
  private final ChunkReader chunks = new ChunkReader();
  private State state = State.BOUNDARY;
  private byte[] head = NOTHING;
  private int headLength;
  private Place headPlace = Place.NONE;
  private long remaining;
  private long bodyBytes;
  private long lastByte;
  private long now;

  /** Whether the end of the current body is not to be recognised from its bytes. */
  private boolean unknownEnd;

  MessageReader(Messages messages) {
    this.messages = messages;
  }

  /** Whether a head has begun and is not complete. */
  boolean inHead() {
    return state == State.HEAD;
  }

  boolean atBoundary() {
    return state == State.BOUNDARY || state == State.LOST;
  }

  boolean openEnded() {
    return state == State.OPEN_ENDED || chunksLost();
  }

  private boolean chunksLost() {
    return state == State.CHUNKED && chunks.lost();
  }

  private void endOfMessage(long time, long bytes) {
    state = State.BOUNDARY;
    unknownEnd = false;
    messages.end(time, bytes);
  }

  /** The bytes of a head that is not complete. */
  int held() {
    return head.length;
  }

  /** The time of the last byte of the current body. */
  long lastByte() {
    return lastByte;
  }

  long bodyBytes() {
    return state == State.CHUNKED ? chunks.bytes() : bodyBytes;
  }

  /** Forgets the current message and waits for a segment that begins with a head. */
  void abandon() {
    state = State.LOST;
    unknownEnd = false;
    headLength = 0;
    head = NOTHING;
  }

  void read(Segment segment) {
    byte[] b = segment.bytes();
    int to = segment.captured();
    int at = 0;
    now = segment.time();
    if (state == State.LOST) {
      if (!messages.begins(b, to)) {
        return;
      }
      messages.obscured(segment.position()); // what passed since then was not read
      if (!messages.begins(b, to)) {
        return;
      }
      state = State.BOUNDARY;
    } else if ((unknownEnd || chunksLost()) && messages.begins(b, to)) {
      endOfMessage(lastByte, bodyBytes());
    }
    while (at < to) {
      switch (state) {
        case BOUNDARY -> {
          if (b[at] == '\r' || b[at] == '\n') {
            at++; // empty lines before a message are passed over (RFC 9112 §2.2)
          } else {
            headPlace = Place.in(segment, at);
            state = State.HEAD;
          }
        }
        case HEAD -> at = head(b, at, to, segment);
        case LENGTH -> at += (int) body(Math.min(remaining, to - at), segment.time());
        case CHUNKED -> at = chunk(b, at, to, segment.time());
        case OPEN_ENDED -> {
          body(to - at, segment.time());
          at = to;
        }
        case LOST -> at = to;
      }
    }
    if (segment.missing() > 0) {
      skip(segment.missing(), segment.tail(), segment.time(), segment.end());
    }
  }

  /** Passes over bytes that are not known. */
  void skip(long missing, byte[] tail, long time, int end) {
    switch (state) {
      case BOUNDARY -> lose(end);
      case HEAD -> {
        now = time;
        headComplete(head, 0, headLength, false);
        headLength = 0;
        if (state == State.OPEN_ENDED) {
          lastByte = time;
          messages.obscured(end);
        } else if (state != State.LOST) {
          lose(end);
        }
      }
      case LENGTH -> {
        long beyond = missing - remaining;
        body(Math.min(remaining, missing), time);
        if (beyond > 0) {
          lose(end);
        }
      }
      case CHUNKED -> {
        lastByte = time;
        chunks.skip(missing, tail);
        if (chunks.lost()) {
          messages.obscured(end);
        }
        chunkDone(time);
      }
      case OPEN_ENDED -> {
        body(missing, time);
        messages.obscured(end);
      }
      case LOST -> messages.lost(end);
    }
  }

  private void lose(int end) {
    state = State.LOST;
    headLength = 0;
    head = NOTHING;
    messages.lost(end);
  }

  private int head(byte[] b, int at, int to, Segment segment) {
    if (headLength == 0) {
      int end = HeadParser.end(b, at, to);
      if (end >= 0) {
        headComplete(b, at, end, true);
        return end;
      }
    }
    int before = headLength;
    keep(b, at, to);
    int end = HeadParser.end(head, Math.max(0, before - 3), headLength);
    if (end >= 0) {
      headLength = 0;
      byte[] whole = head;
      head = NOTHING;
      headComplete(whole, 0, end, true);
      return at + end - before;
    }
    if (headLength > LONGEST_HEAD || !messages.begins(head, headLength)) {
      lose(segment.end());
    }
    return to;
  }

  private void keep(byte[] b, int from, int to) {
    if (head.length < headLength + to - from) {
      head = Arrays.copyOf(head, Math.max(1_024, 2 * (headLength + to - from)));
    }
    System.arraycopy(b, from, head, headLength, to - from);
    headLength += to - from;
  }

  private void headComplete(byte[] b, int from, int to, boolean whole) {
    Framing framing = messages.head(b, from, to, whole, headPlace);
    bodyBytes = 0;
    unknownEnd = false;
    lastByte = now;
    switch (framing) {
      case null -> lose(headPlace.position() + to - from);
      case Framing.None none -> {
        endOfMessage(now, 0);
      }
      case Framing.Length length -> {
        state = State.LENGTH;
        remaining = length.bytes();
      }
      case Framing.Chunked chunked -> {
        state = State.CHUNKED;
        chunks.begin();
      }
      case Framing.UntilClose untilClose -> state = State.OPEN_ENDED;
      case Framing.Unknown unknown -> {
        state = State.OPEN_ENDED;
        unknownEnd = true;
      }
    }
  }

  private long body(long taken, long time) {
    bodyBytes += taken;
    lastByte = time;
    if (state == State.LENGTH) {
      remaining -= taken;
      if (remaining == 0) {
        endOfMessage(time, bodyBytes);
      }
    }
    return taken;
  }

  private int chunk(byte[] b, int at, int to, long time) {
    lastByte = time;
    int next = chunks.read(b, at, to);
    chunkDone(time);
    return next;
  }

  private void chunkDone(long time) {
    if (chunks.done()) {
      endOfMessage(time, chunks.bytes());
      if (chunks.guessed()) {
        state = State.LOST; // other messages may have passed unseen
      }
    }
  }
}
