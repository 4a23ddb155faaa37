package dev.troth.watch.change;

import java.util.regex.Pattern;

/** Text from anywhere, made fit for one line: it cannot begin another, or turn what follows it. */
public final class PlainText {
  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Cc}\\p{Zs}\\p{Zl}\\p{Zp}]+");

  /** Marks that turn the direction of text, and others without a shape; joiners build letters. */
  private static final Pattern FORMATS = Pattern.compile("[\\p{Cf}&&[^\\u200C\\u200D]]+");

  private PlainText() {}

  /** In one line of at most so many characters. */
  public static String brief(String text, int longest) {
    // Far more than is shown is not looked at.
    String near = text.length() > 8 * longest ? text.substring(0, 8 * longest) : text;
    String line = SPACES.matcher(FORMATS.matcher(near).replaceAll("")).replaceAll(" ").strip();
    return cut(near.length() < text.length() ? line + "…" : line, longest);
  }

  /** At most so many characters, with no half of a character at its end. */
  public static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }
}
