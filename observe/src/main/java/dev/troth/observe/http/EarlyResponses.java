package dev.troth.observe.http;

import dev.troth.observe.stream.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Responses that were told of before their request: a client may read on one thread what it asked
 * for on another, whose event comes a moment later. They wait for it, but not for long.
 */
final class EarlyResponses {
  private static final int MOST = 16;
  private static final long LONGEST_NANOS = 200_000_000;

  /** Hardly ever used, so it is made when it is. */
  private List<Segment> waiting = List.of();

  int held() {
    int bytes = 0;
    for (int i = 0; i < waiting.size(); i++) {
      bytes += waiting.get(i).captured();
    }
    return bytes;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void add(Segment segment) {
    if (waiting.isEmpty()) {
      waiting = new ArrayList<>();
    }
    waiting.add(segment.copy());
  }

  /** Whether the request will not come any more, or too much has come instead. */
  boolean isOverdue(long now) {
    return waiting.size() > MOST
        || (!waiting.isEmpty() && now - waiting.getFirst().time() > LONGEST_NANOS);
  }

  /** All that waited, in their order; none is left. */
  List<Segment> take() {
    List<Segment> taken = waiting;
    waiting = List.of();
    return taken;
  }
}
