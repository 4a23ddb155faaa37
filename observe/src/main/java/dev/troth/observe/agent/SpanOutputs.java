package dev.troth.observe.agent;

import dev.troth.observe.metrics.RequestMetrics;
import dev.troth.observe.span.SpanSink;
import java.util.List;

/**
 * Where the agent's findings go.
 *
 * @param sinks given every span that is sampled
 * @param metrics counts every request, sampled or not
 */
public record SpanOutputs(List<SpanSink> sinks, RequestMetrics metrics) {
  public SpanOutputs {
    sinks = List.copyOf(sinks);
  }
}
