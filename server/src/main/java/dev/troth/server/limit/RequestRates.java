package dev.troth.server.limit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many requests a client may send: a bucket of tokens each, filled at a steady rate.
 *
 * <p>It remembers a bounded number of clients. Who has not asked for long is forgotten first, and
 * by then its bucket is full again. Safe for use by many threads.
 */
public final class RequestRates {
  private final InstantSource clock;
  private final int remembered;
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);
  private long refused;

  /** Rates of at most so many clients at a time. */
  public RequestRates(InstantSource clock, int remembered) {
    this.clock = clock;
    this.remembered = remembered;
  }

  private static final class Bucket {
    double tokens;
    long at;
  }

  /**
   * What a client may send.
   *
   * @param perSecond requests a second in the long run
   * @param burst requests at once after a pause
   */
  public record Rate(double perSecond, double burst) {
    public Rate {
      if (!(perSecond > 0) || !(burst >= 1)) {
        throw new IllegalArgumentException(
            "rate is %s a second and %s at once, expected above 0 and at least 1"
                .formatted(perSecond, burst));
      }
    }
  }

  /** Takes one request of the client's; how long to wait when there is none left. */
  public synchronized Optional<Duration> take(String client, Rate rate) {
    long now = clock.millis();
    Bucket bucket = buckets.get(client);
    if (bucket == null) {
      bucket = new Bucket();
      bucket.tokens = rate.burst();
      bucket.at = now;
      buckets.put(client, bucket);
      if (buckets.size() > remembered) {
        var oldest = buckets.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }
    double filled = Math.max(0, now - bucket.at) * rate.perSecond() / 1e3;
    bucket.tokens = Math.min(rate.burst(), bucket.tokens + filled);
    bucket.at = now;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return Optional.empty();
    }
    refused++;
    double wait = (1 - bucket.tokens) / rate.perSecond();
    return Optional.of(Duration.ofMillis((long) Math.ceil(wait * 1e3)));
  }

  /** How many clients are remembered now. */
  public synchronized int clients() {
    return buckets.size();
  }

  /** How many requests were refused since the start. */
  public synchronized long refusals() {
    return refused;
  }
}
