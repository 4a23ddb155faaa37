package dev.troth.observe.otlp;

import dev.troth.observe.metrics.OwnUse;
import dev.troth.observe.metrics.Unseen;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tells what the agent has missed since its start, so that its silence says something. An agent
 * that does not work any more is silent, too; one that ends in order says that in its last message.
 *
 * <p>All are sums under the scope of the agent: {@link #LOST}, {@link #DROPPED}, {@link #STALLS}
 * and {@link #STOPPED}; for each service that is watched {@link #UNSEEN} by reason, {@link
 * #UNJOINED} and {@link #UNREAD}; and what the agent costs, {@link #CPU} and {@link #MEMORY}.
 *
 * @param works whether the agent does its work
 * @param losses asked when a message is due
 * @param use asked for what the agent uses
 */
public record Heartbeat(
    Self self, BooleanSupplier works, Supplier<Losses> losses, Supplier<OwnUse> use)
    implements MetricExporter.Measured {
  public static final String LOST = "troth.observe.events.lost";
  public static final String DROPPED = "troth.observe.spans.dropped";
  public static final String STALLS = "troth.observe.stalls";
  public static final String STOPPED = "troth.observe.stopped";

  /** How many requests of a service are missing at most, by reason. */
  public static final String UNSEEN = "troth.observe.requests.unseen";

  /** Calls of a service that began a trace because their cause was not certain. */
  public static final String UNJOINED = "troth.observe.calls.unjoined";

  /** Connections to a service that are not read. */
  public static final String UNREAD = "troth.observe.connections.unread";

  /** Processor time of the agent since its start, in seconds (OpenTelemetry 1.45). */
  public static final String CPU = "process.cpu.time";

  /** Memory of the agent, in bytes (OpenTelemetry 1.45). */
  public static final String MEMORY = "process.memory.usage";

  /** The attribute that names the service; that of the resource is the agent's own. */
  public static final String SERVICE = "troth.observe.service";

  /**
   * The attribute that says why: {@code lost}, {@code abandoned}, {@code dropped}, {@code sampled}.
   */
  public static final String REASON = "troth.observe.reason";

  private static final int CUMULATIVE = 2;

  /**
   * What the agent has missed.
   *
   * @param events lost in the kernel
   * @param spans that were not sent
   * @param stalls times that it did not run for a second
   * @param services what was not seen of each service
   */
  public record Losses(long events, long spans, long stalls, List<Unseen> services) {
    public Losses {
      services = List.copyOf(services);
    }
  }

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
    self.resource(out);
    int scopeMetrics = out.begin(2);
    Scope.scope(out);
    sum(out, LOST, missed.events(), start, now);
    sum(out, DROPPED, missed.spans(), start, now);
    sum(out, STALLS, missed.stalls(), start, now);
    sum(out, STOPPED, stopped, start, now);
    for (Unseen service : missed.services()) {
      Point point = new Point(service.service(), start, now);
      sum(out, UNSEEN, service.lost(), point.because("lost"));
      sum(out, UNSEEN, service.abandoned(), point.because("abandoned"));
      sum(out, UNSEEN, service.dropped(), point.because("dropped"));
      sum(out, UNSEEN, service.sampled(), point.because("sampled"));
      sum(out, UNJOINED, service.unjoined(), point);
      sum(out, UNREAD, service.unread(), point);
    }
    OwnUse used = use.get();
    cpu(out, used.cpuNanos() / 1e9, start, now);
    memory(out, used.residentBytes(), start, now);
    Scope.schema(out);
    out.end(scopeMetrics);
    out.end(resourceMetrics);
    return out.toBytes();
  }

  private static void cpu(ProtoWriter out, double seconds, long start, long now) {
    int metric = out.begin(2);
    out.text(1, CPU);
    out.text(3, "s");
    int sum = out.begin(7);
    int point = out.begin(1);
    out.fixed64(2, start);
    out.fixed64(3, now);
    out.real(4, seconds);
    out.end(point);
    out.varint(2, CUMULATIVE);
    out.varint(3, 1);
    out.end(sum);
    out.end(metric);
  }

  /** It may fall, so it is not told as monotonic. */
  private static void memory(ProtoWriter out, long bytes, long start, long now) {
    int metric = out.begin(2);
    out.text(1, MEMORY);
    out.text(3, "By");
    int sum = out.begin(7);
    int point = out.begin(1);
    out.fixed64(2, start);
    out.fixed64(3, now);
    out.fixed64(6, bytes);
    out.end(point);
    out.varint(2, CUMULATIVE);
    out.end(sum);
    out.end(metric);
  }

  private static void sum(ProtoWriter out, String name, long value, long start, long now) {
    sum(out, name, value, new Point(Optional.empty(), Optional.empty(), start, now));
  }

  /** Of what and when a value is. */
  private record Point(Optional<String> service, Optional<String> reason, long start, long now) {
    Point(String service, long start, long now) {
      this(Optional.of(service), Optional.empty(), start, now);
    }

    Point because(String why) {
      return new Point(service, Optional.of(why), start, now);
    }
  }

  private static void sum(ProtoWriter out, String name, long value, Point of) {
    int metric = out.begin(2);
    out.text(1, name);
    int sum = out.begin(7);
    int point = out.begin(1);
    out.fixed64(2, of.start);
    out.fixed64(3, of.now);
    out.fixed64(6, value);
    of.service.ifPresent(text -> Scope.text(out, 7, SERVICE, text));
    of.reason.ifPresent(text -> Scope.text(out, 7, REASON, text));
    out.end(point);
    out.varint(2, CUMULATIVE);
    out.varint(3, 1);
    out.end(sum);
    out.end(metric);
  }
}
