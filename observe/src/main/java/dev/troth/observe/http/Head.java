package dev.troth.observe.http;

import dev.troth.observe.exchange.Header;
import java.util.List;

/** The head of a message: its first line and those header fields that are of interest. */
public sealed interface Head {
  /** The fields of interest, in their order. */
  List<Header> headers();

  /** The value of {@code Content-Length}, {@link #ABSENT} or {@link #INVALID}. */
  long contentLength();

  /** Whether the last transfer coding is {@code chunked}. */
  boolean chunked();

  /** Whether another transfer coding is the last. */
  boolean otherCoding();

  /** Whether the head was seen to its end. */
  boolean whole();

  long ABSENT = -1;
  long INVALID = -2;

  /** The head of a request. */
  record Request(
      String method,
      String target,
      String version,
      List<Header> headers,
      long contentLength,
      boolean chunked,
      boolean otherCoding,
      boolean whole)
      implements Head {

    /** How the body is framed; a request without a length has none (RFC 9112 §6.3, item 7). */
    public Framing framing() {
      if (!whole || contentLength == INVALID || otherCoding) {
        return Framing.UNKNOWN;
      }
      return chunked ? Framing.CHUNKED : Framing.length(Math.max(0, contentLength));
    }
  }

  /** The head of a response. */
  record Response(
      int status,
      String version,
      List<Header> headers,
      long contentLength,
      boolean chunked,
      boolean otherCoding,
      boolean whole)
      implements Head {

    /** Whether it only announces another response to the same request. */
    public boolean interim() {
      return status < 200 && status != 101;
    }

    /** How the body is framed in the answer to this method (RFC 9112 §6.3). */
    public Framing framing(String method) {
      if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
        return whole ? Framing.NONE : Framing.UNKNOWN;
      }
      if (!whole || contentLength == INVALID) {
        return Framing.UNKNOWN;
      }
      if (chunked) {
        return Framing.CHUNKED;
      }
      return contentLength == ABSENT || otherCoding
          ? Framing.UNTIL_CLOSE
          : Framing.length(contentLength);
    }
  }
}
