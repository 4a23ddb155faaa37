package dev.troth.slo.chain;

import dev.troth.slo.chain.Verdict.Outcome;

/**
 * Whole requests for weights that are fractions: what one request leaves over is carried to the
 * next, good and bad ones apart, so that each sum is off by less than one request.
 *
 * <p>Not thread-safe.
 */
final class Weights {
  /** A little more than what doubles lose when a million fractions are added. */
  private static final double NEARLY = 1e-6;

  private final double[] good;
  private final double[] bad;

  Weights(int chains) {
    this.good = new double[chains];
    this.bad = new double[chains];
  }

  /** How many requests a verdict that is counted for the first time stands for. */
  long whole(int chain, Verdict verdict) {
    double[] carried = verdict.outcome() == Outcome.BAD ? bad : good;
    double sum = carried[chain] + verdict.weight();
    long whole = (long) Math.floor(sum + NEARLY);
    carried[chain] = sum - whole;
    return whole;
  }
}
