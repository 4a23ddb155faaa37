package dev.troth.watch.change;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A user's own wording of a message's title: words, places such as {@code {headline}}, and brackets
 * around what is left out with an empty place. There is no logic besides.
 *
 * <p>Places are {@code headline}, {@code name}, {@code subject}, {@code id}, {@code type}, {@code
 * what}, {@code actor}, {@code at}, {@code before.FIELD} and {@code after.FIELD}.
 *
 * @param text as it was written
 */
public record TitleTemplate(String text) {
  private static final int LONGEST = 300;
  private static final Pattern PLACE = Pattern.compile("\\{([^{}\\[\\]]*)}");
  private static final Pattern NAME =
      Pattern.compile(
          "headline|name|subject|id|type|what|actor|at|(before|after)\\.[A-Za-z0-9_.-]{1,100}");

  public TitleTemplate {
    if (text.isBlank()
        || text.length() > LONGEST
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "title is '%s', expected 1 to %d characters in one line".formatted(text, LONGEST));
    }
    var _ = HeadlineTemplate.parse(text);
    Matcher place = PLACE.matcher(text);
    while (place.find()) {
      if (!NAME.matcher(place.group(1)).matches()) {
        throw new IllegalArgumentException(
            "title has {%s}, expected headline, name, subject, id, type, what, actor, at, before.FIELD or after.FIELD"
                .formatted(place.group(1)));
      }
    }
  }

  /** The title of a change, its time as a user reads times; at most 300 characters in one line. */
  public String fill(Change change, ZoneId zone, Locale locale) {
    String filled = HeadlineTemplate.parse(text).fill(name -> value(change, name, zone, locale));
    String line = PlainText.cut(filled, LONGEST);
    return line.isBlank() ? Headline.of(change) : line;
  }

  private static String value(Change change, String name, ZoneId zone, Locale locale) {
    return switch (name) {
      case "headline" -> Headline.of(change);
      case "subject" -> PlainText.brief(change.subject().toString(), LONGEST);
      case "type" -> PlainText.brief(change.type(), LONGEST);
      case "at" ->
          PlainText.brief(
              DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                  .withLocale(locale)
                  .format(change.at().atZone(zone)),
              LONGEST);
      default -> Headline.value(change, name);
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
