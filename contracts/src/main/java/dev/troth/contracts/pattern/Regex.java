package dev.troth.contracts.pattern;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A regular expression. */
public final class Regex {
  private final String source;
  private final Pattern pattern;

  private Regex(String source, Pattern pattern) {
    this.source = source;
    this.pattern = pattern;
  }

  public static Regex of(String source) throws RegexException {
    try {
      return new Regex(source, Pattern.compile(source));
    } catch (PatternSyntaxException e) {
      throw new RegexException(source, e.getIndex(), e.getDescription());
    }
  }

  public String source() {
    return source;
  }

  public boolean find(String text) {
    return pattern.matcher(text).find();
  }
}
