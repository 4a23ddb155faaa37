package dev.troth.gate.http;

/**
 * The body behind a head: of a known length, or in chunks (RFC 9112 §7.1), which are put together
 * where they lie. Extensions and trailers of chunks are passed over; what two servers could read
 * differently is refused. Reused; not thread-safe.
 */
public final class RequestBody {
  private static final int NO_LINE = -1;
  private static final int BAD_LINE = -2;
  private static final int MAX_DIGITS = 6;
  private static final int MAX_CHUNKED_BYTES = 2 * RequestHead.MAX_BODY_BYTES;

  private int bodyTo;
  private int to;

  /**
   * Reads the body behind a whole head in {@code buffer[0, limit)}. Chunks are moved only when all
   * of them are there. The body then is {@code buffer[head.headTo(), bodyTo())}.
   *
   * @return {@link RequestHead#INCOMPLETE}, {@link RequestHead#COMPLETE}, or the status to refuse
   *     the request with
   */
  public int read(RequestHead head, byte[] buffer, int limit) {
    int from = head.headTo();
    if (!head.isChunked()) {
      bodyTo = from + head.contentLength();
      to = bodyTo;
      return to <= limit ? RequestHead.COMPLETE : RequestHead.INCOMPLETE;
    }
    int status = scan(buffer, from, limit, false);
    return status == RequestHead.COMPLETE ? scan(buffer, from, limit, true) : status;
  }

  /** The end of the body after {@link RequestHead#COMPLETE}. */
  public int bodyTo() {
    return bodyTo;
  }

  /** Where the next request begins: behind the body, its last chunk and its trailers. */
  public int to() {
    return to;
  }

  private int scan(byte[] buffer, int from, int limit, boolean move) {
    int at = from;
    bodyTo = from;
    while (true) {
      int line = lineEnd(buffer, at, limit);
      int size = line < 0 ? line : size(buffer, at, line);
      if (size < 0) {
        return line == NO_LINE ? RequestHead.INCOMPLETE : 400;
      }
      at = line + 2;
      if (size == 0) {
        return trailers(buffer, at, limit);
      }
      // Chunks of a byte each are mostly their own lines, and are read again with each that comes.
      if (bodyTo - from + size > RequestHead.MAX_BODY_BYTES || at - from > MAX_CHUNKED_BYTES) {
        return 413;
      }
      if (limit - at < size + 2) {
        return RequestHead.INCOMPLETE;
      }
      if (buffer[at + size] != '\r' || buffer[at + size + 1] != '\n') {
        return 400;
      }
      if (move) {
        System.arraycopy(buffer, at, buffer, bodyTo, size);
      }
      bodyTo += size;
      at += size + 2;
    }
  }

  private int trailers(byte[] buffer, int from, int limit) {
    int at = from;
    while (true) {
      int line = lineEnd(buffer, at, limit);
      if (line < 0) {
        return line == NO_LINE ? RequestHead.INCOMPLETE : 400;
      }
      if (line == at) {
        to = at + 2;
        return RequestHead.COMPLETE;
      }
      at = line + 2;
    }
  }

  /** The size at the start of a chunk's line, in hexadecimal digits; or -2. */
  private static int size(byte[] buffer, int from, int to) {
    int size = 0;
    int at = from;
    while (at < to && digit(buffer[at]) >= 0) {
      if (at - from == MAX_DIGITS) {
        return BAD_LINE;
      }
      size = (size << 4) | digit(buffer[at++]);
    }
    return at == from || (at < to && buffer[at] != ';') ? BAD_LINE : size;
  }

  private static int digit(int b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** Where the next line ends, before its carriage return. */
  private static int lineEnd(byte[] buffer, int from, int limit) {
    for (int at = from; at < limit; at++) {
      int b = buffer[at];
      if (b == '\n') {
        return at > from && buffer[at - 1] == '\r' ? at - 1 : BAD_LINE;
      }
      if (b == 0 || (at > from && buffer[at - 1] == '\r')) {
        return BAD_LINE;
      }
    }
    return NO_LINE;
  }
}
