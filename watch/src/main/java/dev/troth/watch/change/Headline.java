package dev.troth.watch.change;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A change in one line for people: {@code Demo Record: value Initial Value → 9}. */
public final class Headline {
  private static final int MOST_FIELDS = 3;
  private static final int LONGEST_VALUE = 40;

  private Headline() {}

  public static String of(Change change) {
    String name = name(change);
    List<String> changed = List.copyOf(change.changed());
    if (change.before().isEmpty() || changed.isEmpty()) {
      return name + ": " + words(change.type());
    }
    List<String> shown =
        changed.stream()
            .limit(MOST_FIELDS)
            .map(field ->
                "%s %s → %s"
                    .formatted(
                        field,
                        brief(change.before().values().get(field)),
                        brief(change.after().values().get(field))))
            .toList();
    int more = changed.size() - shown.size();
    return name + ": " + String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "");
  }

  private static String name(Change change) {
    for (Fields fields : List.of(change.after(), change.before())) {
      for (String field : List.of("name", "title")) {
        if (fields.values().get(field) instanceof String text && !text.isBlank()) {
          return brief(text);
        }
      }
    }
    return change.subject().toString();
  }

  private static String words(String type) {
    return type.replace('.', ' ').replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  private static String brief(@Nullable Object value) {
    if (value == null) {
      return "none";
    }
    String text = String.valueOf(value).replaceAll("\\s+", " ");
    return text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE - 1) + "…" : text;
  }
}
