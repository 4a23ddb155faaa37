package dev.troth.slo.engine;

import dev.troth.slo.alert.Event;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Requests;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Requests.Receipt;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Verdict;
import dev.troth.slo.objective.Measure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All objectives at work.
 *
 * <pre>{@code
 * var engine = new SloEngine(objectives, Limits.DEFAULT);
 * engine.accept(span, now);                 // as spans arrive
 * engine.uses(metric, attributes)...        // as counters arrive
 * for (Event event : engine.tick(now)) ...  // every few seconds
 * engine.standing("orders").get().budget();
 * }</pre>
 *
 * <p>It reads no clock and does no I/O: live traffic and a backtest run the same code. What follows
 * is a function of the spans, the increments, and the times that come with them. Not thread-safe.
 */
public final class SloEngine {
  /** Beyond this, what an increment covers is too long ago to be corrected. */
  private static final Duration SPREAD = Duration.ofMinutes(60);

  private final List<ObjectiveEngine> objectives;
  private final List<Chain> chains = new ArrayList<>();
  private final List<List<ObjectiveEngine>> byChain = new ArrayList<>();
  private final Requests requests;
  private final Limits limits;

  public SloEngine(List<ObjectiveEngine> objectives, Limits limits) {
    this.objectives = List.copyOf(objectives);
    this.limits = limits;
    for (ObjectiveEngine engine : objectives) {
      engine.objective().chain().ifPresent(chain -> attach(chain, engine));
    }
    this.requests = new Requests(chains, limits);
  }

  /** Objectives of one chain share its join. */
  private void attach(Chain chain, ObjectiveEngine engine) {
    int index = chains.indexOf(chain);
    if (index < 0) {
      index = chains.size();
      chains.add(chain);
      byChain.add(new ArrayList<>());
    }
    byChain.get(index).add(engine);
  }

  /** Takes one span. */
  public Receipt accept(Span span, Instant arrival) {
    return requests.accept(span, arrival.toEpochMilli());
  }

  /** Which objectives count a counter, and as what; empty if none does. */
  public List<Use> uses(String metric, Map<String, String> attributes) {
    List<Use> uses = new ArrayList<>(0);
    for (ObjectiveEngine engine : objectives) {
      if (engine.objective().measure() instanceof Measure.Counters counters) {
        if (counters.total().matches(metric, attributes)) {
          uses.add(new Use(engine, counters, -1));
        }
        for (int i = 0; i < counters.parts().size(); i++) {
          if (counters.parts().get(i).counter().matches(metric, attributes)) {
            uses.add(new Use(engine, counters, i));
          }
        }
      }
    }
    return uses;
  }

  /**
   * What a counter is to an objective.
   *
   * @param part which of its counters; -1 is the total
   */
  public record Use(ObjectiveEngine engine, Measure.Counters counters, int part) {
    /**
     * Counts an increment, spread evenly over the minutes from its start to its end: of two
     * counters that are read at different moments, each minute gets what belongs to it.
     *
     * @param every the time between two points; zero if it is not known
     * @return whether that is news about the counter, to be stored
     */
    public boolean count(Instant from, Instant to, Duration every, long increment) {
      long start = Math.max(from.toEpochMilli(), to.minus(SPREAD).toEpochMilli());
      long end = to.toEpochMilli();
      long length = Math.max(1, end - start);
      long last = Math.floorDiv(Math.max(start, end - 1), 60_000);
      long given = 0;
      for (long minute = Math.floorDiv(start, 60_000); minute <= last; minute++) {
        double share = (Math.min(end, (minute + 1) * 60_000) - start) / (double) length;
        long until = minute == last ? increment : Math.round(increment * share);
        if (until != given) {
          engine.counted(counters, part, minute, until - given);
          given = until;
        }
      }
      return engine.received(part, new Signal(Math.floorDiv(start, 60_000), every));
    }
  }

  /**
   * Adds what the requests of an objective counted that were judged elsewhere.
   *
   * @param sampled those that were refused because their sender samples
   * @return false if there is no objective of this name and shape
   */
  public boolean add(String objective, Pending sums, long sampled) {
    for (ObjectiveEngine engine : objectives) {
      if (engine.objective().name().equals(objective)) {
        return engine.add(sums, sampled);
      }
    }
    return false;
  }

  /** Judges what is due and evaluates every objective. */
  public List<Event> tick(Instant now) {
    requests.settle(now.toEpochMilli(), this::judged);
    Instant frontier = frontier(now);
    List<Event> events = new ArrayList<>();
    for (ObjectiveEngine engine : objectives) {
      events.addAll(engine.evaluate(frontier, now));
    }
    return events;
  }

  /** Up to when everything is counted: the end of all windows. */
  public Instant frontier(Instant now) {
    return now.minus(limits.watermark());
  }

  /**
   * Judges as a tick at this time did, but counts nothing: after a restart, for spans whose
   * requests are in the stored buckets already.
   */
  public void rejoin(Instant at) {
    requests.settle(at.toEpochMilli(), (chain, before, after) -> {});
  }

  /** Windows end where they did at a tick at this time. */
  public void resume(Instant at) {
    objectives.forEach(engine -> engine.resume(frontier(at), at));
  }

  private void judged(int chain, @Nullable Verdict before, Verdict after) {
    for (ObjectiveEngine engine : byChain.get(chain)) {
      engine.judged(chains.get(chain), before, after);
    }
  }

  public List<ObjectiveEngine> objectives() {
    return objectives;
  }

  /** How one objective stands. */
  public Optional<ObjectiveStatus> standing(String name) {
    return objectives.stream()
        .filter(engine -> engine.objective().name().equals(name))
        .findFirst()
        .map(ObjectiveEngine::standing);
  }

  /** What is being joined, and what was lost. */
  public Requests requests() {
    return requests;
  }
}
