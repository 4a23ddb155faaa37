package dev.troth.observe.agent;

import dev.troth.observe.log.LogSink;
import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.span.SpanSink;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where the agent's findings go.
 *
 * @param sinks given every span that is sampled
 * @param log told at once what a person should know
 * @param metrics counts every request, sampled or not
 * @param lines given every line that a target writes, if these are watched
 */
public record SpanOutputs(
    List<SpanSink> sinks, RequestMetrics metrics, Consumer<String> log, LogSink lines) {
  /** Without lines. */
  public SpanOutputs(List<SpanSink> sinks, RequestMetrics metrics, Consumer<String> log) {
    this(sinks, metrics, log, LogSink.NONE);
  }

  public SpanOutputs {
    sinks = List.copyOf(sinks);
  }
}
