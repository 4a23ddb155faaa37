package dev.troth.observe.config;

import dev.troth.observe.discovery.Selector;
import dev.troth.observe.span.CapturedHeaders;
import dev.troth.observe.span.Sampler;
import dev.troth.observe.span.SpanFilter;
import java.util.List;

/** All that the agent is told: whom to watch, what to tell of it, and where to. */
public record ObserveConfig(
    List<Selector> instrument,
    List<Selector> exclude,
    Routing routing,
    Sampler sampler,
    SpanFilter filter,
    CapturedHeaders headers,
    Exports exports,
    Limits limits) {

  public ObserveConfig {
    instrument = List.copyOf(instrument);
    exclude = List.copyOf(exclude);
  }

  /** The defaults, watching nobody yet. */
  public static ObserveConfig defaults() {
    return new ObserveConfig(
        List.of(),
        List.of(),
        Routing.DEFAULT,
        Sampler.ALL,
        SpanFilter.ALL,
        CapturedHeaders.NONE,
        Exports.NONE,
        Limits.DEFAULT);
  }

  public ObserveConfig withInstrument(List<Selector> selectors) {
    return new ObserveConfig(
        selectors, exclude, routing, sampler, filter, headers, exports, limits);
  }

  public ObserveConfig withSampler(Sampler newSampler) {
    return new ObserveConfig(
        instrument, exclude, routing, newSampler, filter, headers, exports, limits);
  }

  public ObserveConfig withExports(Exports newExports) {
    return new ObserveConfig(
        instrument, exclude, routing, sampler, filter, headers, newExports, limits);
  }

  public ObserveConfig withLimits(Limits newLimits) {
    return new ObserveConfig(
        instrument, exclude, routing, sampler, filter, headers, exports, newLimits);
  }
}
