package dev.troth.observe.otlp;

import dev.troth.observe.log.LogLine;
import dev.troth.observe.log.LogSink;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Sends lines as OTLP logs by an {@link Outbox}. */
public final class LogExporter implements LogSink, AutoCloseable {
  private static final Outbox.Kind LINES =
      new Outbox.Kind(Signal.LOGS, "lines", "observe-lines", LogRequest::of);

  /** How many bytes of lines may wait: they are longer than spans. */
  private static final long MOST_BYTES = 2 << 20;

  private final Outbox outbox;
  private final ProtoWriter writer = new ProtoWriter();

  /**
   * @param log told once when the receiver goes away, once when lines are dropped for it and once
   *     when it is back
   */
  public LogExporter(Transport transport, int limit, RandomGenerator random, Consumer<String> log) {
    this.outbox =
        new Outbox(transport, LINES, new Outbox.Room(limit, MOST_BYTES), new Backoff(random), log);
  }

  public LogExporter start() {
    outbox.start();
    return this;
  }

  @Override
  public void accept(LogLine line) {
    outbox.offer(LogRequest.encode(writer, line));
  }

  /** How many lines were not sent, by service. */
  public Map<String, Long> dropped() {
    return outbox.dropped();
  }

  @Override
  public void close() {
    outbox.close();
  }
}
