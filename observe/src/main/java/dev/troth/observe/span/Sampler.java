package dev.troth.observe.span;

import java.util.Locale;

/**
 * Which traces are told of: by the trace id alone, so that all services decide alike, or as the
 * caller decided.
 *
 * @param ratio the share of traces, 0 to 1
 * @param followParent whether the caller's decision counts first
 */
public record Sampler(double ratio, boolean followParent) {
  public static final Sampler ALL = new Sampler(1, true);

  public Sampler {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("sampling probability is " + ratio + ", expected 0 to 1");
    }
  }

  /** By the names of {@code OTEL_TRACES_SAMPLER}, with its argument where it takes one. */
  public static Sampler named(String name, double argument) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "always_on" -> new Sampler(1, false);
      case "always_off" -> new Sampler(0, false);
      case "traceidratio" -> new Sampler(argument, false);
      case "parentbased_always_on" -> new Sampler(1, true);
      case "parentbased_always_off" -> new Sampler(0, true);
      case "parentbased_traceidratio" -> new Sampler(argument, true);
      default ->
          throw new IllegalArgumentException(
              "sampler is '"
                  + name
                  + "', expected always_on, always_off, traceidratio or one of these with"
                  + " parentbased_ before it");
    };
  }

  boolean samples(Operation operation) {
    if (followParent && operation.parentDecision().isPresent()) {
      return operation.parentDecision().get();
    }
    return ratio >= 1 || (operation.traceLow() >>> 1) < ratio * 0x1p63;
  }
}
