package dev.troth.contracts.proof;

import java.util.function.Supplier;

/**
 * The work that a proof may still do on this thread, in units of some ten nanoseconds. Counted, not
 * timed, so that an answer does not depend on what else runs.
 */
final class Work {
  private static final ScopedValue<Work> CURRENT = ScopedValue.newInstance();

  /** The search was given up. */
  static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1;

    Exhausted() {
      super("it takes too much work to tell", null, false, false);
    }
  }

  private long left;

  private Work(long units) {
    left = units;
  }

  /**
   * Does something that may take so much work.
   *
   * @throws Exhausted if it takes more
   */
  static <T> T within(long units, Supplier<T> task) {
    return ScopedValue.where(CURRENT, new Work(units)).call(task::get);
  }

  /** Counts work, so that adversarial schemas end with "unknown" instead of never. */
  static void spend(long units) {
    if (CURRENT.isBound()) {
      Work work = CURRENT.get();
      work.left -= units;
      if (work.left < 0) {
        throw new Exhausted();
      }
    }
  }
}
