package dev.troth.watch.source;

import dev.troth.watch.change.Fields;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document as the fields of a subject: members of objects inside others get dotted names, so
 * that a change names the very values that differ. Lists stay whole; a document that is no object
 * is the field {@code value}.
 */
public final class Flattened {
  private static final int MOST_FIELDS = 1_000;

  private Flattened() {}

  /**
   * The fields of a document.
   *
   * @param document strings, numbers, booleans, lists, maps and nulls
   * @throws IllegalArgumentException when it has more than 1,000
   */
  public static Fields of(@Nullable Object document) {
    SequencedMap<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (document instanceof Map<?, ?> map) {
      add(fields, "", map);
    } else {
      fields.put("value", document);
    }
    return new Fields(fields);
  }

  private static void add(
      SequencedMap<String, @Nullable Object> fields, String prefix, Map<?, ?> map) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String name = prefix + entry.getKey();
      if (entry.getValue() instanceof Map<?, ?> inner && !inner.isEmpty()) {
        add(fields, name + ".", inner);
      } else {
        fields.put(name, entry.getValue());
      }
      if (fields.size() > MOST_FIELDS) {
        throw new IllegalArgumentException(
            "the document has more than %d fields, expected a pointer to a part of it"
                .formatted(MOST_FIELDS));
      }
    }
  }
}
