package dev.troth.observe.otlp;

import dev.troth.observe.span.Span;
import dev.troth.observe.span.SpanSink;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Sends spans by an {@link Outbox}. */
public final class SpanExporter implements SpanSink {
  private final Outbox outbox;

  /** Of the thread that hands spans over. */
  private final ProtoWriter writer = new ProtoWriter();

  /** Of the thread that sends: a batch is too large to be thrown away each time. */
  private final ProtoWriter messages = new ProtoWriter();

  /** What became of the spans. */
  public record Counters(long sent, long dropped, int waiting) {}

  /**
   * @param log told once when the receiver goes away, once when spans are dropped for it and once
   *     when it is back
   */
  public SpanExporter(
      Transport transport, int limit, RandomGenerator random, Consumer<String> log) {
    this(transport, limit, new Backoff(random), log);
  }

  SpanExporter(Transport transport, int limit, Backoff backoff, Consumer<String> log) {
    Outbox.Kind spans =
        new Outbox.Kind(
            Signal.TRACES, "spans", "observe-export", batch -> TraceRequest.of(messages, batch));
    this.outbox =
        new Outbox(transport, spans, new Outbox.Room(limit, Long.MAX_VALUE), backoff, log);
  }

  public SpanExporter start() {
    outbox.start();
    return this;
  }

  @Override
  public void accept(Span span) {
    outbox.offer(TraceRequest.encode(writer, span));
  }

  public Counters counters() {
    return outbox.counters();
  }

  /** How many spans were not sent, by service. */
  public Map<String, Long> dropped() {
    return outbox.dropped();
  }

  @Override
  public void close() {
    outbox.close();
  }
}
