package dev.troth.observe.span;

import java.util.ArrayList;
import java.util.List;

/**
 * Which series of which metric a span's duration is counted in.
 *
 * @param metric the name of the metric, such as {@code http.server.request.duration}
 * @param values what tells the series apart
 * @param open the name of the value that can grow without bound
 */
public record Labels(String metric, List<Attribute> values, String open) {
  /** What stands for the values beyond the bound. */
  public static final String OTHER = "other";

  public Labels {
    values = List.copyOf(values);
  }

  /** The same with {@link #OTHER} for the value that can grow. */
  public Labels withoutOpen() {
    List<Attribute> few = new ArrayList<>(values);
    few.replaceAll(value -> value.name().equals(open) ? Attribute.of(open, OTHER) : value);
    return new Labels(metric, few, open);
  }
}
