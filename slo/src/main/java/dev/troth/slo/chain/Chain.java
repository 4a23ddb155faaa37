package dev.troth.slo.chain;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The ordered steps that a request must pass; the first one opens it.
 *
 * @param grouping by what its requests are also counted
 */
public record Chain(
    List<Step> steps,
    Retries retries,
    Missing missing,
    Sampling sampling,
    Optional<Grouping> grouping) {
  /** A verdict keeps its steps in the bits of a long. */
  static final int MOST_STEPS = 63;

  public Chain {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || steps.size() > MOST_STEPS) {
      throw new IllegalArgumentException(
          "chain has " + steps.size() + " steps, expected 1 to " + MOST_STEPS);
    }
    Set<String> names = new HashSet<>();
    for (Step step : steps) {
      if (!names.add(step.name())) {
        throw new IllegalArgumentException("step '" + step.name() + "' is named twice");
      }
    }
    if (steps.getFirst().traits().optional()) {
      throw new IllegalArgumentException(
          "step '" + steps.getFirst().name() + "' is optional, but the first opens the request");
    }
  }

  /** A chain whose requests are counted together only. */
  public Chain(List<Step> steps, Retries retries, Missing missing, Sampling sampling) {
    this(steps, retries, missing, sampling, Optional.empty());
  }

  /** Which of several attempts at a step decides. */
  public enum Retries {
    /** Any failed attempt makes the request bad, also when a hidden retry succeeds. */
    STRICT,
    /** The last attempt decides. */
    FINAL
  }

  /** What becomes of a request whose step was never seen, and of which nothing seen failed. */
  public enum Missing {
    GOOD,
    BAD,
    /** It counts for nothing but is shown as unknown. */
    EXCLUDED
  }

  /**
   * Whether senders may sample.
   *
   * @param weighted a request counts as many times as its spans say that it stands for; otherwise
   *     spans that say so are refused
   * @param ratio the share that senders keep without saying so in the spans; 1 is all
   */
  public record Sampling(boolean weighted, double ratio) {
    /** Sampled spans are refused, and the objective says so. */
    public static final Sampling NONE = new Sampling(false, 1);

    /** A sampled request counts as many times as it stands for. */
    public static final Sampling WEIGHTED = new Sampling(true, 1);

    public Sampling {
      if (!(ratio > 0 && ratio <= 1)) {
        throw new IllegalArgumentException(
            "sampling ratio is " + ratio + ", expected above 0 and at most 1");
      }
    }

    /** Senders keep this share, and their spans do not say so. */
    public static Sampling declared(double ratio) {
      return new Sampling(true, ratio);
    }

    /** How many requests one stands for whose span says {@code weight}. */
    double weight(double weight) {
      return weight == 1 ? 1 / ratio : weight;
    }
  }

  /** The attribute whose values alert by themselves; empty where the whole alone does. */
  public Optional<String> alertsBy() {
    return grouping.filter(by -> by.alertOn() == Grouping.AlertOn.GROUPS).map(Grouping::attribute);
  }

  boolean measuresOutside() {
    for (Step step : steps) {
      if (step.traits().outsideLatency()) {
        return true;
      }
    }
    return false;
  }
}
