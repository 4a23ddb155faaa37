package dev.troth.contracts.proof;

/**
 * How much work a proof may take before its answer is "unknown". It is counted and not timed: the
 * same schemas get the same answer on every machine, however busy.
 *
 * @param work in units of some ten nanoseconds
 */
public record Effort(long work) {
  /**
   * 100 million units, one or two seconds on a plain machine: ample for schemas that people write.
   */
  public static final Effort NORMAL = new Effort(100_000_000);

  public Effort {
    if (work < 1) {
      throw new IllegalArgumentException("effort is %d units, expected above 0".formatted(work));
    }
  }
}
