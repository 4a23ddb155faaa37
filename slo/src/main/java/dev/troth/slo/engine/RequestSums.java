package dev.troth.slo.engine;

import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Requests;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Requests.Receipt;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Verdict;
import dev.troth.slo.count.Delta;
import dev.troth.slo.objective.Objective;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of the requests of all objectives, judged and summed up where their spans are, for an
 * {@link SloEngine} elsewhere that adds the sums and evaluates. It keeps no window and knows no
 * alert. Whoever has a part has all spans of its traces.
 *
 * <p>What follows is a function of the spans and the times that come with them. Not thread-safe.
 */
public final class RequestSums {
  private final List<Chain> chains = new ArrayList<>();
  private final List<List<Sum>> byChain = new ArrayList<>();
  private final Map<String, Sum> sums = new LinkedHashMap<>();
  private final Requests requests;

  public RequestSums(List<Objective> objectives, Limits limits) {
    for (Objective objective : objectives) {
      objective.chain().ifPresent(chain -> attach(chain, objective));
    }
    this.requests = new Requests(chains, limits);
  }

  private void attach(Chain chain, Objective objective) {
    int index = chains.indexOf(chain);
    if (index < 0) {
      index = chains.size();
      chains.add(chain);
      byChain.add(new ArrayList<>());
    }
    Sum sum = new Sum(objective);
    byChain.get(index).add(sum);
    sums.put(objective.name(), sum);
  }

  /** What the requests of an objective count that is not stored yet. */
  public static final class Sum {
    private final Objective objective;
    private final Pending pending = new Pending();
    private final RequestCounts.Sink sink = new Counted();
    private long sampled;

    private Sum(Objective objective) {
      this.objective = objective;
    }

    /** Counts by minute, and latencies. */
    public Pending pending() {
      return pending;
    }

    /** Requests that were refused because their sender samples. */
    public long sampled() {
      return sampled;
    }

    private boolean isEmpty() {
      return pending.isEmpty() && sampled == 0;
    }

    private void clear() {
      pending.clear();
      sampled = 0;
    }

    private final class Counted implements RequestCounts.Sink {
      @Override
      public void add(Delta delta) {
        pending.add(delta);
      }

      @Override
      public void add(String group, Delta delta) {
        pending.add(group, delta);
      }

      @Override
      public void latency(long minute, int bucket, long count) {
        pending.latency(minute, bucket, count);
      }

      @Override
      public void sampled(int requests) {
        sampled += requests;
      }
    }
  }

  /** Takes one span. */
  public Receipt accept(Span span, Instant arrival) {
    return requests.accept(span, arrival.toEpochMilli());
  }

  /** Judges what is due. */
  public void settle(Instant now) {
    requests.settle(now.toEpochMilli(), this::judged);
  }

  /** Judges as {@link #settle} did at this time, but counts nothing: it is counted already. */
  public void rejoin(Instant at) {
    requests.settle(at.toEpochMilli(), (chain, before, after) -> {});
  }

  private void judged(int chain, @Nullable Verdict before, Verdict after) {
    for (Sum sum : byChain.get(chain)) {
      RequestCounts.judged(sum.objective, chains.get(chain), before, after, sum.sink);
    }
  }

  /** The sums that are not empty, by objective; the caller stores them and clears them. */
  public Map<String, Sum> sums() {
    Map<String, Sum> filled = new LinkedHashMap<>();
    sums.forEach((name, sum) -> {
      if (!sum.isEmpty()) {
        filled.put(name, sum);
      }
    });
    return filled;
  }

  /** Forgets the sums, once they are stored. */
  public void clear() {
    sums.values().forEach(Sum::clear);
  }

  /** What is being joined, and what was lost. */
  public Requests requests() {
    return requests;
  }
}
