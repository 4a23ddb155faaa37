package dev.troth.watch.row;

import dev.troth.watch.change.Fields;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Fields that fit a change. A value that is too long is its beginning, its length and a print of
 * all of it, so that two long values that differ still do.
 */
final class ShortFields {
  private static final int MOST = 24 * 1024;
  private static final int LEAST_SHARE = 48;

  private ShortFields() {}

  static Fields of(SequencedMap<String, @Nullable Object> values) {
    long length = 0;
    for (Object value : values.values()) {
      length += value == null ? 4 : value.toString().length();
    }
    if (length <= MOST) {
      return new Fields(values);
    }
    int share = Math.max(LEAST_SHARE, MOST / values.size());
    SequencedMap<String, @Nullable Object> cut = new LinkedHashMap<>();
    values.forEach((name, value) -> cut.put(name, cut(value, share)));
    return new Fields(cut);
  }

  private static @Nullable Object cut(@Nullable Object value, int share) {
    String text = value == null ? "" : value.toString();
    if (text.length() <= share) {
      return value;
    }
    int end = Character.isHighSurrogate(text.charAt(share - 1)) ? share - 1 : share;
    return "%s… (%d characters, SHA-256 %s)"
        .formatted(text.substring(0, end), text.length(), RowKey.print(text));
  }
}
