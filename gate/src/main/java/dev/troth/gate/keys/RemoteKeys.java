package dev.troth.gate.keys;

import dev.troth.gate.core.Algorithm;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keys behind an address, held in memory. They are fetched again ahead of their age, in the
 * background, so that no verdict waits; and once more when a token names an unknown key, which is
 * limited, for anybody can forge a key id; a token that comes during a fetch waits for it. While
 * the address does not answer, or answers with something that is not keys, the last good keys stay
 * in use; after {@link Times#outage} they are dropped and every token is refused.
 *
 * <p>Thread-safe.
 */
public final class RemoteKeys implements KeySource {
  /** A ring whose one secret nobody has: what no key fits is refused. */
  private static final Keyring NOBODYS = nobodys();

  private final Supplier<JwkSet> fetch;
  private final Times times;
  private final InstantSource clock;
  private final Executor background;
  private final Consumer<String> problems;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Held held;
  private volatile Instant nextAttempt;
  private volatile Instant nextForced;

  private record Held(Keyring keys, Instant since) {}

  /**
   * How long things last.
   *
   * @param refresh the age at which keys are fetched again
   * @param retry between two attempts while they fail
   * @param forced between two fetches that unknown key ids cause
   * @param outage how long the last good keys are used
   */
  public record Times(Duration refresh, Duration retry, Duration forced, Duration outage) {
    public static final Times DEFAULT =
        new Times(
            Duration.ofMinutes(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofHours(24));
  }

  /** Fetches once before it returns: a gate does not start without keys. */
  public RemoteKeys(
      Supplier<JwkSet> fetch,
      Times times,
      InstantSource clock,
      Executor background,
      Consumer<String> problems) {
    this.fetch = fetch;
    this.times = times;
    this.clock = clock;
    this.background = background;
    this.problems = problems;
    Instant now = clock.instant();
    held = new Held(fetch.get().keys(), now);
    nextAttempt = now.plus(times.refresh());
    nextForced = now;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // one instance stands for nobody's keys
  public Keyring keyring() {
    Instant now = clock.instant();
    Held present = held;
    if (!now.isBefore(nextAttempt)) {
      nextAttempt = now.plus(times.retry());
      background.execute(this::attempt);
    }
    if (now.isAfter(present.since().plus(times.outage())) && present.keys() != NOBODYS) {
      problems.accept("the keys are older than " + times.outage() + ": every token is refused");
      held = new Held(NOBODYS, present.since());
    }
    return held.keys();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the keys that were seen, not keys like them
  public Keyring newerThan(Keyring seen) {
    // Whoever comes while keys are being fetched waits for them: its key may be among them.
    fetching.lock();
    try {
      Instant now = clock.instant();
      if (held.keys() == seen && !now.isBefore(nextForced)) {
        nextForced = now.plus(times.forced());
        fetch();
      }
      return held.keys();
    } finally {
      fetching.unlock();
    }
  }

  /** Fetches, unless another thread does. */
  private void attempt() {
    if (!fetching.tryLock()) {
      return;
    }
    try {
      fetch();
    } finally {
      fetching.unlock();
    }
  }

  private void fetch() {
    try {
      Keyring fresh = fetch.get().keys();
      Instant now = clock.instant();
      held = new Held(fresh.isSameAs(held.keys()) ? held.keys() : fresh, now);
      nextAttempt = now.plus(times.refresh());
    } catch (KeyException e) {
      problems.accept("the former keys stay: " + e.getMessage());
    }
  }

  private static Keyring nobodys() {
    byte[] secret = new byte[64];
    new SecureRandom().nextBytes(secret);
    return new Keyring(List.of(new GateKey.Secret("expired", EnumSet.of(Algorithm.HS256), secret)));
  }
}
