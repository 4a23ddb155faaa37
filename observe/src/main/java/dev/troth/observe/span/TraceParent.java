package dev.troth.observe.span;

import java.util.Optional;

/**
 * The trace context that came with a request (W3C Trace Context §3.2).
 *
 * @param high the first half of the trace id
 * @param low the second half
 * @param span the caller's span id
 */
public record TraceParent(long high, long low, long span, boolean sampled) {
  private static final int LENGTH = 55;

  public TraceParent {
    if ((high == 0 && low == 0) || span == 0) {
      throw new IllegalArgumentException("trace or span id is zero");
    }
  }

  /** Reads the header; empty when it is not valid, as the recommendation wants. */
  public static Optional<TraceParent> parse(String header) {
    String text = header.strip();
    boolean future = text.length() > LENGTH && text.charAt(LENGTH) == '-' && !text.startsWith("00");
    if ((text.length() != LENGTH && !future)
        || text.startsWith("ff")
        || text.charAt(2) != '-'
        || text.charAt(35) != '-'
        || text.charAt(52) != '-'
        || !isHex(text, 0, 2)
        || !isHex(text, 3, 35)
        || !isHex(text, 36, 52)
        || !isHex(text, 53, 55)) {
      return Optional.empty();
    }
    long high = Long.parseUnsignedLong(text, 3, 19, 16);
    long low = Long.parseUnsignedLong(text, 19, 35, 16);
    long span = Long.parseUnsignedLong(text, 36, 52, 16);
    if ((high == 0 && low == 0) || span == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new TraceParent(high, low, span, (Integer.parseInt(text, 53, 55, 16) & 1) != 0));
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
