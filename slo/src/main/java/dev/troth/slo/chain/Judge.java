package dev.troth.slo.chain;

import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Chain.Sampling;
import dev.troth.slo.chain.Verdict.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Judges a request by all the spans of its trace: bad if any step failed, else unknown if a
 * required step is missing, else good.
 *
 * <p>The failures of the steps are united by request, never added: a database error that becomes a
 * function error that becomes a 500 is one bad request.
 */
public final class Judge {
  private Judge() {}

  /** The verdict, or nothing if no span is of a step of the chain. */
  public static Optional<Verdict> judge(Chain chain, List<Span> trace) {
    Stream<Seen> seen = trace.stream().map(span -> Seen.of(span, chain));
    return judgeSeen(chain, seen.toList());
  }

  static Optional<Verdict> judgeSeen(Chain chain, List<Seen> trace) {
    int steps = chain.steps().size();
    Seen[] last = new Seen[steps];
    long present = 0;
    long failed = 0;
    int attempts = 0;
    boolean sampled = false;
    for (Seen seen : trace) {
      if (seen.step() < 0) {
        continue;
      }
      long bit = 1L << seen.step();
      present |= bit;
      sampled |= seen.weight() != 1;
      if (seen.signs().failed()) {
        failed |= bit;
        attempts++;
      }
      Seen before = last[seen.step()];
      if (before == null || isLater(seen, before)) {
        last[seen.step()] = seen;
      }
    }
    if (present == 0) {
      return Optional.empty();
    }
    if (chain.retries() == Retries.FINAL) {
      failed = 0;
      for (int i = 0; i < steps; i++) {
        failed |= last[i] != null && last[i].signs().failed() ? 1L << i : 0;
      }
    }
    Seen entry = last[0];
    long missing = missing(chain, present);
    long latency = entry == null ? 0 : entry.time().nanos() - outside(chain, trace, entry);
    long end = entry == null ? lastEnd(last) : entry.time().end();
    double weight = entry == null ? 1 : entry.weight();
    Outcome outcome = outcome(chain, entry, failed, missing, sampled);
    return Optional.of(new Verdict(outcome, failed, missing, attempts, latency, end, weight));
  }

  private static Outcome outcome(
      Chain chain,
      @org.jspecify.annotations.Nullable Seen entry,
      long failed,
      long missing,
      boolean sampled) {
    if (sampled && chain.sampling() == Sampling.NONE) {
      return Outcome.SAMPLED;
    }
    if (entry != null && entry.signs().ignored()) {
      return Outcome.IGNORED;
    }
    if (failed != 0) {
      return Outcome.BAD;
    }
    return missing != 0 ? Outcome.UNKNOWN : Outcome.GOOD;
  }

  /** Later by start; of two that started together, by end, then by id, so that order is total. */
  private static boolean isLater(Seen a, Seen b) {
    if (a.time().start() != b.time().start()) {
      return a.time().start() > b.time().start();
    }
    if (a.time().end() != b.time().end()) {
      return a.time().end() > b.time().end();
    }
    return a.ids().span() > b.ids().span();
  }

  private static long missing(Chain chain, long present) {
    long missing = 0;
    for (int i = 0; i < chain.steps().size(); i++) {
      if (!chain.steps().get(i).traits().optional() && (present & (1L << i)) == 0) {
        missing |= 1L << i;
      }
    }
    return missing;
  }

  private static long lastEnd(Seen[] last) {
    long end = 0;
    for (Seen seen : last) {
      end = seen == null ? end : Math.max(end, seen.time().end());
    }
    return end;
  }

  private static long outside(Chain chain, List<Seen> trace, Seen entry) {
    return chain.measuresOutside() ? OutsideTime.nanos(chain, trace, entry.time()) : 0;
  }
}
