package dev.troth.gate.keys;

import dev.troth.gate.core.Algorithm;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys behind an address, held in memory. They are fetched again ahead of their age, in the
 * background, so that no verdict waits; and once more when a token names an unknown key, which is
 * limited, for anybody can forge a key id. Only whoever asks for newer keys waits for a fetch, and
 * no lock is held meanwhile. While the address does not answer, or answers with something that is
 * not keys, the last good keys stay in use; after {@link Times#outage} they are dropped and every
 * token is refused.
 *
 * <p>Thread-safe.
 */
public final class RemoteKeys implements KeySource {
  /** A ring whose one secret nobody has: what no key fits is refused. */
  private static final Keyring NOBODYS = nobodys();

  /** How many may wait for a fetch; to the others an unknown key is unknown at once. */
  private static final int MAX_WAITING = 256;

  private static final long LONGEST_WAIT_SECONDS = 10;

  private final Supplier<PublicKeySet> fetch;
  private final Times times;
  private final InstantSource clock;
  private final Executor background;
  private final Consumer<String> problems;
  private final Semaphore waiting = new Semaphore(MAX_WAITING);
  private final Object decision = new Object();
  private @Nullable CompletableFuture<Void> underway;
  private volatile Held held;
  private volatile Instant nextAttempt;
  private volatile Instant nextForced;
  private volatile String problem = "";

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
      Supplier<PublicKeySet> fetch,
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
      start(false);
    }
    if (now.isAfter(present.since().plus(times.outage())) && present.keys() != NOBODYS) {
      tell("the keys are older than " + times.outage() + ": every token is refused");
      held = new Held(NOBODYS, present.since());
    }
    return held.keys();
  }

  @Override
  public Optional<String> problem() {
    return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the keys that were seen, not keys like them
  public boolean mayHaveNewer(Keyring seen) {
    return held.keys() != seen || start(true) || held.keys() != seen;
  }

  @Override
  public Keyring newerThan(Keyring seen) {
    if (mayHaveNewer(seen)) {
      await();
    }
    return held.keys();
  }

  private void await() {
    CompletableFuture<Void> present;
    synchronized (decision) {
      present = underway;
    }
    if (present == null || !waiting.tryAcquire()) {
      return;
    }
    try {
      present.get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException unchanged) {
      // The keys that are there are all that is known.
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      waiting.release();
    }
  }

  /** Whether a fetch is under way, started here if there is none and it is allowed. */
  private boolean start(boolean forced) {
    CompletableFuture<Void> fresh;
    synchronized (decision) {
      Instant now = clock.instant();
      if (underway != null) {
        return true;
      }
      if (forced) {
        if (now.isBefore(nextForced)) {
          return false;
        }
        nextForced = now.plus(times.forced());
      }
      fresh = new CompletableFuture<>();
      underway = fresh;
    }
    try {
      background.execute(() -> run(fresh));
    } catch (RuntimeException | Error refused) {
      end(fresh);
      throw refused;
    }
    return true;
  }

  private void run(CompletableFuture<Void> fresh) {
    try {
      fetch();
    } catch (RuntimeException | Error unexpected) {
      tell("the former keys stay: " + unexpected);
    } finally {
      end(fresh);
    }
  }

  private void end(CompletableFuture<Void> ended) {
    synchronized (decision) {
      underway = null;
    }
    ended.complete(null);
  }

  private void fetch() {
    try {
      Keyring fresh = fetch.get().keys();
      Instant now = clock.instant();
      held = new Held(fresh.isSameAs(held.keys()) ? held.keys() : fresh, now);
      nextAttempt = now.plus(times.refresh());
      problem = "";
    } catch (KeyException e) {
      tell("the former keys stay: " + e.getMessage());
    }
  }

  private void tell(String words) {
    problem = words;
    problems.accept(words);
  }

  private static Keyring nobodys() {
    byte[] secret = new byte[64];
    new SecureRandom().nextBytes(secret);
    return new Keyring(List.of(new GateKey.Secret("expired", EnumSet.of(Algorithm.HS256), secret)));
  }
}
