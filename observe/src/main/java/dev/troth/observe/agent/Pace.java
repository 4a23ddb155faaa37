package dev.troth.observe.agent;

/**
 * How long the agent rests between turns, so that it keeps to its share of one processor.
 *
 * @param cpuPercent the share, 0 for no limit
 */
record Pace(int cpuPercent) {
  static final Pace UNLIMITED = new Pace(0);

  /** The usual rest: the programs do not wake the agent, which costs a target least. */
  static final long TURN_NANOS = 50_000_000;

  /** After a turn with more events than this the next one comes sooner. */
  private static final int BUSY_EVENTS = 1_500;

  private static final long BUSY_NANOS = TURN_NANOS / 10;

  /** However much it worked, it looks at least so often. */
  private static final long LONGEST_NANOS = 1_000_000_000L;

  Pace {
    if (cpuPercent < 0) {
      throw new IllegalArgumentException("max CPU is " + cpuPercent + " %, expected 0 or more");
    }
  }

  /**
   * The rest after a turn.
   *
   * @param worked how long the turn took, in nanoseconds
   * @param events how many it handled
   */
  long pause(long worked, int events) {
    long usual = events > BUSY_EVENTS ? BUSY_NANOS : TURN_NANOS;
    if (cpuPercent == 0 || cpuPercent >= 100) {
      return usual;
    }
    return Math.max(usual, Math.min(LONGEST_NANOS, worked * (100 - cpuPercent) / cpuPercent));
  }
}
