package dev.troth.server.openid;

import dev.troth.server.http.Problem;
import dev.troth.server.limit.RequestRates;
import dev.troth.server.limit.RequestRates.Rate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How much of the provider each client may have who brings a code: so many in a while, so many at a
 * time, and each sign-in once. Whoever guesses codes keeps nobody else out.
 *
 * <pre>{@code
 * try (SignInShares.Place _ = shares.enter(client, state)) {
 *   provider.exchange(...);
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads.
 */
final class SignInShares {
  private static final int AT_ONCE = 32;
  private static final int OF_ONE_CLIENT = 8;

  /** A house with one address may come to work at one time. */
  private static final Rate RATE = new Rate(1, 100);

  private static final int REMEMBERED = 10_000;
  private static final Duration SOON = Duration.ofSeconds(5);

  private final RequestRates rates;
  private final Map<String, Integer> inside = new HashMap<>();
  private int all;
  private final Set<String> used =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  SignInShares(InstantSource clock) {
    this.rates = new RequestRates(clock, REMEMBERED);
  }

  /** A client's turn at the provider, until it is closed. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /** Lets a client ask the provider about the sign-in of this state, or says why not. */
  Place enter(String client, String state) {
    Optional<Duration> wait = rates.take(client, RATE);
    if (wait.isPresent()) {
      throw Problem.of(429, "too many sign-ins come from %s".formatted(client))
          .after(wait.get())
          .toException();
    }
    synchronized (this) {
      int own = inside.getOrDefault(client, 0);
      if (own == OF_ONE_CLIENT || all == AT_ONCE) {
        throw Problem.of(503, "too many people sign in at the moment").after(SOON).toException();
      }
      if (!used.add(state)) {
        throw Problem.badRequest("this sign-in was tried before: sign in again").toException();
      }
      inside.put(client, own + 1);
      all++;
    }
    return () -> leave(client);
  }

  private synchronized void leave(String client) {
    all--;
    inside.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
  }
}
