package dev.troth.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A seeded property runner: {@code Property.of("union equals brute force").runs(1_000, 1_000_000)
 * .check(random -> ...)}. A failing run names the seed that repeats it alone.
 */
public final class Property {
  private final String name;
  private int small = 1_000;
  private int full = 100_000;

  private Property(String name) {
    this.name = name;
  }

  /** What must hold for one source of randomness. */
  @FunctionalInterface
  public interface Body {
    void check(RandomGenerator random) throws Exception;
  }

  public static Property of(String name) {
    return new Property(name);
  }

  /** The number of runs at each size. */
  public Property runs(int small, int full) {
    this.small = small;
    this.full = full;
    return this;
  }

  /** Runs the body, each time with randomness of its own; {@code -Dtroth.seed=N} repeats one. */
  public void check(Body body) {
    Long only = Long.getLong("troth.seed");
    if (only != null) {
      run(body, only);
      return;
    }
    int runs = Size.count(small, full);
    long first = System.nanoTime();
    System.out.printf("property '%s': %,d runs from seed %d%n", name, runs, first);
    for (long i = 0; i < runs; i++) {
      run(body, first + i);
    }
  }

  private void run(Body body, long seed) {
    try {
      body.check(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
    } catch (Throwable failure) {
      throw new AssertionError(
          "property '%s' fails at seed %d (repeat with -Dtest.args=-Dtroth.seed=%d): %s"
              .formatted(name, seed, seed, failure),
          failure);
    }
  }
}
