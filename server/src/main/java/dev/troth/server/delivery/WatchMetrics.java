package dev.troth.server.delivery;

import dev.troth.server.db.Database;
import dev.troth.server.ops.Metrics;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.time.Clock;
import java.time.Duration;

/** What is being told, what waits and what failed, as Prometheus metrics. */
public final class WatchMetrics {
  private final Database database;
  private final DeliveryWorker worker;
  private final Clock clock;

  public WatchMetrics(Database database, DeliveryWorker worker, Clock clock) {
    this.database = database;
    this.worker = worker;
    this.clock = clock;
  }

  public void addTo(Metrics metrics) {
    metrics.gauge(
        "troth_watch_open_fanouts",
        "Changes that are still being told.",
        () -> database.read(SqliteFanOutStore::count));
    GaugeWithCallback.builder()
        .name("troth_watch_deliveries")
        .help("Notifications that wait for an attempt, and those given up.")
        .labelNames("state")
        .callback(callback -> {
          for (String state : new String[] {"pending", "dead"}) {
            long count = database.read(handle -> DeliveryStore.count(handle, state));
            callback.call((double) count, state);
          }
        })
        .register(metrics.registry());
    GaugeWithCallback.builder()
        .name("troth_watch_lag_seconds")
        .help("The age of the oldest change that is still being told; 0 if there is none.")
        .callback(callback ->
            callback.call(
                database
                        .read(SqliteFanOutStore::oldest)
                        .map(at -> Duration.between(at, clock.instant()).toMillis())
                        .orElse(0L)
                    / 1e3))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_watch_attempts_total")
        .help("Attempts at deliveries that wait, by what they came to.")
        .labelNames("outcome")
        .callback(callback ->
            worker.attempts().forEach((outcome, count) -> callback.call((double) count, outcome)))
        .register(metrics.registry());
  }
}
