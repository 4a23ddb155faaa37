package dev.troth.slo.objective;

/**
 * What must hold beside the burn rate before anybody is woken: that there was enough traffic to
 * tell. At 99.5 % a single failure lifts the hour above 14.4 times while it has fewer than 14
 * requests.
 */
public sealed interface MinimumEvidence {
  /** The gate when a file names none. */
  MinimumEvidence DEFAULT = new BadEvents(3);

  /**
   * Whether the counts of the long window are evidence enough.
   *
   * @param budget the share of bad events that the objective allows
   */
  boolean passes(long bad, long total, double budget);

  /** At least so many bad events. */
  record BadEvents(int atLeast) implements MinimumEvidence {
    public BadEvents {
      if (atLeast < 1) {
        throw new IllegalArgumentException("minBadEvents is " + atLeast + ", expected at least 1");
      }
    }

    @Override
    public boolean passes(long bad, long total, double budget) {
      return bad >= atLeast;
    }
  }

  /**
   * So many bad events would be this unlikely if the objective were just met (one-sided exact
   * binomial test).
   */
  record Unlikely(double alpha) implements MinimumEvidence {
    public Unlikely {
      if (!(alpha > 0 && alpha < 1)) {
        throw new IllegalArgumentException("alpha is " + alpha + ", expected between 0 and 1");
      }
    }

    @Override
    public boolean passes(long bad, long total, double budget) {
      return Binomial.atLeast(bad, total, budget) < alpha;
    }
  }
}
