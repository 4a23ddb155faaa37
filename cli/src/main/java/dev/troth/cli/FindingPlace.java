package dev.troth.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A finding's place taken apart.
 *
 * @param file the file, or what stands for one
 * @param line from 1; 0 if not known
 * @param column from 1; 0 if not known
 */
record FindingPlace(String file, int line, int column) {
  private static final Pattern FILE_LINE_COLUMN = Pattern.compile("(.+?):(\\d{1,9}):(\\d{1,9})");

  static FindingPlace of(String place) {
    Matcher matcher = FILE_LINE_COLUMN.matcher(place);
    if (matcher.matches()) {
      return new FindingPlace(
          matcher.group(1), Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    }
    int pointer = place.indexOf('#');
    return new FindingPlace(pointer > 0 ? place.substring(0, pointer) : place, 0, 0);
  }
}
