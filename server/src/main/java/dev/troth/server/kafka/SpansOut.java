package dev.troth.server.kafka;

import dev.troth.server.config.KafkaSettings;
import dev.troth.server.counting.TraceMessage;
import dev.troth.server.ops.Lifecycle;
import dev.troth.server.telemetry.SpanCarrier;
import dev.troth.server.telemetry.SpanRecord;
import dev.troth.slo.chain.Span;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sends spans to the partition of their trace and waits until the brokers have them. What is sent
 * twice because a confirmation was lost, who joins it knows again.
 *
 * <p>While no broker answers, it says so at once for a while, so that what has no spans is not held
 * up. Used by one thread.
 */
public final class SpansOut implements Lifecycle, SpanCarrier {
  private static final Logger LOG = System.getLogger("troth.kafka");
  private static final long REST = Duration.ofSeconds(2).toNanos();

  private final KafkaSettings settings;
  private final String topic;
  private final AtomicLong tooLong = new AtomicLong();
  private volatile @Nullable KafkaProducer<byte[], byte[]> producer;
  private boolean failed;
  private long failedAt;

  public SpansOut(KafkaSettings settings) {
    this.settings = settings;
    this.topic = settings.out().orElseThrow();
  }

  @Override
  public String name() {
    return "spans to Kafka";
  }

  /** It begins with the first spans: a platform starts also while no broker can be found. */
  @Override
  public void start() {}

  @Override
  public void stop() {
    KafkaProducer<byte[], byte[]> open = producer;
    if (open != null) {
      open.close(Duration.ofSeconds(5));
    }
  }

  @Override
  public void carry(List<SpanRecord> spans, Instant received) {
    if (failed && System.nanoTime() - failedAt < REST) {
      throw new IllegalStateException("no broker of %s answers".formatted(settings.bootstrap()));
    }
    List<Span> plain = spans.stream().map(SpanRecord::span).toList();
    TraceMessage.Written written = TraceMessage.write(plain, received);
    if (written.tooLong() > 0) {
      tooLong.addAndGet(written.tooLong());
      LOG.log(
          Level.WARNING,
          "%d spans are longer than a message may be: they are not counted"
              .formatted(written.tooLong()));
    }
    try {
      KafkaProducer<byte[], byte[]> open = open();
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (TraceMessage.Bytes message : written.messages()) {
        sent.add(open.send(new ProducerRecord<>(topic, message.key(), message.value())));
      }
      for (Future<RecordMetadata> one : sent) {
        var _ = one.get();
      }
      failed = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the platform is stopping", e);
    } catch (ExecutionException e) {
      throw unconfirmed(e);
    } catch (RuntimeException e) {
      throw unconfirmed(e);
    }
  }

  private KafkaProducer<byte[], byte[]> open() {
    KafkaProducer<byte[], byte[]> known = producer;
    if (known == null) {
      known = Brokers.producer(settings, ClientSettings.spanProducer(settings));
      producer = known;
    }
    return known;
  }

  private IllegalStateException unconfirmed(Exception cause) {
    failed = true;
    failedAt = System.nanoTime();
    return new IllegalStateException(
        "the topic %s of %s did not take them: %s"
            .formatted(topic, settings.bootstrap(), ChangesIn.rootOf(cause)),
        cause);
  }

  /** Spans that no message holds, since the start. */
  public long tooLong() {
    return tooLong.get();
  }
}
