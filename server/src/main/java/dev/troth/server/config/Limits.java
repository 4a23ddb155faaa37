package dev.troth.server.config;

import java.time.Duration;

/**
 * What one listener bears.
 *
 * @param bodyBytes the longest body of a request, in bytes
 * @param connections open connections at a time
 * @param requests requests at a time, open event streams among them
 * @param idle how long a connection may be silent
 * @param grace how long requests may go on after the stop
 */
public record Limits(long bodyBytes, int connections, int requests, Duration idle, Duration grace) {

  /** The same for a listener that takes longer bodies. */
  public Limits withBodyBytes(long bytes) {
    return new Limits(bytes, connections, requests, idle, grace);
  }
}
