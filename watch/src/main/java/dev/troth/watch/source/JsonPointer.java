package dev.troth.watch.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON document (RFC 6901), such as {@code /data/0/price}.
 *
 * @param steps names of members and indices of elements, the outermost first; none is the whole
 */
public record JsonPointer(List<String> steps) {
  private static final int LONGEST = 512;

  public JsonPointer {
    steps = List.copyOf(steps);
  }

  /** The whole document. */
  public static JsonPointer whole() {
    return new JsonPointer(List.of());
  }

  public static JsonPointer parse(String text) {
    boolean escapes = text.matches("(?s)([^~]|~[01])*");
    if ((!text.isEmpty() && !text.startsWith("/")) || !escapes || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "pointer is '%s', expected one of RFC 6901 such as /data/0".formatted(text));
    }
    List<String> steps = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String step : text.substring(1).split("/", -1)) {
        steps.add(step.replace("~1", "/").replace("~0", "~"));
      }
    }
    return new JsonPointer(steps);
  }

  /** What stands there; null for what is absent. */
  public @Nullable Object in(@Nullable Object document) {
    Object level = document;
    for (String step : steps) {
      if (level instanceof Map<?, ?> map) {
        level = map.get(step);
      } else if (level instanceof List<?> list
          && step.matches("0|[1-9]\\d{0,8}")
          && Integer.parseInt(step) < list.size()) {
        level = list.get(Integer.parseInt(step));
      } else {
        return null;
      }
    }
    return level;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    steps.forEach(step -> text.append('/').append(step.replace("~", "~0").replace("/", "~1")));
    return text.toString();
  }
}
