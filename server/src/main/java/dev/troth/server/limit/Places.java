package dev.troth.server.limit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests that run, by who sent them. Of all that a listener runs at a time, who has not said who
 * they are may hold a quarter from one address, and one user half: so nobody takes the places of
 * all. Safe for use by many threads.
 */
public final class Places {
  private final int ofAddress;
  private final int ofUser;
  private final Map<String, Integer> taken = new HashMap<>();
  private final AtomicLong refused = new AtomicLong();

  /**
   * @param requests how many a listener runs at a time
   */
  public Places(int requests) {
    this.ofAddress = Math.max(1, requests / 4);
    this.ofUser = Math.max(1, requests / 2);
  }

  /** A place of an address, until it is closed; empty if the address has its share. */
  public Optional<Place> take(String address) {
    return enter(address, ofAddress) ? Optional.of(new Place(address)) : Optional.empty();
  }

  private boolean enter(String client, int most) {
    synchronized (taken) {
      if (taken.getOrDefault(client, 0) < most) {
        taken.merge(client, 1, Integer::sum);
        return true;
      }
    }
    refused.incrementAndGet();
    return false;
  }

  private void leave(String client) {
    synchronized (taken) {
      taken.computeIfPresent(client, (unused, count) -> count == 1 ? null : count - 1);
    }
  }

  /** How many requests found no place since the start. */
  public long refusals() {
    return refused.get();
  }

  /** One request's place. Used by the request's thread. */
  public final class Place implements AutoCloseable {
    private String client;

    private Place(String client) {
      this.client = client;
    }

    /** Counts it as one of a user from now on, who is known; false if the user has their share. */
    public boolean isOf(String user) {
      String known = "user " + user;
      if (!enter(known, ofUser)) {
        return false;
      }
      leave(client);
      client = known;
      return true;
    }

    @Override
    public void close() {
      leave(client);
    }
  }
}
