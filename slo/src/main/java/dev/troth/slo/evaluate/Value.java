package dev.troth.slo.evaluate;

import java.util.List;

/** What an expression comes to. */
public sealed interface Value {
  /** A number; {@code NaN} if it is made from a series without data. */
  record Scalar(double number) implements Value {
    /** A number that is not finite counts as no value, and there is one zero. */
    public Scalar {
      number = Double.isFinite(number) ? number + 0.0 : Double.NaN;
    }
  }

  /** A time series over a {@link Grid}; a point may have no data. */
  final class Series implements Value {
    private final double[] points;

    private Series(double[] points) {
      this.points = points;
    }

    /**
     * Of these points; {@code NaN} is no data, a number that is not finite is dropped, and there is
     * one zero.
     */
    public static Series of(double... points) {
      double[] own = points.clone();
      for (int i = 0; i < own.length; i++) {
        own[i] = Double.isFinite(own[i]) ? own[i] + 0.0 : Double.NaN;
      }
      return new Series(own);
    }

    public int size() {
      return points.length;
    }

    public boolean has(int point) {
      return !Double.isNaN(points[point]);
    }

    /** The value of a point; {@code NaN} if it has none. */
    public double at(int point) {
      return points[point];
    }

    /** Whether any point has data. */
    boolean hasData() {
      for (double point : points) {
        if (!Double.isNaN(point)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("[");
      for (int i = 0; i < points.length; i++) {
        text.append(i == 0 ? "" : ", ").append(has(i) ? String.valueOf(points[i]) : "-");
      }
      return text.append(']').toString();
    }
  }

  /** Several time series. */
  record Many(List<Series> series) implements Value {
    public Many {
      series = List.copyOf(series);
    }
  }

  /**
   * What cannot be worked out from the data at hand. It is carried through every operation: it is
   * neither zero nor missing.
   */
  record Unknown(String reason) implements Value {}
}
