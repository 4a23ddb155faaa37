package dev.troth.server.kafka;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What this platform sees of its brokers now: what is in the way, and what waits there. */
final class Traffic {
  /** A partition of a topic. */
  record Part(String topic, int number) {}

  private final Map<Part, Long> lags = new ConcurrentHashMap<>();
  private volatile String inWay = "";
  private volatile String outWay = "";

  /** Says what keeps messages from coming in; empty when nothing does. */
  void in(String obstacle) {
    inWay = obstacle;
  }

  /** Says what keeps changes from going out; empty when nothing does. */
  void out(String obstacle) {
    outWay = obstacle;
  }

  Optional<String> obstacleIn() {
    return Optional.of(inWay).filter(text -> !text.isEmpty());
  }

  Optional<String> obstacleOut() {
    return Optional.of(outWay).filter(text -> !text.isEmpty());
  }

  void lag(Part part, long messages) {
    lags.put(part, messages);
  }

  /** A partition that this platform does not read any more. */
  void left(Part part) {
    lags.remove(part);
  }

  /** The messages that wait, of the partitions that this platform reads. */
  Map<Part, Long> lags() {
    return Map.copyOf(lags);
  }
}
