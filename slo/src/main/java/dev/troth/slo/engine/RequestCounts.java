package dev.troth.slo.engine;

import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Verdict;
import dev.troth.slo.count.Delta;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import org.jspecify.annotations.Nullable;

/** What one request counts as, by its verdict: the same wherever requests are judged. */
final class RequestCounts {
  private RequestCounts() {}

  /** Takes the counts. */
  interface Sink {
    void add(Delta delta);

    /** The same of the group that the request belongs to, were there no limit. */
    void add(String group, Delta delta);

    /** A request took so long. */
    void latency(long minute, int bucket, long count);

    /** So many were refused because their sender samples. */
    void sampled(int requests);
  }

  /** Takes counts for the objective and for a group. */
  private record Both(Sink sink, String group) implements Sink {
    @Override
    public void add(Delta delta) {
      sink.add(delta);
      sink.add(group, delta);
    }

    @Override
    public void add(String other, Delta delta) {
      sink.add(other, delta);
    }

    @Override
    public void latency(long minute, int bucket, long count) {
      sink.latency(minute, bucket, count);
    }

    @Override
    public void sampled(int requests) {
      sink.sampled(requests);
    }
  }

  /** Counts a request of a chain, or corrects what it counted as before. */
  static void judged(
      Objective objective, Chain chain, @Nullable Verdict before, Verdict after, Sink sink) {
    if (before != null) {
      count(objective, chain, before, -1, sink);
    }
    count(objective, chain, after, 1, sink);
  }

  private static void count(Objective objective, Chain chain, Verdict verdict, int sign, Sink one) {
    Sink sink = verdict.group().isEmpty() ? one : new Both(one, verdict.group());
    switch (verdict.outcome()) {
      case GOOD -> add(objective, verdict, sign, false, sink);
      case BAD -> add(objective, verdict, sign, true, sink);
      case UNKNOWN -> unknown(objective, chain, verdict, sign, sink);
      case IGNORED -> {}
      case SAMPLED -> sink.sampled(sign);
    }
  }

  private static void unknown(
      Objective objective, Chain chain, Verdict verdict, int sign, Sink sink) {
    switch (chain.missing()) {
      case GOOD -> add(objective, verdict, sign, false, sink);
      case BAD -> add(objective, verdict, sign, true, sink);
      case EXCLUDED -> {}
    }
    long[] none = new long[objective.steps().size()];
    long requests = sign * (long) verdict.weight();
    sink.add(new Delta(verdict.minute(), 0, new long[parts(objective)], requests, none));
  }

  private static void add(Objective objective, Verdict verdict, int sign, boolean bad, Sink sink) {
    long weight = sign * (long) verdict.weight();
    switch (objective.measure()) {
      case Measure.Requests requests -> addRequest(requests, verdict, weight, bad, sink);
      case Measure.Latency latency -> {
        if (!bad) {
          boolean slow = verdict.latencyNanos() > latency.threshold().toNanos();
          sink.add(Delta.of(verdict.minute(), weight, slow ? weight : 0));
          sink.latency(verdict.minute(), Histogram.bucket(verdict.latencyNanos()), weight);
        }
      }
      case Measure.Counters counters -> {}
      case Measure.Unmeasured unmeasured -> {}
    }
  }

  private static void addRequest(
      Measure.Requests requests, Verdict verdict, long weight, boolean bad, Sink sink) {
    long[] steps = new long[requests.chain().steps().size()];
    long blamed = verdict.failed() | (bad ? verdict.missing() : 0);
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (blamed & (1L << i)) != 0 ? weight : 0;
    }
    long[] counted =
        switch (requests.kind()) {
          case EXACT, DISJOINT -> new long[] {bad ? weight : 0};
          case ADDITIVE -> new long[] {weight * added(verdict, bad)};
          case INTERVAL -> steps;
        };
    sink.add(new Delta(verdict.minute(), weight, counted, 0, steps));
    if (!bad) {
      sink.latency(verdict.minute(), Histogram.bucket(verdict.latencyNanos()), weight);
    }
  }

  /** What the naive recipe counts: each failed attempt at each step. */
  private static int added(Verdict verdict, boolean bad) {
    return verdict.attempts() + (bad ? Long.bitCount(verdict.missing()) : 0);
  }

  /** How many counts of bad events there are: one, or one for each part of an interval. */
  static int parts(Objective objective) {
    return objective.kind() == CountingMethod.INTERVAL ? objective.steps().size() : 1;
  }
}
