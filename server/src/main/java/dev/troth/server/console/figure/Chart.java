package dev.troth.server.console.figure;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shapes of charts as SVG path data, in a box of 1000 × 100 with the origin at its upper left.
 * Points that are not known leave a gap: a line over them would say what nobody measured.
 */
public final class Chart {
  private static final double WIDTH = 1_000;
  private static final double HEIGHT = 100;

  private Chart() {}

  /**
   * Bars that stand on others.
   *
   * @param base where each bar begins, and what {@code values} is added to
   * @param peak the value of the box's full height
   */
  public static String bars(double[] base, List<Long> values, double peak) {
    StringBuilder path = new StringBuilder();
    double step = WIDTH / Math.max(1, values.size());
    for (int i = 0; i < values.size(); i++) {
      double value = values.get(i);
      if (value > 0) {
        double bottom = HEIGHT - base[i] / peak * HEIGHT;
        base[i] += value;
        double top = HEIGHT - base[i] / peak * HEIGHT;
        path.append(
            String.format(
                Locale.ROOT,
                "M%.1f %.2fV%.2fH%.1fV%.2fZ",
                i * step + step * 0.1,
                bottom,
                top,
                (i + 1) * step - step * 0.1,
                bottom));
      }
    }
    return path.toString();
  }

  /** A line through the known values. */
  public static String line(List<@Nullable Double> values, double low, double high) {
    StringBuilder path = new StringBuilder();
    boolean drawn = false;
    for (int i = 0; i < values.size(); i++) {
      Double value = values.get(i);
      if (value != null) {
        path.append(drawn ? 'L' : 'M').append(point(values, i, value, low, high));
      }
      drawn = value != null;
    }
    return path.toString();
  }

  /** The areas between the known values and the bottom. */
  public static String area(List<@Nullable Double> values, double low, double high) {
    StringBuilder path = new StringBuilder();
    int from = -1;
    for (int i = 0; i <= values.size(); i++) {
      boolean known = i < values.size() && values.get(i) != null;
      if (known && from < 0) {
        from = i;
      } else if (!known && from >= 0) {
        path.append(String.format(Locale.ROOT, "M%.1f 100", x(values, from)));
        for (int k = from; k < i; k++) {
          double value = Objects.requireNonNull(values.get(k));
          path.append('L').append(point(values, k, value, low, high));
        }
        path.append(String.format(Locale.ROOT, "L%.1f 100Z", x(values, i - 1)));
        from = -1;
      }
    }
    return path.toString();
  }

  /** The height at which a value is drawn. */
  public static double y(double value, double low, double high) {
    return HEIGHT - (Math.clamp(value, low, high) - low) / (high - low) * HEIGHT;
  }

  private static double x(List<@Nullable Double> values, int index) {
    return values.size() < 2 ? 0 : index * WIDTH / (values.size() - 1);
  }

  private static String point(
      List<@Nullable Double> values, int index, double value, double low, double high) {
    return String.format(Locale.ROOT, "%.1f %.2f", x(values, index), y(value, low, high));
  }
}
