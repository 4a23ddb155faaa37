package dev.troth.slo.chain;

import dev.troth.slo.chain.Chain.Retries;
import dev.troth.slo.chain.Verdict.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges a request by its spans: bad if any step failed, else unknown if a required step is
 * missing, else good.
 *
 * <p>The failures of the steps are united by request, never added: a database error that becomes a
 * function error that becomes a 500 is one bad request.
 */
public final class Judge {
  private Judge() {}

  /** The most requests that one can stand for; a sender that says more is not believed. */
  private static final double HEAVIEST = 1_000_000;

  /** The verdicts on the requests of a trace: one for each span of the entry step. */
  public static List<Verdict> judge(Chain chain, List<Span> trace) {
    Assignment assignment = new Assignment();
    List<Seen> all = new ArrayList<>();
    for (Span span : trace) {
      assignment.link(span.ids());
      all.add(Seen.of(span.ids(), span, chain));
    }
    return assignment.requests(all).values().stream()
        .map(seen -> judgeRequest(chain, seen, false))
        .toList();
  }

  /**
   * The verdict on one request.
   *
   * @param spans its own, the entry's among them
   * @param cut not all of its spans could be kept
   */
  static Verdict judgeRequest(Chain chain, List<Seen> spans, boolean cut) {
    int steps = chain.steps().size();
    Seen[] last = new Seen[steps];
    long present = 0;
    long failed = 0;
    int attempts = 0;
    boolean sampled = false;
    for (Seen seen : spans) {
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
    if (chain.retries() == Retries.FINAL) {
      failed = 0;
      for (int i = 0; i < steps; i++) {
        failed |= last[i] != null && last[i].signs().failed() ? 1L << i : 0;
      }
    }
    Seen entry = last[0];
    long missing = missing(chain, present);
    long latency = entry.time().nanos() - outside(chain, spans, entry);
    double weight = chain.sampling().weight(entry.weight());
    boolean refused = weight > HEAVIEST || (sampled && !chain.sampling().weighted());
    Outcome outcome =
        refused ? Outcome.SAMPLED : outcome(entry.signs().ignored(), failed, missing != 0 || cut);
    return new Verdict(
        outcome, failed, missing, attempts, latency, entry.time().end(), weight, entry.group());
  }

  private static Outcome outcome(boolean ignored, long failed, boolean incomplete) {
    if (ignored) {
      return Outcome.IGNORED;
    }
    if (failed != 0) {
      return Outcome.BAD;
    }
    return incomplete ? Outcome.UNKNOWN : Outcome.GOOD;
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

  private static long outside(Chain chain, List<Seen> trace, Seen entry) {
    return chain.measuresOutside() ? OutsideTime.nanos(chain, trace, entry.time()) : 0;
  }
}
