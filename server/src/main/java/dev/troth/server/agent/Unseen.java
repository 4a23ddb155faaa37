package dev.troth.server.agent;

import java.util.Map;

/**
 * What agents have not seen of some services in a stretch of time.
 *
 * @param requests how many may be missing at most, by reason
 * @param calls calls whose cause was not certain: their requests lack a step
 * @param connections connections that were not read; how many requests they held is not known
 */
public record Unseen(Map<String, Long> requests, long calls, long connections) {
  public Unseen {
    requests = Map.copyOf(requests);
  }

  /** How many requests may be missing at most, connections that were not read aside. */
  public long most() {
    return requests.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether {@link #most} bounds what is missing. */
  public boolean bounded() {
    return connections == 0;
  }
}
