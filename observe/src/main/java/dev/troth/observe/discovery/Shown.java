package dev.troth.observe.discovery;

/** Text that others chose, as a terminal may have it. */
public final class Shown {
  private static final char REPLACED = '\uFFFD';

  private Shown() {}

  /** The text without what steers a terminal, ends a line or turns the order of letters. */
  public static String text(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (steers(text.charAt(i))) {
        StringBuilder shown = new StringBuilder(text);
        for (int j = i; j < text.length(); j++) {
          if (steers(text.charAt(j))) {
            shown.setCharAt(j, REPLACED);
          }
        }
        return shown.toString();
      }
    }
    return text;
  }

  private static boolean steers(char c) {
    return Character.isISOControl(c)
        || (c >= '\u200B' && c <= '\u200F' && c != '\u200D')
        || (c >= '\u2028' && c <= '\u202E')
        || (c >= '\u2060' && c <= '\u206F');
  }
}
