package dev.troth.slo.series;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Labels of a series by name, the metric's own name among them. */
public final class LabelSet {
  /** The label that holds the metric's name. */
  public static final String NAME = "__name__";

  public static final LabelSet NONE = new LabelSet(new String[0]);

  /** Names and values in turn, in the order of names. */
  private final String[] pairs;

  private final int hash;

  private LabelSet(String[] pairs) {
    this.pairs = pairs;
    this.hash = Arrays.hashCode(pairs);
  }

  /** Labels of a map; those without a value are none. */
  public static LabelSet of(Map<String, String> labels) {
    String[] pairs = new String[2 * labels.size()];
    int length = 0;
    for (var label : new TreeMap<>(labels).entrySet()) {
      if (!label.getValue().isEmpty()) {
        pairs[length++] = label.getKey();
        pairs[length++] = label.getValue();
      }
    }
    return new LabelSet(Arrays.copyOf(pairs, length));
  }

  /** The value of a label; empty if there is none. */
  public String get(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        return pairs[i + 1];
      }
    }
    return "";
  }

  /** These labels alone. */
  public LabelSet keep(Collection<String> names) {
    return filtered(names::contains);
  }

  /** All but these labels. */
  public LabelSet without(Collection<String> names) {
    return filtered(name -> !names.contains(name));
  }

  /** All but the metric's name. */
  public LabelSet withoutName() {
    return get(NAME).isEmpty() ? this : without(Set.of(NAME));
  }

  private LabelSet filtered(Predicate<String> kept) {
    String[] left = new String[pairs.length];
    int length = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      if (kept.test(pairs[i])) {
        left[length++] = pairs[i];
        left[length++] = pairs[i + 1];
      }
    }
    return length == pairs.length ? this : new LabelSet(Arrays.copyOf(left, length));
  }

  /** The same with other values for these labels. */
  public LabelSet with(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return this;
    }
    Map<String, String> all = map();
    all.putAll(labels);
    return of(all);
  }

  /** By name. */
  public Map<String, String> map() {
    Map<String, String> map = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelSet labels && Arrays.equals(labels.pairs, pairs);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** As Prometheus writes a series. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pairs.length; i += 2) {
      if (!pairs[i].equals(NAME)) {
        text.append(text.isEmpty() ? "" : ",")
            .append(pairs[i])
            .append("=\"")
            .append(pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
            .append('"');
      }
    }
    return get(NAME) + (text.isEmpty() && !get(NAME).isEmpty() ? "" : "{" + text + "}");
  }
}
