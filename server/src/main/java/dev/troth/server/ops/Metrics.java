package dev.troth.server.ops;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * The platform's own measurements.
 *
 * <pre>{@code
 * Counter.builder().name("troth_watch_deliveries_total").register(metrics.registry());
 * metrics.gauge("troth_watch_waiting", "Changes that wait for fan-out.", fanout::waiting);
 * }</pre>
 */
public final class Metrics {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Histogram requests;

  public Metrics(String version) {
    Info.builder()
        .name("troth_build_info")
        .help("The version that runs, always 1.")
        .labelNames("version", "java")
        .register(registry)
        .setLabelValues(version, Runtime.version().toString());
    requests =
        Histogram.builder()
            .name("troth_server_http_request_seconds")
            .help("Requests answered, by route; an event stream counts when it ends.")
            .labelNames("listener", "method", "route", "status")
            .classicOnly()
            .classicUpperBounds(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10)
            .register(registry);
    jvm();
  }

  /** Where rooms register theirs, named {@code troth_<room>_...}. */
  public PrometheusRegistry registry() {
    return registry;
  }

  /** Registers a number that is asked for at each scrape. */
  public void gauge(String name, String help, IntSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsInt()))
        .register(registry);
  }

  /** Registers a count since the start that is asked for at each scrape. */
  public void counter(String name, String help, LongSupplier value) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) value.getAsLong()))
        .register(registry);
  }

  /**
   * Counts an answered request.
   *
   * @param route the pattern that matched, never the path itself: the number of series is bounded
   */
  public void request(String listener, String method, String route, int status, double seconds) {
    requests.labelValues(listener, method, route, Integer.toString(status)).observe(seconds);
  }

  private void jvm() {
    gaugeOfBytes(
        "troth_jvm_heap_used_bytes",
        "Heap in use.",
        () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    gaugeOfBytes(
        "troth_jvm_heap_max_bytes",
        "The most that the heap may use.",
        () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax());
    gauge(
        "troth_jvm_platform_threads",
        "Live platform threads.",
        () -> ManagementFactory.getThreadMXBean().getThreadCount());
    GaugeWithCallback.builder()
        .name("troth_jvm_gc_seconds")
        .help("Time spent in garbage collection since the start.")
        .labelNames("collector")
        .callback(callback ->
            ManagementFactory.getGarbageCollectorMXBeans()
                .forEach(gc -> callback.call(gc.getCollectionTime() / 1e3, gc.getName())))
        .register(registry);
    GaugeWithCallback.builder()
        .name("troth_jvm_uptime_seconds")
        .help("Time since the start of the process.")
        .callback(callback -> callback.call(ManagementFactory.getRuntimeMXBean().getUptime() / 1e3))
        .register(registry);
  }

  private void gaugeOfBytes(String name, String help, LongSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) value.getAsLong()))
        .register(registry);
  }
}
