package dev.troth.server.incident;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a page of incidents ends, since several may begin in one second: {@code
 * 1796051104000-orders-29934185}.
 *
 * @param openedAt of its last, in milliseconds
 * @param id of its last; empty for all that began before that
 */
public record Place(long openedAt, String id) {
  /** Before the newest. */
  public static final Place FIRST = new Place(Long.MAX_VALUE, "");

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})(?:-(\\S{1,400}))?");

  /** Reads the {@code next} of a page, or a time alone. */
  public static Place parse(String text) {
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      throw new IllegalArgumentException(
          "before is '%s', expected the next of a page of incidents".formatted(text));
    }
    String id = found.group(2);
    return new Place(Long.parseLong(found.group(1)), id == null ? "" : id);
  }

  static Place after(IncidentView last) {
    return new Place(last.openedAt().toEpochMilli(), last.id());
  }

  /** What had begun by an instant, from here on. */
  Place notAfter(long millis) {
    return openedAt > millis ? new Place(millis + 1, "") : this;
  }

  @Override
  public String toString() {
    return id.isEmpty() ? Long.toString(openedAt) : openedAt + "-" + id;
  }
}
