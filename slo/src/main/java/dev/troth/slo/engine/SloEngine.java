package dev.troth.slo.engine;

import dev.troth.slo.alert.Event;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.chain.Requests;
import dev.troth.slo.chain.Requests.Limits;
import dev.troth.slo.chain.Requests.Receipt;
import dev.troth.slo.chain.Span;
import dev.troth.slo.chain.Verdict;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
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
 * for (Event event : engine.tick(now)) ...  // every few seconds
 * engine.standing("orders").get().budget();
 * }</pre>
 *
 * <p>It reads no clock and does no I/O: live traffic and a backtest run the same code. What follows
 * is a function of the spans, the increments, and the times that come with them. Not thread-safe.
 */
public final class SloEngine {
  private final List<ObjectiveEngine> objectives;
  private final List<Chain> chains = new ArrayList<>();
  private final List<List<ObjectiveEngine>> byChain = new ArrayList<>();
  private final Requests requests;
  private final Limits limits;

  public SloEngine(List<ObjectiveEngine> objectives, Limits limits) {
    this.objectives = List.copyOf(objectives);
    this.limits = limits;
    for (ObjectiveEngine engine : objectives) {
      chain(engine.objective()).ifPresent(chain -> attach(chain, engine));
    }
    this.requests = new Requests(chains, limits);
  }

  private static Optional<Chain> chain(Objective objective) {
    return switch (objective.measure()) {
      case Measure.Requests measure -> Optional.of(measure.chain());
      case Measure.Latency measure -> Optional.of(measure.chain());
      case Measure.Counters measure -> Optional.empty();
      case Measure.Unmeasured measure -> Optional.empty();
    };
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

  /** Takes the increment of a counter in a minute; whether any objective counts it. */
  public boolean count(String metric, Map<String, String> attributes, Instant at, int increment) {
    boolean counted = false;
    long minute = Math.floorDiv(at.getEpochSecond(), 60L);
    for (ObjectiveEngine engine : objectives) {
      if (engine.objective().measure() instanceof Measure.Counters counters) {
        if (counters.total().matches(metric, attributes)) {
          engine.counted(counters, -1, minute, increment);
          counted = true;
        }
        for (int i = 0; i < counters.parts().size(); i++) {
          if (counters.parts().get(i).counter().matches(metric, attributes)) {
            engine.counted(counters, i, minute, increment);
            counted = true;
          }
        }
      }
    }
    return counted;
  }

  /** Judges what is due and evaluates every objective. */
  public List<Event> tick(Instant now) {
    requests.settle(now.toEpochMilli(), this::judged);
    Instant frontier = now.minus(limits.watermark());
    List<Event> events = new ArrayList<>();
    for (ObjectiveEngine engine : objectives) {
      events.addAll(engine.evaluate(frontier, now));
    }
    return events;
  }

  /**
   * Judges as a tick at this time did, but counts nothing: after a restart, for spans whose
   * requests are in the stored buckets already.
   */
  public void rejoin(Instant at) {
    requests.settle(at.toEpochMilli(), (chain, before, after) -> {});
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
