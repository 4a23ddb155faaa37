package dev.troth.observe.otlp;

import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tells what the agent has missed since its start, so that its silence says something. An agent
 * that does not work any more is silent, too; one that ends in order says that in its last message.
 *
 * <p>All are sums without a unit, under the scope of the agent: {@link #LOST}, {@link #DROPPED},
 * {@link #STALLS} and {@link #STOPPED}.
 *
 * @param host the machine
 * @param process the number of the agent
 * @param works whether the agent does its work
 * @param losses asked when a message is due
 */
public record Heartbeat(String host, long process, BooleanSupplier works, Supplier<Losses> losses)
    implements MetricExporter.Measured {
  public static final String LOST = "troth.observe.events.lost";
  public static final String DROPPED = "troth.observe.spans.dropped";
  public static final String STALLS = "troth.observe.stalls";
  public static final String STOPPED = "troth.observe.stopped";

  private static final int CUMULATIVE = 2;

  /**
   * What the agent has missed.
   *
   * @param events lost in the kernel
   * @param spans that were not sent
   * @param stalls times that it did not run for a second
   */
  public record Losses(long events, long spans, long stalls) {}

  @Override
  public byte[] message(long start, long now) {
    return works.getAsBoolean() ? message(start, now, 0) : new byte[0];
  }

  @Override
  public byte[] last(long start, long now) {
    return message(start, now, 1);
  }

  private byte[] message(long start, long now, long stopped) {
    Losses missed = losses.get();
    ProtoWriter out = new ProtoWriter();
    int resourceMetrics = out.begin(1);
    int resource = out.begin(1);
    Map<String, String> attributes =
        Map.of(
            "service.name",
            "troth-observe",
            "service.instance.id",
            host + ":" + process,
            "host.name",
            host);
    attributes.forEach((name, value) -> Scope.text(out, 1, name, value));
    out.end(resource);
    int scopeMetrics = out.begin(2);
    Scope.scope(out);
    sum(out, LOST, missed.events(), start, now);
    sum(out, DROPPED, missed.spans(), start, now);
    sum(out, STALLS, missed.stalls(), start, now);
    sum(out, STOPPED, stopped, start, now);
    Scope.schema(out);
    out.end(scopeMetrics);
    out.end(resourceMetrics);
    return out.toBytes();
  }

  private static void sum(ProtoWriter out, String name, long value, long start, long now) {
    int metric = out.begin(2);
    out.text(1, name);
    int sum = out.begin(7);
    int point = out.begin(1);
    out.fixed64(2, start);
    out.fixed64(3, now);
    out.fixed64(6, value);
    out.end(point);
    out.varint(2, CUMULATIVE);
    out.varint(3, 1);
    out.end(sum);
    out.end(metric);
  }
}
