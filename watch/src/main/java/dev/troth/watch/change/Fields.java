package dev.troth.watch.change;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a subject at one moment: JSON-shaped values by name.
 *
 * <pre>{@code Fields.of("price", 9, "name", "tea").at("price") // 9 }</pre>
 *
 * @param values strings, numbers, booleans, lists, maps and nulls, in their given order
 */
public record Fields(SequencedMap<String, @Nullable Object> values) {
  private static final Fields NONE = new Fields(new LinkedHashMap<>());

  public Fields {
    values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
  }

  /** No fields: before a creation, after a deletion. */
  public static Fields none() {
    return NONE;
  }

  public static Fields of(Map<String, ? extends @Nullable Object> values) {
    return new Fields(new LinkedHashMap<>(values));
  }

  /** Names and values by turns. */
  public static Fields of(String name, Object value, Object... more) {
    SequencedMap<String, @Nullable Object> values = new LinkedHashMap<>();
    values.put(name, value);
    for (int i = 0; i + 1 < more.length; i += 2) {
      values.put((String) more[i], more[i + 1]);
    }
    return new Fields(values);
  }

  /** The value at a name or a dotted path ({@code customer.city}); null when absent or null. */
  public @Nullable Object at(String path) {
    if (values.containsKey(path)) {
      return values.get(path);
    }
    Map<?, ?> level = values;
    int from = 0;
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', from)) {
      if (!(level.get(path.substring(from, dot)) instanceof Map<?, ?> inner)) {
        return null;
      }
      level = inner;
      from = dot + 1;
    }
    return level.get(path.substring(from));
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** The names whose values differ between the two moments. */
  public static SortedSet<String> changed(Fields before, Fields after) {
    SortedSet<String> names = new TreeSet<>(before.values.keySet());
    names.addAll(after.values.keySet());
    names.removeIf(name -> same(before.values.get(name), after.values.get(name)));
    return names;
  }

  /** Equality that takes 1 and 1.0 for the same number. */
  public static boolean same(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Number a && right instanceof Number b) {
      return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0;
    }
    return Objects.equals(left, right);
  }
}
