package dev.troth.observe.config;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where spans and metrics go.
 *
 * @param prometheusPort a loopback port that serves metrics as text
 * @param print whether spans are printed
 * @param oldNames whether values are told under their names before the conventions were stable, too
 */
public record Exports(
    Optional<Otlp> otlp, OptionalInt prometheusPort, boolean print, boolean oldNames) {
  public static final Exports NONE =
      new Exports(Optional.empty(), OptionalInt.empty(), false, false);
}
