package dev.troth.observe.agent;

import dev.troth.observe.metrics.AgentCounters;
import dev.troth.observe.metrics.EdgeMetrics;
import dev.troth.observe.span.Labels;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Notices when the agent did not run, or lost events, and says so at once, though not over and
 * over.
 */
final class Watchdog {
  /** A rest that is longer than was meant by this is a stall. */
  private static final long STALL_NANOS = 1_000_000_000L;

  private static final long QUIET_NANOS = 10_000_000_000L;

  private final Consumer<String> log;
  private volatile long lastTurn;
  private long expected;
  private long stalls;
  private long lost;
  private long cut;
  private long strangers;
  private long missing;
  private long saidAt;
  private boolean said;
  private boolean saidBeyond;

  Watchdog(Consumer<String> log) {
    this.log = log;
  }

  void begin(long now) {
    expected = now;
    lastTurn = now;
  }

  /** A turn begins. */
  void turn(long now) {
    long late = now - expected;
    if (late > STALL_NANOS) {
      stalls++;
      log.accept(
          String.format(
              Locale.ROOT, "did not run for %.1f s: the machine or a signal held it", late / 1e9));
    }
    lastTurn = now;
  }

  /** The agent rests for so long. */
  void rest(long now, long pause) {
    expected = now + pause;
  }

  /** Called about once a second. */
  void losses(long now, AgentCounters counters) {
    long lostNow = counters.lost() - lost;
    long cutNow = counters.kernel().cut() - cut;
    long strangersNow = counters.trouble().strangers() - strangers;
    if (lostNow + cutNow + strangersNow == 0 || (said && now - saidAt < QUIET_NANOS)) {
      return;
    }
    long requests = Math.max(0, counters.missing() - missing);
    if (lostNow + cutNow > 0) {
      log.accept(
          "%,d events lost, %,d messages cut short, about %,d requests are missing: a larger limits.ring_bytes or less traffic helps"
              .formatted(lostNow, cutNow, requests));
    }
    if (strangersNow > 0) {
      log.accept(
          "%,d events of unknown processes, about %,d requests are missing%s: who starts another program and ends within 50 ms is not known"
              .formatted(strangersNow, requests, lostNow + cutNow > 0 ? " with those" : ""));
    }
    lost = counters.lost();
    cut += cutNow;
    strangers += strangersNow;
    missing = counters.missing();
    said = true;
    saidAt = now;
  }

  /** So many requests were counted among others; that there are any is said once. */
  void beyond(long requests) {
    if (requests > 0 && !saidBeyond) {
      saidBeyond = true;
      log.accept(
          "more than %,d pairs of caller and callee: the metrics of further ones are told together as %s"
              .formatted(EdgeMetrics.MOST_EDGES, Labels.OTHER));
    }
  }

  long stalls() {
    return stalls;
  }

  long lastTurn() {
    return lastTurn;
  }
}
