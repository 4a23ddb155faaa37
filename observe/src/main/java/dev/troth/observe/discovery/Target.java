package dev.troth.observe.discovery;

import java.util.Map;

/**
 * A process that is watched.
 *
 * @param startTicks when it began, in clock ticks since boot: tells it from a later process with
 *     the same number
 * @param resource the OpenTelemetry resource attributes of its spans
 */
public record Target(
    int process,
    long startTicks,
    RuntimeKind runtime,
    String service,
    Map<String, String> resource) {

  public Target {
    resource = Map.copyOf(resource);
  }

  /** Number and beginning say it all; the attributes would be hashed for each request. */
  @Override
  public int hashCode() {
    return 31 * process + Long.hashCode(startTicks);
  }
}
