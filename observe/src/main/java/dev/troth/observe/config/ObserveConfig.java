package dev.troth.observe.config;

import dev.troth.observe.capture.Hook;
import dev.troth.observe.discovery.Selector;
import dev.troth.observe.span.CapturedHeaders;
import dev.troth.observe.span.Sampler;
import dev.troth.observe.span.SpanFilter;
import java.util.List;
import java.util.Optional;

/**
 * All that the agent is told: whom to watch, what to tell of it, and where to.
 *
 * @param hook where to attach, or empty for the cheapest place that the kernel offers
 * @param propagates whether a trace context is written into requests that have none
 */
public record ObserveConfig(
    List<Selector> instrument,
    List<Selector> exclude,
    Routing routing,
    Sampler sampler,
    SpanFilter filter,
    CapturedHeaders headers,
    Exports exports,
    Limits limits,
    Optional<Hook> hook,
    boolean propagates) {

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
        Limits.DEFAULT,
        Optional.empty(),
        false);
  }

  public ObserveConfig withInstrument(List<Selector> selectors) {
    return new ObserveConfig(
        selectors, exclude, routing, sampler, filter, headers, exports, limits, hook, propagates);
  }

  public ObserveConfig withSampler(Sampler newSampler) {
    return new ObserveConfig(
        instrument,
        exclude,
        routing,
        newSampler,
        filter,
        headers,
        exports,
        limits,
        hook,
        propagates);
  }

  public ObserveConfig withExports(Exports newExports) {
    return new ObserveConfig(
        instrument,
        exclude,
        routing,
        sampler,
        filter,
        headers,
        newExports,
        limits,
        hook,
        propagates);
  }

  public ObserveConfig withLimits(Limits newLimits) {
    return new ObserveConfig(
        instrument,
        exclude,
        routing,
        sampler,
        filter,
        headers,
        exports,
        newLimits,
        hook,
        propagates);
  }

  public ObserveConfig withHook(Hook newHook) {
    return new ObserveConfig(
        instrument,
        exclude,
        routing,
        sampler,
        filter,
        headers,
        exports,
        limits,
        Optional.of(newHook),
        propagates);
  }

  public ObserveConfig withPropagation() {
    return new ObserveConfig(
        instrument, exclude, routing, sampler, filter, headers, exports, limits, hook, true);
  }
}
