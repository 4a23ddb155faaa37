package dev.troth.slo.rules;

import dev.troth.slo.series.LabelSet;
import java.util.List;

/** What an expression comes to at an instant. */
sealed interface Result {
  record Scalar(double value) implements Result {}

  record Vector(List<Sample> samples) implements Result {
    static final Vector EMPTY = new Vector(List.of());

    public Vector {
      samples = List.copyOf(samples);
    }
  }

  record Sample(LabelSet labels, double value) {
    Sample withoutName(double other) {
      return new Sample(labels.withoutName(), other);
    }
  }

  /** Why Prometheus would fail an evaluation. */
  final class FailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
      super(message, null, false, false);
    }
  }
}
