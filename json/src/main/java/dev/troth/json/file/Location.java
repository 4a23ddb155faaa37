package dev.troth.json.file;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where something stands in a file, as far as that is known.
 *
 * @param file the file as the user named it, or the URI of a document; empty for the contract at
 *     hand
 * @param line from 1; 0 if not known
 * @param column in Unicode characters, from 1; 0 if not known
 * @param pointer the JSON Pointer to the value; empty for the root or if not known
 */
public record Location(String file, int line, int column, String pointer) {
  private static final Pattern FILE_LINE_COLUMN = Pattern.compile("(.+?):(\\d{1,9}):(\\d{1,9})");

  public Location {
    if (line < 0 || column < 0 || (line == 0) != (column == 0)) {
      throw new IllegalArgumentException(
          "line is %d and column is %d, expected both from 1, or both 0".formatted(line, column));
    }
  }

  /** A file as a whole. */
  public static Location file(String file) {
    return new Location(file, 0, 0, "");
  }

  /** A value of the contract at hand. */
  public static Location pointer(String pointer) {
    return new Location("", 0, 0, pointer);
  }

  /**
   * Reads {@code /pointer}, {@code document#/pointer}, {@code file:line:column} or {@code file}.
   */
  public static Location of(String place) {
    if (place.isEmpty() || place.startsWith("/")) {
      return pointer(place);
    }
    Matcher matcher = FILE_LINE_COLUMN.matcher(place);
    if (matcher.matches()) {
      return new Location(
          matcher.group(1),
          Integer.parseInt(matcher.group(2)),
          Integer.parseInt(matcher.group(3)),
          "");
    }
    int hash = place.indexOf('#');
    return hash < 0
        ? file(place)
        : new Location(place.substring(0, hash), 0, 0, place.substring(hash + 1));
  }

  /** {@code file:line:column} if known, else {@code file#pointer}. */
  @Override
  public String toString() {
    if (line > 0) {
      return file + ":" + line + ":" + column;
    }
    return file.isEmpty() || pointer.isEmpty() ? file + pointer : file + "#" + pointer;
  }
}
