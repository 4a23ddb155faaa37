package dev.troth.orders.order;

import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Makes order ids that sort by time: milliseconds in hex, a dash, 32 random bits in hex. */
public final class OrderIds {
  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{11}-[0-9a-f]{8}");

  private final InstantSource clock;
  private final RandomGenerator random;

  public OrderIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  public String next() {
    Instant now = clock.instant();
    return "%011x-%08x".formatted(now.toEpochMilli(), random.nextInt());
  }

  public static boolean isOne(String text) {
    return SHAPE.matcher(text).matches();
  }
}
