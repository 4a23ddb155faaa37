package dev.troth.slo.chain;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins spans into requests by trace id and judges each when its time has come.
 *
 * <p>A span of the entry step opens a request; spans of traces without one belong to nobody, and a
 * trace with several holds several requests. A trace is judged when the watermark has passed since
 * its first span arrived. A span that comes later, within the lateness, has its trace judged again,
 * and the sink is told both verdicts, so that counts are corrected in place. The same span twice is
 * one span.
 *
 * <p>What is kept is bounded in bytes, as an estimate. Traces of which no span is of any step make
 * room first, then those that were judged longest ago; when only open ones are left, the senders
 * have to wait. One trace has a bound of its own, so that it cannot crowd out the others: what goes
 * beyond is dropped, and its requests are at best unknown.
 *
 * <p>The outcome is a function of the spans and their times of arrival alone. Not thread-safe.
 */
public final class Requests {
  private final List<Chain> chains;
  private final Limits limits;
  private final Weights weights;

  /** Traces of which no span is of any step yet. */
  private final Map<String, Trace> strange = new LinkedHashMap<>();

  private final Map<String, Trace> open = new LinkedHashMap<>();
  private final Map<String, Trace> judged = new LinkedHashMap<>();
  private final Set<Trace> late = new LinkedHashSet<>();
  private final Losses losses = new Losses();
  private long bytes;

  public Requests(List<Chain> chains, Limits limits) {
    this.chains = List.copyOf(chains);
    this.limits = limits;
    this.weights = new Weights(this.chains.size());
  }

  /**
   * How long to wait and how much to keep.
   *
   * @param watermark from a request's first span to its verdict
   * @param lateness from a span's end to the last moment at which it still counts
   * @param bytes the most that spans may take before senders have to wait; half as much again is
   *     there for what they have sent already. One trace may take a 64th
   */
  public record Limits(Duration watermark, Duration lateness, long bytes) {
    public static final Limits DEFAULT =
        new Limits(Duration.ofMinutes(2), Duration.ofHours(1), 64L << 20);

    private static final int TRACES = 64;

    /** Clocks of senders may be ahead by this much. */
    public static final Duration AHEAD = Duration.ofMinutes(5);

    long trace() {
      return bytes / TRACES;
    }

    long most() {
      return bytes + bytes / 2;
    }
  }

  /** What became of a span. */
  public enum Receipt {
    TAKEN,
    /** There is no chain that it could belong to; nothing is kept of it. */
    UNRELATED,
    DUPLICATE,
    /** It ended longer ago than the lateness. */
    TOO_LATE,
    /** It ends in the future: the sender's clock is wrong. */
    AHEAD,
    /** Its trace is as large as one may be. */
    TOO_LARGE,
    /** There is no room at all. */
    CROWDED
  }

  /** Is told verdicts; {@code before} is what the same request counted as until now. */
  @FunctionalInterface
  public interface Sink {
    void judged(int chain, @Nullable Verdict before, Verdict after);
  }

  /** How much was not counted, since the start. */
  public static final class Losses {
    private long tooLate;
    private long ahead;
    private long tooLarge;
    private long crowded;
    private long forgotten;
    private long strangers;

    public long tooLate() {
      return tooLate;
    }

    public long ahead() {
      return ahead;
    }

    /** Spans of traces that were as large as one may be. */
    public long tooLarge() {
      return tooLarge;
    }

    /** Spans for which there was no room at all. */
    public long crowded() {
      return crowded;
    }

    /** Judged requests that made room before their lateness was over. */
    public long forgotten() {
      return forgotten;
    }

    /** Traces with a step of a chain and without its entry: they belong to no request. */
    public long strangers() {
      return strangers;
    }
  }

  /** Takes one span that arrived at this time (milliseconds since 1970). */
  public Receipt accept(Span span, long arrivalMillis) {
    if (chains.isEmpty()) {
      return Receipt.UNRELATED;
    }
    long endMillis = span.time().end() / 1_000_000;
    if (endMillis < arrivalMillis - limits.lateness.toMillis()) {
      losses.tooLate++;
      return Receipt.TOO_LATE;
    }
    if (endMillis > arrivalMillis + Limits.AHEAD.toMillis()) {
      losses.ahead++;
      return Receipt.AHEAD;
    }
    Trace known = find(span.ids().trace());
    if (known != null && known.knows(span)) {
      return Receipt.DUPLICATE;
    }
    if (known != null && known.bytes() > limits.trace()) {
      cut(known);
      losses.tooLarge++;
      return Receipt.TOO_LARGE;
    }
    makeRoom(known);
    if (bytes >= limits.most()) {
      losses.crowded++;
      return Receipt.CROWDED;
    }
    Trace trace = known != null ? known : new Trace(span.ids().trace(), arrivalMillis, chains);
    bytes -= known != null ? known.bytes() : 0;
    trace.add(span, arrivalMillis);
    bytes += trace.bytes();
    place(trace, known == null);
    return Receipt.TAKEN;
  }

  private @Nullable Trace find(String id) {
    Trace trace = open.get(id);
    if (trace == null) {
      trace = strange.get(id);
    }
    return trace != null ? trace : judged.get(id);
  }

  /** Puts a trace that has a new span where it belongs. */
  private void place(Trace trace, boolean isNew) {
    if (judged.containsKey(trace.id())) {
      late.add(trace);
    } else if (!trace.isRelated()) {
      strange.put(trace.id(), trace);
    } else if (isNew || strange.remove(trace.id()) != null) {
      open.put(trace.id(), trace);
    }
  }

  /** A trace that was judged is judged again, as one that is not known whole. */
  private void cut(Trace trace) {
    if (trace.cut() && judged.containsKey(trace.id())) {
      late.add(trace);
    }
  }

  private void makeRoom(@Nullable Trace except) {
    Iterator<Trace> candidates = strange.values().iterator();
    while (bytes >= limits.bytes && candidates.hasNext()) {
      Trace candidate = candidates.next();
      if (!candidate.equals(except)) {
        candidates.remove();
        bytes -= candidate.bytes();
      }
    }
    Iterator<Trace> oldest = judged.values().iterator();
    while (bytes >= limits.bytes && oldest.hasNext()) {
      Trace trace = oldest.next();
      if (!trace.equals(except)) {
        oldest.remove();
        losses.forgotten += trace.isRequest() ? 1 : 0;
        forget(trace);
      }
    }
  }

  private void forget(Trace trace) {
    late.remove(trace);
    bytes -= trace.bytes();
    if (!trace.isRequest()) {
      losses.strangers++;
    }
  }

  /** Judges what is due at this time, and judges again what late spans have changed. */
  public void settle(long nowMillis, Sink sink) {
    for (Trace trace : late) {
      trace.judge(weights, sink);
    }
    late.clear();
    long due = nowMillis - limits.watermark.toMillis();
    Iterator<Trace> candidates = strange.values().iterator();
    while (candidates.hasNext()) {
      Trace trace = candidates.next();
      if (trace.arrival() > due) {
        break;
      }
      candidates.remove();
      bytes -= trace.bytes();
    }
    Iterator<Trace> oldest = open.values().iterator();
    while (oldest.hasNext()) {
      Trace trace = oldest.next();
      if (trace.opened() > due) {
        break;
      }
      oldest.remove();
      trace.judge(weights, sink);
      judged.put(trace.id(), trace);
    }
    long over = due - limits.lateness.toMillis();
    Iterator<Trace> old = judged.values().iterator();
    while (old.hasNext()) {
      Trace trace = old.next();
      if (trace.opened() > over) {
        break;
      }
      old.remove();
      forget(trace);
    }
  }

  /** Whether any span of the trace is kept. */
  public boolean keeps(String trace) {
    return find(trace) != null;
  }

  /** No span that is kept arrived before this time; the largest number if none is kept. */
  public long oldest() {
    long oldest = Long.MAX_VALUE;
    for (Map<String, Trace> traces : List.of(strange, open, judged)) {
      Iterator<Trace> first = traces.values().iterator();
      oldest = first.hasNext() ? Math.min(oldest, first.next().opened()) : oldest;
    }
    // Before it is opened, a trace is kept for as long as the watermark.
    return oldest == Long.MAX_VALUE ? oldest : oldest - limits.watermark.toMillis();
  }

  /** What the spans take at the moment, in bytes, as an estimate. */
  public long bytes() {
    return bytes;
  }

  /** Whether nothing more can be taken until open requests are judged. */
  public boolean full() {
    return bytes >= limits.bytes && judged.isEmpty() && strange.isEmpty();
  }

  /** Traces that wait for the watermark. */
  public int waiting() {
    return open.size();
  }

  public Losses losses() {
    return losses;
  }
}
