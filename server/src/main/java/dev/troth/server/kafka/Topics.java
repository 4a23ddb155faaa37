package dev.troth.server.kafka;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.troth.server.change.SqliteChangeLog;
import dev.troth.server.config.KafkaSettings;
import dev.troth.server.db.Database;
import dev.troth.server.ops.Metrics;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How it goes with the topics that changes come from and go to. */
public final class Topics {
  private final KafkaSettings settings;
  private final Database database;
  private final MessageStore messages;
  private final Traffic traffic;

  Topics(KafkaSettings settings, Database database, MessageStore messages, Traffic traffic) {
    this.settings = settings;
    this.database = database;
    this.messages = messages;
    this.traffic = traffic;
  }

  /**
   * A partition that changes come from.
   *
   * @param next the place of the next message
   * @param lag the messages that wait; null if this platform does not read the partition now
   */
  public record PartitionView(
      String topic,
      int partition,
      long next,
      @Nullable Long lag,
      long taken,
      long repeated,
      long refused) {}

  /**
   * The topic that changes go to.
   *
   * @param sent the newest change that it has
   * @param waiting how many changes it does not have yet
   */
  public record OutView(String topic, long sent, long waiting) {}

  /**
   * Both ways.
   *
   * @param in every partition that something came from
   * @param obstacleIn what keeps messages from coming in; null if nothing does
   * @param out null if no topic gets the changes
   * @param obstacleOut what keeps changes from going out; null if nothing does
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TrafficView(
      List<PartitionView> in,
      @Nullable String obstacleIn,
      @Nullable OutView out,
      @Nullable String obstacleOut) {}

  /** Both ways, as they stand. */
  public TrafficView traffic() {
    return new TrafficView(
        partitions(),
        traffic.obstacleIn().orElse(null),
        out().orElse(null),
        traffic.obstacleOut().orElse(null));
  }

  /** Messages that became no change, before one of them, the newest first. */
  List<MessageStore.Refused> refused(long before, int limit) {
    return database.read(handle -> messages.refused(handle, before, limit));
  }

  private List<PartitionView> partitions() {
    Map<Traffic.Part, Long> lags = traffic.lags();
    return database.read(messages::partitions).stream()
        .map(partition ->
            new PartitionView(
                partition.topic(),
                partition.part(),
                partition.next(),
                lags.get(new Traffic.Part(partition.topic(), partition.part())),
                partition.counts().taken(),
                partition.counts().repeated(),
                partition.counts().refused()))
        .toList();
  }

  private Optional<OutView> out() {
    return settings
        .out()
        .map(topic ->
            database.read(handle -> {
              long head = SqliteChangeLog.head(handle);
              long sent = new PositionStore(topic).sent(handle).orElse(0);
              return new OutView(topic, sent, head - sent);
            }));
  }

  /** Registers what an operator watches over. */
  public void addTo(Metrics metrics) {
    GaugeWithCallback.builder()
        .name("troth_watch_kafka_in_lag")
        .help("Messages that wait in the partitions that this platform reads.")
        .labelNames("topic", "partition")
        .callback(callback ->
            traffic
                .lags()
                .forEach((part, lag) ->
                    callback.call((double) lag, part.topic(), Integer.toString(part.number()))))
        .register(metrics.registry());
    CounterWithCallback.builder()
        .name("troth_watch_kafka_messages_total")
        .help("Messages that came in, by what became of them.")
        .labelNames("outcome")
        .callback(callback -> {
          List<PartitionView> partitions = partitions();
          callback.call(partitions.stream().mapToDouble(PartitionView::taken).sum(), "taken");
          callback.call(partitions.stream().mapToDouble(PartitionView::repeated).sum(), "repeated");
          callback.call(partitions.stream().mapToDouble(PartitionView::refused).sum(), "refused");
        })
        .register(metrics.registry());
    GaugeWithCallback.builder()
        .name("troth_watch_kafka_out_waiting")
        .help("Changes that the topic of changes does not have yet.")
        .callback(callback -> out().ifPresent(out -> callback.call((double) out.waiting())))
        .register(metrics.registry());
  }
}
