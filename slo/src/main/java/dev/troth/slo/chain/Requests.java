package dev.troth.slo.chain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Joins spans into requests by trace id and judges each when its time has come.
 *
 * <p>A request is judged when the watermark has passed since its first span arrived. A span that
 * comes later, within the lateness, has its request judged again, and the sink is told both
 * verdicts, so that counts are corrected in place. The same span twice is one span. What is kept is
 * bounded: the oldest judged requests are forgotten first; when only open ones are left, new spans
 * are refused.
 *
 * <p>The outcome is a function of the spans and their times of arrival alone. Not thread-safe.
 */
public final class Requests {
  private final List<Chain> chains;
  private final Limits limits;
  private final Map<String, Trace> open = new LinkedHashMap<>();
  private final Map<String, Trace> judged = new LinkedHashMap<>();
  private final Set<Trace> late = new java.util.LinkedHashSet<>();
  private final Losses losses = new Losses();
  private int kept;

  public Requests(List<Chain> chains, Limits limits) {
    this.chains = List.copyOf(chains);
    this.limits = limits;
  }

  /**
   * How long to wait and how much to keep.
   *
   * @param watermark from a request's first span to its verdict
   * @param lateness from a span's end to the last moment at which it still counts
   * @param spans the most spans that are kept, about 150 bytes each
   */
  public record Limits(Duration watermark, Duration lateness, int spans) {
    public static final Limits DEFAULT =
        new Limits(Duration.ofMinutes(2), Duration.ofHours(1), 500_000);

    /** Clocks of senders may be ahead by this much. */
    static final Duration AHEAD = Duration.ofMinutes(5);
  }

  /** What became of a span. */
  public enum Receipt {
    TAKEN,
    /** No step of any chain; nothing is kept of it. */
    UNRELATED,
    DUPLICATE,
    /** It ended longer ago than the lateness. */
    TOO_LATE,
    /** It ends in the future: the sender's clock is wrong. */
    AHEAD,
    /** There is no room; the sender should try again later. */
    REFUSED
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
    private long forgotten;

    public long tooLate() {
      return tooLate;
    }

    public long ahead() {
      return ahead;
    }

    /** Judged requests that made room before their lateness was over. */
    public long forgotten() {
      return forgotten;
    }
  }

  private static final class Trace {
    final String id;
    final long arrival;
    final Set<Long> spans = new HashSet<>(8);
    final List<List<Seen>> seen = new ArrayList<>();
    final List<@Nullable Verdict> verdicts = new ArrayList<>();
    int kept;

    Trace(String id, long arrival, int chains) {
      this.id = id;
      this.arrival = arrival;
      for (int i = 0; i < chains; i++) {
        seen.add(new ArrayList<>(0));
        verdicts.add(null);
      }
    }
  }

  /** Takes one span that arrived at this time (milliseconds since 1970). */
  public Receipt accept(Span span, long arrivalMillis) {
    long endMillis = span.time().end() / 1_000_000;
    if (endMillis < arrivalMillis - limits.lateness.toMillis()) {
      losses.tooLate++;
      return Receipt.TOO_LATE;
    }
    if (endMillis > arrivalMillis + Limits.AHEAD.toMillis()) {
      losses.ahead++;
      return Receipt.AHEAD;
    }
    String id = span.ids().trace();
    Trace known = open.containsKey(id) ? open.get(id) : judged.get(id);
    if (known != null && known.spans.contains(span.ids().span())) {
      return Receipt.DUPLICATE;
    }
    List<@Nullable Seen> seen = see(span);
    if (seen.isEmpty()) {
      return Receipt.UNRELATED;
    }
    if (!makeRoom()) {
      return Receipt.REFUSED;
    }
    Trace trace = known != null ? known : new Trace(id, arrivalMillis, chains.size());
    if (known == null) {
      open.put(id, trace);
    } else if (judged.containsKey(id)) {
      late.add(trace);
    }
    keep(trace, span, seen);
    return Receipt.TAKEN;
  }

  /** What each chain sees in the span; empty if nothing is worth keeping. */
  private List<@Nullable Seen> see(Span span) {
    List<@Nullable Seen> all = new ArrayList<>(chains.size());
    boolean worth = false;
    for (Chain chain : chains) {
      Seen seen = Seen.of(span, chain);
      boolean keep = seen.step() >= 0 || chain.measuresOutside();
      worth |= keep;
      all.add(keep ? seen : null);
    }
    return worth ? all : List.of();
  }

  private void keep(Trace trace, Span span, List<@Nullable Seen> seen) {
    trace.spans.add(span.ids().span());
    for (int i = 0; i < seen.size(); i++) {
      Seen one = seen.get(i);
      if (one != null) {
        trace.seen.get(i).add(one);
        trace.kept++;
        kept++;
      }
    }
  }

  private boolean makeRoom() {
    while (kept >= limits.spans && !judged.isEmpty()) {
      forget(judged.values().iterator());
      losses.forgotten++;
    }
    return kept < limits.spans;
  }

  private void forget(Iterator<Trace> oldest) {
    Trace trace = oldest.next();
    oldest.remove();
    late.remove(trace);
    kept -= trace.kept;
  }

  /** Judges what is due at this time, and judges again what late spans have changed. */
  public void settle(long nowMillis, Sink sink) {
    for (Trace trace : late) {
      judge(trace, sink);
    }
    late.clear();
    long due = nowMillis - limits.watermark.toMillis();
    Iterator<Trace> oldest = open.values().iterator();
    while (oldest.hasNext()) {
      Trace trace = oldest.next();
      if (trace.arrival > due) {
        break;
      }
      oldest.remove();
      if (judge(trace, sink)) {
        judged.put(trace.id, trace);
      } else {
        kept -= trace.kept;
      }
    }
    long over = due - limits.lateness.toMillis();
    while (!judged.isEmpty() && judged.values().iterator().next().arrival <= over) {
      forget(judged.values().iterator());
    }
  }

  /** Whether it is a request of any chain. */
  private boolean judge(Trace trace, Sink sink) {
    boolean any = false;
    for (int i = 0; i < chains.size(); i++) {
      Optional<Verdict> after = Judge.judgeSeen(chains.get(i), trace.seen.get(i));
      if (after.isPresent()) {
        any = true;
        Verdict before = trace.verdicts.set(i, after.get());
        if (!after.get().equals(before)) {
          sink.judged(i, before, after.get());
        }
      }
    }
    return any;
  }

  /** The number of spans kept at the moment, per chain that keeps them. */
  public int kept() {
    return kept;
  }

  /** Whether nothing more can be taken until open requests are judged. */
  public boolean full() {
    return kept >= limits.spans && judged.isEmpty();
  }

  /** Requests that wait for the watermark. */
  public int waiting() {
    return open.size();
  }

  public Losses losses() {
    return losses;
  }
}
