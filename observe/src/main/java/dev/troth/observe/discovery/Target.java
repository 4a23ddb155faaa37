package dev.troth.observe.discovery;

import java.util.Map;
import java.util.TreeMap;

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

  /** What its measurements are told under: workers share that of the process that made them. */
  public String instance() {
    return resource.getOrDefault("service.instance.id", service + ":" + process);
  }

  /** The same, measured under what its maker is measured under. */
  Target workerOf(Target maker) {
    Map<String, String> own = new TreeMap<>(resource);
    own.put("service.instance.id", maker.instance());
    return new Target(process, startTicks, runtime, service, own);
  }

  /** The same service in a process that this one made, of which nothing else is known. */
  public Target child(int number, long ticks) {
    Map<String, String> own = new TreeMap<>(resource);
    own.put("process.pid", Integer.toString(number));
    return new Target(number, ticks, runtime, service, own);
  }

  /** Number and beginning say it all; the attributes would be hashed for each request. */
  @Override
  public int hashCode() {
    return 31 * process + Long.hashCode(startTicks);
  }
}
