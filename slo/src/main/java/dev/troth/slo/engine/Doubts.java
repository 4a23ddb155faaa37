package dev.troth.slo.engine;

import dev.troth.slo.alert.Doubt;
import dev.troth.slo.alert.State;
import dev.troth.slo.chain.Chain;
import dev.troth.slo.count.Counts;
import dev.troth.slo.count.Tally;
import dev.troth.slo.objective.CountingMethod;
import dev.troth.slo.objective.Measure;
import dev.troth.slo.objective.Objective;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the counts of one objective are to be relied on.
 *
 * <p>Counters that cannot be true together are looked for in the last hour and in the whole window:
 * an excess of good events would hide as many bad ones for as long as it is in the window. A small
 * excess is not one: two counters of the same events are read at different moments.
 */
final class Doubts {
  private static final int HOUR = 60;

  /** Fewer unknown requests than this say nothing of their share. */
  private static final int FEW = 3;

  /** Of a doubt about unknown requests, that it ends only well below the bound. */
  private static final double HYSTERESIS = 0.8;

  private final Objective objective;
  private final @Nullable Signals signals;

  /** Whether unknown requests are among the total. */
  private final boolean counted;

  Doubts(Objective objective, @Nullable Signals signals) {
    this.objective = objective;
    this.signals = signals;
    this.counted = objective.chain().filter(this::counts).isPresent();
  }

  private boolean counts(Chain chain) {
    return switch (chain.missing()) {
      case EXCLUDED -> false;
      // A bad request is not among those of which the latency counts.
      case BAD -> !(objective.measure() instanceof Measure.Latency);
      case GOOD -> true;
    };
  }

  boolean unknownCounted() {
    return counted;
  }

  /** The worst doubt there is, given how the objective stood until now. */
  Optional<Doubt> find(Tally tally, long windowStart, State before) {
    if (signals == null) {
      return unknown(tally, windowStart, before);
    }
    if (signals.none()) {
      return Optional.empty();
    }
    Optional<Doubt> impossible = impossible(tally, windowStart);
    return impossible.isPresent()
        ? impossible
        : signals
            .missing()
            .map(name -> new Doubt(State.NO_SIGNAL, "the counter " + name + " was never received"));
  }

  private Optional<Doubt> impossible(Tally tally, long windowStart) {
    if (!(objective.measure() instanceof Measure.Counters counters)
        || counters.kind() == CountingMethod.ADDITIVE) {
      return Optional.empty();
    }
    Optional<Doubt> lately =
        impossible(counters, tally, Math.max(windowStart, tally.head() - HOUR), "the last hour");
    return lately.isPresent() ? lately : impossible(counters, tally, windowStart, "the window");
  }

  private static Optional<Doubt> impossible(
      Measure.Counters counters, Tally tally, long from, String when) {
    int parts = counters.kind() == CountingMethod.INTERVAL ? counters.parts().size() : 1;
    for (int i = 0; i < parts; i++) {
      long excess = tally.impossible(i, from);
      if (excess == 0) {
        continue;
      }
      long total = tally.eventsSince(from).total();
      if (Math.abs(excess) > 3 + total / 1_000) {
        String name = parts == 1 ? "" : " of " + counters.parts().get(i).name();
        return Optional.of(
            new Doubt(
                State.DATA_FAULT,
                excess < 0
                    ? "%d good events%s of %d in all in %s"
                        .formatted(total - excess, name, total, when)
                    : "%d bad events%s of %d in all in %s"
                        .formatted(total + excess, name, total, when)));
      }
    }
    return Optional.empty();
  }

  private Optional<Doubt> unknown(Tally tally, long windowStart, State before) {
    long from = Math.max(windowStart, tally.head() - HOUR);
    long unknown = tally.unknownSince(from);
    if (unknown < FEW) {
      return Optional.empty();
    }
    Counts counts = tally.eventsSince(from);
    double share = (double) unknown / (counts.total() + (counted ? 0 : unknown));
    double bound = objective.rules().alerts().unknownAbove();
    if (share <= (before == State.UNCERTAIN ? bound * HYSTERESIS : bound)) {
      return Optional.empty();
    }
    return Optional.of(
        new Doubt(
            State.UNCERTAIN,
            String.format(
                Locale.ROOT,
                "of %d requests (%.1f %%) in the last hour a step was never seen, at most %.1f %%"
                    + " may be",
                unknown,
                100 * share,
                100 * bound)));
  }
}
